import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Connection, makeFolder } from './connection.ts';

/**
 * The settled deliveries of an import, in a file until the import is complete. Each line is written before the next
 * delivery is sent, so that a killed process repeats only what was in flight.
 */
export class Journal {
  readonly path: string;
  /** Delivery id → the status in the response, from the interrupted run. */
  readonly settled = new Map<string, string>();
  #file: number | undefined;

  private constructor(path: string) {
    this.path = path;
    if (existsSync(path)) {
      // Skips an incomplete last line, which was being written when the process ended.
      for (const [, id = '', status = ''] of readFileSync(path, 'utf8').matchAll(/^(\S+) (\w+)\n/gm)) {
        this.settled.set(id, status);
      }
    }
  }

  /** The journal of an import of `source` into this site as this publisher. */
  static open({ site, publisher }: Connection, source: string): Journal {
    const key = createHash('sha256')
      .update(`${site}\n${publisher}\n${resolve(source)}`)
      .digest('hex')
      .slice(0, 16);
    return new Journal(join(makeFolder('imports'), `${key}.journal`));
  }

  add(deliveryId: string, status: string): void {
    this.#file ??= openSync(this.path, 'a', 0o600);
    writeSync(this.#file, `${deliveryId} ${status}\n`);
  }

  /** Deletes the journal once everything is settled: the next run sends everything again. */
  end(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    rmSync(this.path, { force: true });
  }
}
