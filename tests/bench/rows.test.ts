import { describe, expect, test } from 'vitest';
import { beside, compare, type Standing } from '../../bench/rounds.ts';
import { outcomeChart } from '../../bench/rows/chart.ts';
import { type Figure, isMet, type Outcome, ratioFigure } from '../../bench/rows/row.ts';
import { outcomeTable } from '../../bench/rows/table.ts';
import { quantile } from '../../bench/statistics.ts';

describe('an aim', () => {
  const figure: Figure = { name: 'a', value: 0.85, unit: '×' };

  test('is met at its bound and missed beyond it, whichever side that is', () => {
    expect(isMet({ ...figure, aim: { atLeast: 0.85 } })).toBe(true);
    expect(isMet({ ...figure, aim: { atLeast: 0.86 } })).toBe(false);
    expect(isMet({ ...figure, aim: { atMost: 0.85 } })).toBe(true);
    expect(isMet({ ...figure, aim: { atMost: 0.84 } })).toBe(false);
  });

  test('is not met by a figure that nothing came of', () => {
    expect(isMet({ ...figure, value: Number.NaN, aim: { atMost: 2_000 } })).toBe(false);
  });
});

describe('rounds', () => {
  /** A processor whose time passes only while somebody runs, three times as slow in every other round. */
  function machine() {
    let spent = 0;
    let turns = 0;
    const order: string[] = [];
    const contestant = (name: string, milliseconds: number) => ({
      name,
      async run() {
        const strain = Math.floor(turns / 2) % 2 === 0 ? 1 : 3;
        turns += 1;
        order.push(name);
        spent += milliseconds * strain;
        return { requests: 10, milliseconds: milliseconds * strain, latencies: [1] };
      },
    });
    return { contestant, order, workerd: { processorTime: () => spent } };
  }

  test('compare within a round, so that a strained machine changes no ratio', async () => {
    const { contestant, workerd } = machine();
    const standings = await compare(workerd, [contestant('floor', 10), contestant('ours', 20)], 6);
    const [floor, ours] = standings as [Standing, Standing];
    expect(beside(floor, ours)).toEqual({ ratio: 0.5, spread: [0.5, 0.5], rateRatio: 0.5 });
    expect(beside(ours, floor)).toMatchObject({ ratio: 2 });
    expect(ratioFigure('a', standings)).toMatchObject({ value: 0.5, spread: [0.5, 0.5] });
  });

  test('begin with everyone in turn', async () => {
    const { contestant, order, workerd } = machine();
    await compare(workerd, [contestant('floor', 10), contestant('ours', 20)], 2);
    expect(order).toEqual(['floor', 'ours', 'ours', 'floor', 'floor', 'ours']);
  });
});

describe('what a row shows', () => {
  const outcome: Outcome = {
    title: 'A row',
    how: 'How to read it.',
    figures: [
      { name: 'article <JSON>', value: 0.5, unit: '×', spread: [0.4, 0.6], aim: { atLeast: 0.85 } },
      { name: 'start-up', value: 90, unit: 'ms', aim: { atMost: 100 }, detail: 'beside an empty Worker' },
    ],
    plot: {
      x: 'articles',
      y: 'ms',
      lines: [
        {
          name: 'ingest',
          points: [
            [1_000, 1],
            [100_000, 1.5],
          ],
        },
      ],
    },
  };

  test('in a table: every figure, its aim, and what was missed', () => {
    const lines = outcomeTable(outcome).split('\n');
    expect(lines).toContain('| article <JSON> | 0.500 × (0.400–0.600) | ≥ 0.85 × **missed** |  |');
    expect(lines).toContain('| start-up | 90.0 ms | ≤ 100 ms | beside an empty Worker |');
  });

  test('in a chart: what was missed in another colour, and the lines', () => {
    const svg = outcomeChart(outcome);
    expect(svg).toContain('article &lt;JSON&gt;');
    expect(svg.match(/<rect[^>]*fill="#c62828"/g)).toHaveLength(1);
    expect(svg).toContain('ingest: 1.5');
    expect(svg).not.toContain('NaN');
  });
});

test('a quantile is the least value that so many do not exceed', () => {
  const values = Array.from({ length: 100 }, (_each, index) => index + 1);
  expect([0, 0.5, 0.99, 1].map((part) => quantile(values, part))).toEqual([1, 50, 99, 100]);
  expect(quantile([], 0.5)).toBeNaN();
});
