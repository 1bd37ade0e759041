import type { Draft } from '../../src/domain/draft.ts';
import { element, label, picture } from '../svg.ts';

export interface Growth {
  shape: string;
  /** The body's format; `document` when its dialect read it. */
  format: NonNullable<Draft['body']>['format'] | 'document';
  /** Size in KiB, and processor time of the fastest run in milliseconds. */
  points: [size: number, milliseconds: number][];
  exponent: number;
}

const COLUMNS = 5;
const PANEL = { width: 190, height: 130 };
const PLOT = { left: 14, top: 24, width: 158, height: 70 };
const TOP = 72;
const COLOURS: Readonly<Record<Growth['format'], string>> = {
  html: '#0b6e4f',
  page: '#3867b7',
  text: '#b7791f',
  document: '#6b46c1',
};
const MISS = '#c62828';
/** Milliseconds at the bottom and the top of every panel. */
const RANGE = [0.1, 10_000] as const;

/** One small panel for each shape: time by size, both logarithmic, with a dashed line of linear growth. */
export function growthChart(growths: readonly Growth[], isMiss: (growth: Growth) => boolean): string {
  const shapes = [...Map.groupBy(growths, ({ shape }) => shape)];
  const rows = Math.ceil(shapes.length / COLUMNS);
  const panels = shapes.map(([shape, lines], index) => {
    const x = 12 + (index % COLUMNS) * PANEL.width;
    const y = TOP + Math.floor(index / COLUMNS) * PANEL.height;
    return element('g', { transform: `translate(${x} ${y})` }, panel(shape, lines, isMiss));
  });
  const size = { width: 24 + COLUMNS * PANEL.width, height: TOP + rows * PANEL.height + 8 };
  const subtitle =
    'Milliseconds of processor time (0.1 to 10,000) against size (64 KiB to 1 MiB), both logarithmic; dashed: linear. ' +
    'Beside each format the exponent fitted.';
  return picture(size, { title: 'Hostile shapes, normalized', subtitle }, panels);
}

function panel(shape: string, lines: readonly Growth[], isMiss: (growth: Growth) => boolean): string {
  const { left, top, width, height } = PLOT;
  const first = lines[0]?.points[0];
  const linear = first ? path([64, 1_024].map((size) => [size, (first[1] * size) / first[0]])) : '';
  return [
    label(left, 16, shape, { 'font-size': '11', fill: '#111' }),
    element('rect', { x: left, y: top, width, height, fill: '#f7f8f9' }),
    element('path', { d: linear, stroke: '#aaa', 'stroke-dasharray': '3 3' }),
    ...lines.flatMap((growth, index) => [
      element('path', {
        d: path(growth.points),
        fill: 'none',
        stroke: COLOURS[growth.format],
        'stroke-width': 1.6,
      }),
      label(left + index * 80, top + height + 15, `${growth.format} ${growth.exponent.toFixed(2)}`, {
        fill: isMiss(growth) ? MISS : COLOURS[growth.format],
        'font-size': '11',
        'font-weight': isMiss(growth) ? '700' : '400',
      }),
    ]),
  ].join('');
}

const path = (points: readonly (readonly number[])[]): string =>
  `M${points.map(([size = 64, milliseconds = 1]) => `${across(size)} ${up(milliseconds)}`).join('L')}`;

const across = (size: number): string => (PLOT.left + (Math.log2(size / 64) / 4) * PLOT.width).toFixed(1);

function up(milliseconds: number): string {
  const [low, high] = RANGE;
  const inside = Math.min(high, Math.max(low, milliseconds));
  return (PLOT.top + PLOT.height * (1 - Math.log10(inside / low) / Math.log10(high / low))).toFixed(1);
}

/** The same as a Markdown table: the time of each shape at its largest size, and its exponent. */
export function growthTable(growths: readonly Growth[], isMiss: (growth: Growth) => boolean): string {
  const lines = growths.map((growth) => {
    const [size = 0, milliseconds = 0] = growth.points.at(-1) ?? [];
    const mark = isMiss(growth) ? ' **missed**' : '';
    const time = `${milliseconds.toFixed(0)} ms at ${size} KiB`;
    return `| ${growth.shape} | ${growth.format} | ${time} | ${growth.exponent.toFixed(2)}${mark} |`;
  });
  return [
    '### Hostile shapes, normalized',
    '',
    'Processor time, and the exponent with which it grows with the size from 64 KiB on; aim: at most 1.2.',
    '',
    '| shape | format | | exponent |',
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}
