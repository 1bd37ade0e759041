import { SteadyClock } from '../access/steady-clock.ts';

/** A Worker may have six connections open at once; more requests would only wait. */
const MAX_CONCURRENT = 6;

/** The most requests to one server at once, and how many may go unanswered before the others are not tried. */
const MAX_PER_SERVER = 2;

/** A request to somebody else's server, and what it needs before. Never rejects. */
export interface Task {
  /** The host and port. */
  server: string;
  /**
   * @param onSend called when all that is left is to wait for the server
   * @returns whether the server responded in time
   */
  run(onSend: () => void): Promise<boolean>;
}

/** What was not done when `runTasks` ended. */
export interface Remainder<One extends Task> {
  /** Tasks that wait for their servers, which are late. */
  late: One[];
  /** Resolves when these have ended. */
  ended: Promise<unknown>;
  /** Tasks that did not start: all connections wait for servers that are late. */
  unstarted: One[];
  /** Tasks that did not start because their server does not respond. */
  unanswered: One[];
}

/**
 * Runs tasks, at most `MAX_CONCURRENT` at once and `MAX_PER_SERVER` for each server. Ends early when it can start no
 * other task and has only waited for servers for `patienceMs`, so that a few servers do not hold up the rest.
 */
export async function runTasks<One extends Task>(
  tasks: readonly One[],
  patienceMs: number,
): Promise<Remainder<One>> {
  let waiting = [...tasks];
  const running = new Map<One, { ended: Promise<void>; sentAt?: number }>();
  const misses = new Map<string, number>();
  const clock = new SteadyClock();
  let wake = () => {};

  const canStart = ({ server }: One) =>
    (misses.get(server) ?? 0) < MAX_PER_SERVER &&
    [...running.keys()].filter((task) => task.server === server).length < MAX_PER_SERVER;

  const start = (task: One) => {
    waiting = waiting.filter((other) => other !== task);
    const state: { ended: Promise<void>; sentAt?: number } = { ended: Promise.resolve() };
    running.set(task, state);
    const onSend = () => {
      state.sentAt = clock.now();
      wake();
    };
    state.ended = task.run(onSend).then((responded) => {
      running.delete(task);
      // A server that answers one request is not down, whatever happens to others.
      misses.set(task.server, responded ? Number.NEGATIVE_INFINITY : (misses.get(task.server) ?? 0) + 1);
      wake();
    });
  };

  for (;;) {
    for (
      let next = waiting.find(canStart);
      next && running.size < MAX_CONCURRENT;
      next = waiting.find(canStart)
    )
      start(next);
    const sent = [...running.values()].map(({ sentAt }) => sentAt ?? Number.POSITIVE_INFINITY);
    // The most recent request decides. A task that has not sent its request yet is work of this site.
    const patience = Math.max(...sent) + patienceMs - clock.now();
    if (running.size === 0 || patience <= 0) break;
    await new Promise<void>((resolve) => {
      const timer = patience === Number.POSITIVE_INFINITY ? null : setTimeout(resolve, patience);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  const unanswered = waiting.filter(({ server }) => (misses.get(server) ?? 0) >= MAX_PER_SERVER);
  return {
    late: [...running.keys()],
    ended: Promise.all([...running.values()].map(({ ended }) => ended)),
    unstarted: waiting.filter((task) => !unanswered.includes(task)),
    unanswered,
  };
}
