import { beside, type Standing } from '../rounds.ts';
import type { Stage } from './stage.ts';

/** How thoroughly to measure. */
export interface Scale {
  /** Many rounds of short turns, because the load on a shared machine changes within half a second. */
  rounds: number;
  /** The length of one contestant's turn. */
  milliseconds: number;
  /** Rounds in which a turn is a number of webhooks. */
  webhookRounds: number;
  webhooks: number;
  /** Articles in the Desks that the growth row compares, in ascending order. */
  archives: readonly number[];
  /** For how long the freshness row publishes. */
  freshnessSeconds: number;
}

export const QUICK: Scale = {
  rounds: 6,
  milliseconds: 50,
  webhookRounds: 3,
  webhooks: 24,
  archives: [1_000, 10_000],
  freshnessSeconds: 5,
};
export const FULL: Scale = {
  rounds: 31,
  milliseconds: 120,
  webhookRounds: 7,
  webhooks: 200,
  archives: [1_000, 10_000, 100_000],
  freshnessSeconds: 60,
};

/** One figure of a row. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The minimum and maximum of all rounds. */
  spread?: [least: number, most: number];
  aim?: { atLeast: number } | { atMost: number };
  /** The values it was computed from. */
  detail?: string;
}

export interface Line {
  name: string;
  points: (readonly [x: number, y: number])[];
}

/** The result of a row: figures, and lines if there is something to plot. */
export interface Outcome {
  title: string;
  /** How to read it, in one sentence. */
  how: string;
  figures: Figure[];
  plot?: { x: string; y: string; lines: Line[] };
}

export interface Row {
  name: string;
  /** Whether a quick run includes it. */
  quick: boolean;
  run(stage: Stage, scale: Scale): Promise<Outcome>;
}

/** Whether a figure meets its target; true without a target. */
export function isMet({ value, aim }: Figure): boolean {
  if (aim === undefined) return true;
  return 'atLeast' in aim ? value >= aim.atLeast : value <= aim.atMost;
}

export const aimText = ({ aim, unit }: Figure): string =>
  aim === undefined ? '' : 'atLeast' in aim ? `≥ ${aim.atLeast} ${unit}` : `≤ ${aim.atMost} ${unit}`;

/** The last contestant's rate as a multiple of the first one's. */
export function ratioFigure(
  name: string,
  standings: readonly (Standing | undefined)[],
  aim?: Figure['aim'],
): Figure {
  const [reference, ours] = [standings[0], standings.at(-1)];
  if (reference === undefined || ours === undefined) throw new Error('There are no contestants.');
  const { ratio, spread, rateRatio } = beside(reference, ours);
  return {
    name,
    value: ratio,
    unit: '×',
    spread,
    ...(aim && { aim }),
    detail: `${ours.cost.toFixed(2)} ms beside ${reference.cost.toFixed(2)}; by the clock ${Math.round(ours.rate)} beside ${Math.round(reference.rate)} a second, ${rateRatio.toFixed(2)} ×`,
  };
}
