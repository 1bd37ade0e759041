import type { Loaded } from './load.ts';
import { median } from './statistics.ts';
import type { Workerd } from './workerd.ts';

export interface Contestant {
  name: string;
  /** Preparation before a turn, which is not measured. */
  prepare?(): Promise<void>;
  /** One turn. */
  run(): Promise<Loaded>;
}

export interface Standing {
  name: string;
  /** Per round: requests per second, and milliseconds of processor time per request. */
  rounds: readonly { rate: number; cost: number }[];
  /** The medians of the rounds. */
  rate: number;
  cost: number;
}

export interface Ratio {
  /**
   * Requests for the same processor time as a multiple of the reference's in the same round: median, minimum and
   * maximum. On an otherwise idle machine this is the ratio of the requests per second.
   */
  ratio: number;
  spread: [least: number, most: number];
  /** The same for the requests per second, only the median. Other load on the machine distorts it. */
  rateRatio: number;
}

/** Compares one contestant with another of the same run. */
export function beside(reference: Standing, own: Standing): Ratio {
  const ratios = own.rounds.map(({ cost }, round) => (reference.rounds[round]?.cost ?? Number.NaN) / cost);
  const rates = own.rounds.map(({ rate }, round) => rate / (reference.rounds[round]?.rate ?? Number.NaN));
  return {
    ratio: median(ratios),
    spread: [Math.min(...ratios), Math.max(...ratios)],
    rateRatio: median(rates),
  };
}

/**
 * Gives every contestant a turn in every round, so that other load on the machine affects all alike. The first one
 * changes from round to round; a warm-up turn lets the code be optimized.
 */
export async function compare(
  workerd: Pick<Workerd, 'processorTime'>,
  contestants: readonly Contestant[],
  rounds: number,
): Promise<Standing[]> {
  const turns = contestants.map((): { rate: number; cost: number }[] => []);
  for (let round = -1; round < rounds; round += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const index = (round + 1 + turn) % contestants.length;
      const contestant = contestants[index];
      await contestant?.prepare?.();
      const before = workerd.processorTime();
      const loaded = await contestant?.run();
      if (loaded === undefined || round < 0) continue;
      turns[index]?.push({
        rate: (loaded.requests * 1_000) / loaded.milliseconds,
        cost: loaded.cost ?? (workerd.processorTime() - before) / loaded.requests,
      });
    }
  }
  return contestants.map(({ name }, index) => {
    const own = turns[index] ?? [];
    const [rate, cost] = [median(own.map((each) => each.rate)), median(own.map((each) => each.cost))];
    return { name, rounds: own, rate, cost };
  });
}
