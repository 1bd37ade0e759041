import { readdirSync, readFileSync } from 'node:fs';

/** A workerd that this process started. Only on Linux, which reports the processor time of a process. */
export class Workerd {
  readonly #tasks: string;

  private constructor(pid: string) {
    this.#tasks = `/proc/${pid}/task`;
  }

  /** The one started last. */
  static latest(): Workerd {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
    const pid = children.findLast((each) => readFileSync(`/proc/${each}/comm`, 'utf8').trim() === 'workerd');
    if (pid === undefined) throw new Error('No workerd is running.');
    return new Workerd(pid);
  }

  /** The processor time of its threads in milliseconds, user and system. */
  processorTime(): number {
    const nanoseconds = readdirSync(this.#tasks).map((task) => {
      // The kernel's sched-stats.rst: the first field of schedstat is the time spent on the processor.
      return Number(readFileSync(`${this.#tasks}/${task}/schedstat`, 'latin1').split(' ', 1)[0]);
    });
    return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
  }
}
