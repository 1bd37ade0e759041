import { readFileSync } from 'node:fs';

/** Clock ticks a second in /proc (`getconf CLK_TCK`): 100 on every Linux there is today. */
const TICKS = 100;

/** The workerd that this process started. */
export class Workerd {
  readonly #pid: number;

  constructor() {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
    const found = children.filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'workerd');
    this.#pid = Number(found.at(-1));
    if (!(this.#pid > 0)) throw new Error('No workerd was started, or this is not Linux.');
  }

  /** Milliseconds of user and system time it has used since its start, in steps of 10. */
  processorTime(): number {
    const stat = readFileSync(`/proc/${this.#pid}/stat`, 'latin1');
    // proc_pid_stat(5): utime and stime are fields 14 and 15; the name before them may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS;
  }
}
