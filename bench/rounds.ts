import type { Loaded } from './load.ts';
import { median } from './statistics.ts';
import type { Workerd } from './workerd.ts';

export interface Contestant {
  name: string;
  /** What has to be done before a turn and is not part of it. */
  prepare?(): Promise<void>;
  /** One turn. */
  run(): Promise<Loaded>;
}

export interface Standing {
  name: string;
  /** Requests a second, the median round. */
  rate: number;
  /** Milliseconds of processor time for a request, the median round. */
  cost: number;
  /**
   * Requests for the same processor time as a multiple of those of the first contestant in the same round: the
   * median, the least and the most. On a machine of one's own this is the ratio of the requests a second.
   */
  ratio: number;
  spread: [least: number, most: number];
  /** The same of the requests a second, the median: what it is worth depends on who else uses the machine. */
  rateRatio: number;
}

/**
 * Lets everyone have a turn in every round, so that whatever else the machine does falls on all alike. Who begins
 * changes from round to round; a turn before the first lets the code be compiled for speed.
 */
export async function compare(
  workerd: Pick<Workerd, 'processorTime'>,
  contestants: readonly Contestant[],
  rounds: number,
): Promise<Standing[]> {
  const turns = contestants.map(() => ({ rates: [] as number[], costs: [] as number[] }));
  for (let round = -1; round < rounds; round += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const index = (round + 1 + turn) % contestants.length;
      const contestant = contestants[index];
      await contestant?.prepare?.();
      const before = workerd.processorTime();
      const loaded = await contestant?.run();
      if (loaded === undefined || round < 0) continue;
      turns[index]?.rates.push((loaded.requests * 1_000) / loaded.milliseconds);
      turns[index]?.costs.push(loaded.cost ?? (workerd.processorTime() - before) / loaded.requests);
    }
  }
  return contestants.map(({ name }, index) => {
    const { rates = [], costs = [] } = turns[index] ?? {};
    const ratios = costs.map((own, round) => (turns[0]?.costs[round] ?? Number.NaN) / own);
    return {
      name,
      rate: median(rates),
      cost: median(costs),
      ratio: median(ratios),
      spread: [Math.min(...ratios), Math.max(...ratios)],
      rateRatio: median(rates.map((own, round) => own / (turns[0]?.rates[round] ?? Number.NaN))),
    };
  });
}
