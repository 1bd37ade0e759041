import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Connection, ownFolder } from './connection.ts';

/**
 * What an import has settled so far, kept in a file until it is through: a line for each delivery, written before
 * the next is sent, so that whatever ends the process costs no more than what was in flight.
 */
export class Journal {
  readonly path: string;
  /** Delivery's id → the status it was answered with, from the run that was interrupted. */
  readonly settled = new Map<string, string>();
  #file: number | undefined;

  private constructor(path: string) {
    this.path = path;
    if (existsSync(path)) {
      // A line without its end was being written when the power went.
      for (const [, id = '', status = ''] of readFileSync(path, 'utf8').matchAll(/^(\S+) (\w+)\n/gm)) {
        this.settled.set(id, status);
      }
    }
  }

  /** The journal of importing `source` as this publisher into this site. */
  static open({ site, publisher }: Connection, source: string): Journal {
    const key = createHash('sha256')
      .update(`${site}\n${publisher}\n${resolve(source)}`)
      .digest('hex')
      .slice(0, 16);
    return new Journal(join(ownFolder('imports'), `${key}.journal`));
  }

  add(deliveryId: string, status: string): void {
    this.#file ??= openSync(this.path, 'a', 0o600);
    writeSync(this.#file, `${deliveryId} ${status}\n`);
  }

  /** All is settled: the next run asks the site anew. */
  end(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    rmSync(this.path, { force: true });
  }
}
