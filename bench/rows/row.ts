/** How thoroughly to measure. */
export interface Scale {
  rounds: number;
  /** Of one turn of one contestant. */
  milliseconds: number;
  /** Webhooks of one turn. */
  webhooks: number;
  /** How long the freshness row publishes. */
  freshnessSeconds: number;
}

export const QUICK: Scale = { rounds: 5, milliseconds: 150, webhooks: 100, freshnessSeconds: 8 };
export const FULL: Scale = { rounds: 9, milliseconds: 700, webhooks: 400, freshnessSeconds: 60 };

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
  run(scale: Scale): Promise<Outcome>;
}

/** Whether a figure keeps its aim; one without an aim does. */
export function isMet({ value, aim }: Figure): boolean {
  if (aim === undefined) return true;
  return 'atLeast' in aim ? value >= aim.atLeast : value <= aim.atMost;
}

export const aimText = ({ aim, unit }: Figure): string =>
  aim === undefined ? '' : 'atLeast' in aim ? `≥ ${aim.atLeast} ${unit}` : `≤ ${aim.atMost} ${unit}`;
