import { beside, type Standing } from '../rounds.ts';
import type { Stage } from './stage.ts';

/** How thoroughly to measure. */
export interface Scale {
  /** Many rounds of short turns: a machine that others use is rarely twice the same for half a second. */
  rounds: number;
  /** Of one turn of one contestant. */
  milliseconds: number;
  /** Rounds whose turns are so many webhooks. */
  webhookRounds: number;
  webhooks: number;
  /** Articles in the Desks that the growth row compares, the smallest first. */
  archives: readonly number[];
  /** How long the freshness row publishes. */
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

/** One figure that a row comes to. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The least and the most of all rounds. */
  spread?: [least: number, most: number];
  aim?: { atLeast: number } | { atMost: number };
  /** What it was made of. */
  detail?: string;
}

export interface Line {
  name: string;
  points: (readonly [x: number, y: number])[];
}

/** What a row shows: figures, and lines where there is something to plot against. */
export interface Outcome {
  title: string;
  /** How to read it, in one sentence. */
  how: string;
  figures: Figure[];
  plot?: { x: string; y: string; lines: Line[] };
}

export interface Row {
  name: string;
  /** Whether it is part of a quick run. */
  quick: boolean;
  run(stage: Stage, scale: Scale): Promise<Outcome>;
}

/** Whether a figure keeps its aim; one without an aim does. */
export function isMet({ value, aim }: Figure): boolean {
  if (aim === undefined) return true;
  return 'atLeast' in aim ? value >= aim.atLeast : value <= aim.atMost;
}

export const aimText = ({ aim, unit }: Figure): string =>
  aim === undefined ? '' : 'atLeast' in aim ? `≥ ${aim.atLeast} ${unit}` : `≤ ${aim.atMost} ${unit}`;

/** A contestant's rate as a multiple of the first one's. */
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
