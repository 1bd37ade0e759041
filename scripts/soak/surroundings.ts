import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** Size of the soak's disk. */
const DISK_BYTES = 512 * 1_048_576;

/**
 * The clock that the site's processes see. A library that is preloaded into them adds an offset to the time of day, which
 * may change while they run. It is compiled by `cc`; without a compiler, or elsewhere than on Linux, there are no steps.
 */
export class Clock {
  static readonly NEEDS = 'they need Linux and a C compiler (cc)';
  /** The variables of the site's processes; undefined where no clock can be stepped. */
  readonly env: Record<string, string> | undefined;
  readonly #file: string;
  #offset = 0;
  #before = 0;

  constructor(folder: string) {
    this.#file = join(folder, 'clock');
    const library = join(folder, 'clock.so');
    this.#write();
    const source = join(import.meta.dirname, 'clock.c');
    const compiled = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source]).status === 0;
    if (process.platform === 'linux' && compiled) this.env = { SOAK_CLOCK: this.#file, LD_PRELOAD: library };
  }

  /** The seconds that the site may be ahead of this process. A running isolate may keep the time before a step. */
  get offsets(): readonly number[] {
    return this.#offset === this.#before ? [this.#offset] : [this.#offset, this.#before];
  }

  /** The site's time, in milliseconds since the epoch. */
  get now(): number {
    return Date.now() + this.#offset * 1_000;
  }

  /** Steps the clock to `seconds` ahead of the true time; negative behind it. */
  step(seconds: number): void {
    this.#before = this.#offset;
    this.#offset = seconds;
    this.#write();
  }

  /** Called when all processes have started anew. */
  forget(): void {
    this.#before = this.#offset;
  }

  #write(): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(this.#offset));
    try {
      // In place: the processes have mapped the file.
      writeFileSync(this.#file, bytes, { flag: 'r+' });
    } catch {
      writeFileSync(this.#file, bytes);
    }
  }
}

/** A disk of the site's own, which can be filled. Mounting one needs root, or a user namespace (`unshare -rm`). */
export class Disk {
  static readonly NEEDS = 'mounting one needs Linux and root, or `unshare -rm npm run soak`';
  readonly #folder: string;
  readonly isMounted: boolean;
  isFull = false;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    const options = ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`];
    this.isMounted = spawnSync('mount', [...options, 'dateline-soak', folder]).status === 0;
    process.once('exit', this.#unmount);
  }

  /** Writes until nothing more fits. */
  async fill(): Promise<void> {
    this.isFull = true;
    const file = await open(join(this.#folder, 'filler'), 'w');
    try {
      for (let size = 1_048_576; size >= 512; ) {
        try {
          await file.write(Buffer.alloc(size));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          size /= 2;
        }
      }
    } finally {
      await file.close();
    }
  }

  empty(): void {
    rmSync(join(this.#folder, 'filler'), { force: true });
    this.isFull = false;
  }

  end(): void {
    process.off('exit', this.#unmount);
    this.#unmount();
  }

  readonly #unmount = (): void => {
    if (this.isMounted) spawnSync('umount', ['-l', this.#folder]);
  };
}
