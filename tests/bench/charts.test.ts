import { describe, expect, test } from 'vitest';
import { growthChart } from '../../bench/normalize/growth-chart.ts';
import { raceChart } from '../../bench/normalize/race-chart.ts';

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((match) => match[1]);

describe('the charts', () => {
  test('of a race: every contestant with its speed and ratio, bars as long as they are fast', () => {
    const spread = { slowest: 5, fastest: 20 };
    const svg = raceChart([
      {
        title: 'small, 4 kB',
        results: [
          { contestant: 'dateline', speed: 10, ratio: 1, ...spread },
          { contestant: 'defuddle', speed: 5, ratio: 0.5, ...spread },
        ],
      },
    ]);
    expect(texts(svg)).toEqual(
      expect.arrayContaining([
        'small, 4 kB',
        'dateline',
        '10.0 MB/s · 1.00×',
        'defuddle',
        '5.0 MB/s · 0.50×',
      ]),
    );
    const bars = [...svg.matchAll(/width="([\d.]+)" height="15"/g)].map((match) => Number(match[1]));
    expect((bars[0] ?? 0) / (bars[1] ?? 1)).toBeCloseTo(2, 1);
  });

  test('of growth: a panel for each shape, its formats with their exponents, a miss set apart', () => {
    const points: [number, number][] = [
      [64, 1],
      [1_024, 256],
    ];
    const svg = growthChart(
      [
        {
          shape: 'a < b',
          format: 'html',
          points: [
            [64, 1],
            [1_024, 16],
          ],
          exponent: 1,
        },
        { shape: 'a < b', format: 'page', points, exponent: 2 },
      ],
      ({ exponent }) => exponent > 1.2,
    );
    expect(texts(svg)).toEqual(expect.arrayContaining(['a &lt; b', 'html 1.00', 'page 2.00']));
    expect(svg.match(/font-weight="700"[^>]*>page 2\.00/)).not.toBeNull();
    expect(svg.match(/font-weight="700"[^>]*>html/)).toBeNull();
  });
});
