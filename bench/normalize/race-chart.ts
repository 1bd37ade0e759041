import { element, label, picture } from '../svg.ts';
import { OURS, type Result } from './race.ts';

const WIDTH = 760;
const LEFT = 150;
const BAR = 15;
const ROW = 21;
const COLOURS = { ours: '#0b6e4f', peer: '#b9c4cc' };

/** Bars of the contestants' speeds, one group per article. */
export function raceChart(groups: readonly { title: string; results: readonly Result[] }[]): string {
  const most = Math.max(...groups.flatMap(({ results }) => results.map(({ fastest }) => fastest)));
  const scale = (WIDTH - LEFT - 150) / most;
  const content: string[] = [];
  let y = 86;
  for (const { title, results } of groups) {
    content.push(label(20, y, title, { 'font-weight': '600' }));
    y += 12;
    for (const { contestant, speed, slowest, fastest, ratio } of results) {
      const middle = y + BAR / 2;
      const colour = contestant.startsWith(OURS) ? COLOURS.ours : COLOURS.peer;
      content.push(
        label(LEFT - 8, middle + 4, contestant, { 'text-anchor': 'end' }),
        element('rect', { x: LEFT, y, width: Math.max(1, speed * scale), height: BAR, rx: 2, fill: colour }),
        element('path', {
          d: `M${(LEFT + slowest * scale).toFixed(1)} ${middle}H${(LEFT + fastest * scale).toFixed(1)}`,
          stroke: '#333',
        }),
        label(LEFT + fastest * scale + 8, middle + 4, `${speed.toFixed(1)} MB/s · ${ratio.toFixed(2)}×`),
      );
      y += ROW;
    }
    y += 26;
  }
  const subtitle =
    'Cleaning body HTML in one workerd: the median round, a line from the slowest to the fastest; × ours.';
  return picture(
    { width: WIDTH, height: y - 14 },
    { title: 'Our normalizer beside its peers', subtitle },
    content,
  );
}

/** The same as a Markdown table. */
export function raceTable(groups: readonly { title: string; results: readonly Result[] }[]): string {
  const lines = groups.flatMap(({ title, results }) =>
    results.map(({ contestant, speed, slowest, fastest, ratio }) => {
      const spread = `${slowest.toFixed(1)}–${fastest.toFixed(1)}`;
      return `| ${title} | ${contestant} | ${speed.toFixed(1)} (${spread}) | ${ratio.toFixed(2)} |`;
    }),
  );
  return [
    '### The normalizer beside its peers',
    '',
    'Megabytes of body HTML a second; speed as a multiple of ours.',
    '',
    '| | | MB/s | × ours |',
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}
