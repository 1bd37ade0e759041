import { median } from '../statistics.ts';
import type { BenchArticle } from './articles.ts';
import type { ContestantName } from './contestants.ts';
import type { Arena } from './workerd.ts';

/** The contestant that the others' speeds are compared with. */
export const OURS: ContestantName = 'dateline';

export const ROUNDS = 25;

/** A measurement takes at least this many milliseconds, so that the request's own time is negligible. */
const LONG_ENOUGH = 100;

export interface Result {
  contestant: ContestantName;
  /** Megabytes (10⁶ bytes of UTF-8) per second: the median, slowest and fastest round. */
  speed: number;
  slowest: number;
  fastest: number;
  /** Its speed as a multiple of Dateline's: the median of the rounds. */
  ratio: number;
}

/**
 * Lets all contestants clean one article in rounds with a turn each, so that other load on the machine affects all
 * alike. The first one changes from round to round.
 */
export async function race(
  arena: Arena,
  names: readonly ContestantName[],
  { html, bytes }: BenchArticle,
): Promise<Result[]> {
  const iterations = new Map<ContestantName, number>();
  for (const name of names) iterations.set(name, await warmUp(arena, name, html));

  const speeds = new Map<ContestantName, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length] ?? OURS;
      const times = iterations.get(name) ?? 1;
      const milliseconds = await arena.time(name, html, times);
      speeds.get(name)?.push((bytes * times) / milliseconds / 1_000);
    }
  }
  const ours = speeds.get(OURS) ?? [];
  return names.map((contestant) => {
    const all = speeds.get(contestant) ?? [];
    return {
      contestant,
      speed: median(all),
      slowest: Math.min(...all),
      fastest: Math.max(...all),
      ratio: median(all.map((speed, round) => speed / (ours[round] ?? Number.NaN))),
    };
  });
}

/** Runs until the code is optimized. @returns how many iterations take long enough to be measured */
async function warmUp(arena: Arena, name: ContestantName, html: string): Promise<number> {
  let iterations = 1;
  for (;;) {
    const milliseconds = await arena.time(name, html, iterations);
    if (milliseconds >= LONG_ENOUGH) break;
    iterations = Math.ceil(iterations * Math.min(4, (LONG_ENOUGH * 1.2) / milliseconds));
  }
  return iterations;
}
