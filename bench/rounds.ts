import type { Loaded } from './load.ts';
import { median } from './statistics.ts';

export interface Contestant {
  name: string;
  /** One turn. */
  run(): Promise<Loaded>;
}

export interface Standing {
  name: string;
  /** Requests a second, the median round. */
  rate: number;
  /** Milliseconds of the middle request, the median round. */
  latency: number;
  /** Its rate as a multiple of the first contestant's in the same round: the median, the least and the most. */
  ratio: number;
  spread: [least: number, most: number];
}

/**
 * Lets everyone have a turn in every round, so that whatever else the machine does falls on all alike. Who begins
 * changes from round to round; a turn before the first lets the code be compiled for speed.
 */
export async function compare(contestants: readonly Contestant[], rounds: number): Promise<Standing[]> {
  for (const contestant of contestants) await contestant.run();
  const turns = contestants.map((): Loaded[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const index = (round + turn) % contestants.length;
      const loaded = await contestants[index]?.run();
      if (loaded) turns[index]?.push(loaded);
    }
  }
  const rates = turns.map((all) => all.map(({ requests, milliseconds }) => (requests * 1_000) / milliseconds));
  return contestants.map(({ name }, index) => {
    const own = rates[index] ?? [];
    const ratios = own.map((rate, round) => rate / (rates[0]?.[round] ?? Number.NaN));
    return {
      name,
      rate: median(own),
      latency: median((turns[index] ?? []).map(({ latencies }) => median(latencies))),
      ratio: median(ratios),
      spread: [Math.min(...ratios), Math.max(...ratios)],
    };
  });
}
