import { element, label, picture } from '../svg.ts';
import { aimText, type Figure, isMet, type Line, type Outcome } from './row.ts';

const WIDTH = 820;
const LEFT = 270;
const ROOM = 330;
const BAR = 14;
const ROW = 21;
const TOP = 70;
const OURS = '#0b6e4f';
const MISS = '#c62828';
const COLOURS = [OURS, '#3867b7', '#b7791f', '#7b3f98', '#52606d'];
const PLOT = { width: 600, height: 240 };

/** A bar for each figure, with one scale per unit, and the row's plot below if it has one. */
export function outcomeChart({ title, how, figures, plot }: Outcome): string {
  const most = new Map<string, number>();
  for (const { unit, value, spread } of figures) {
    most.set(unit, Math.max(most.get(unit) ?? 0, value || 0, spread?.[1] ?? 0));
  }
  const bars = figures.flatMap((figure, index) => bar(figure, TOP + index * ROW, most.get(figure.unit) || 1));
  const below = TOP + figures.length * ROW + 20;
  const lines = plot === undefined ? [] : linePlot(plot, below);
  const height = below + (plot === undefined ? 0 : PLOT.height + 60);
  return picture({ width: WIDTH, height }, { title, subtitle: how }, [...bars, ...lines]);
}

function bar(figure: Figure, y: number, most: number): string[] {
  const { name, value, unit, spread } = figure;
  const scale = ROOM / most;
  const middle = y + BAR / 2;
  const colour = isMet(figure) ? OURS : MISS;
  const end = LEFT + Math.max(value || 0, spread?.[1] ?? 0) * scale;
  const mark = figure.aim && Object.values(figure.aim)[0];
  const marked = mark !== undefined && mark <= most ? LEFT + mark * scale : undefined;
  return [
    label(LEFT - 8, middle + 4, name, { 'text-anchor': 'end' }),
    element('rect', {
      x: LEFT,
      y,
      width: Math.max(1, (value || 0) * scale),
      height: BAR,
      rx: 2,
      fill: colour,
    }),
    ...(spread
      ? [
          element('path', {
            d: `M${LEFT + spread[0] * scale} ${middle}H${LEFT + spread[1] * scale}`,
            stroke: '#333',
          }),
        ]
      : []),
    ...(marked === undefined
      ? []
      : [
          element('path', {
            d: `M${marked} ${y - 2}V${y + BAR + 2}`,
            stroke: '#111',
            'stroke-dasharray': '2 2',
          }),
        ]),
    label(end + 8, middle + 4, `${value.toFixed(2)} ${unit}${figure.aim ? ` (aim ${aimText(figure)})` : ''}`),
  ];
}

/** Lines. The axes are logarithmic when the x values span decades, else linear. */
function linePlot({ x, y, lines }: { x: string; y: string; lines: readonly Line[] }, top: number): string[] {
  const points = lines.flatMap((line) => line.points);
  const across = axis(points.map(([value]) => value));
  const up = axis(points.map(([, value]) => value));
  const place = ([px, py]: readonly [number, number]) =>
    `${(LEFT - 60 + across(px) * PLOT.width).toFixed(1)} ${(top + PLOT.height * (1 - up(py))).toFixed(1)}`;
  return [
    element('rect', { x: LEFT - 60, y: top, width: PLOT.width, height: PLOT.height, fill: '#f7f8f9' }),
    label(LEFT - 60 + PLOT.width / 2, top + PLOT.height + 34, x, { 'text-anchor': 'middle' }),
    label(LEFT - 60, top - 6, y),
    ...[...new Set(points.map(([value]) => value))].map((value) =>
      label(LEFT - 60 + across(value) * PLOT.width, top + PLOT.height + 16, value.toLocaleString('en'), {
        'text-anchor': 'middle',
        'font-size': '10',
      }),
    ),
    ...lines.flatMap(({ name, points: own }, index) => {
      const colour = COLOURS[index % COLOURS.length] ?? OURS;
      const last = own.at(-1)?.[1] ?? 0;
      return [
        element('path', {
          d: `M${own.map(place).join('L')}`,
          fill: 'none',
          stroke: colour,
          'stroke-width': 2,
        }),
        label(20, top + 14 + index * 18, `${name}: ${last.toFixed(1)}`, { fill: colour }),
      ];
    }),
  ];
}

/** Maps values to 0–1. */
function axis(values: readonly number[]): (value: number) => number {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (least > 0 && most / least >= 20) {
    return (value) => Math.log(value / least) / Math.log(most / least);
  }
  return (value) => (value - Math.min(0, least)) / (most - Math.min(0, least) || 1);
}
