import { openArena, siteOfThisCheckout } from '../arena.ts';
import { each, load } from '../load.ts';
import { Newsroom } from '../newsroom.ts';
import { beside, type Contestant, compare, type Standing } from '../rounds.ts';
import { Workerd } from '../workerd.ts';
import { reader } from './reading.ts';
import type { Line, Row } from './row.ts';

/** Milliseconds between articles: two thousand a day, as at an agency. */
const STEP = 43_200;

/** Whether anything becomes slower as the archive grows: three sites in one workerd, memory off. */
export const growth: Row = {
  name: 'growth',
  quick: false,
  async run(_stage, { rounds, milliseconds, webhookRounds, webhooks, archives }) {
    const [least = 0, most = 0] = [archives[0], archives.at(-1)];
    const arena = await openArena(archives.map((size) => siteOfThisCheckout(String(size))));
    const workerd = Workerd.latest();
    try {
      const newsrooms = new Map<number, Newsroom>();
      const starts = new Map<number, number>();
      const seeded: Line = { name: 'seeding, until KV has it', points: [] };
      for (const size of archives) {
        const newsroom = await Newsroom.open(arena, String(size));
        const [began, spent] = [performance.now(), workerd.processorTime()];
        starts.set(size, await newsroom.seed(size, STEP));
        const took = (performance.now() - began) / 1_000;
        const cost = (workerd.processorTime() - spent) / size;
        console.log(
          `  ${size} articles seeded in ${took.toFixed(0)} s, ${cost.toFixed(2)} ms of processor time each`,
        );
        seeded.points = [...seeded.points, [size, cost]];
        newsrooms.set(size, newsroom);
      }

      const reading = (path: (size: number) => string) =>
        archives.map((size): Contestant => {
          const read = { path: path(size), headers: {}, status: 200 } as const;
          return reader(String(size), arena.url(String(size), 'cold'), read, milliseconds);
        });
      const middle = (size: number) =>
        `${Math.round((starts.get(size) ?? 0) + (size / 2) * STEP)}-zzzzzzzzzzzzzzzz`;
      const tasks: Record<string, Contestant[]> = {
        ingest: archives.map((size) => ({
          name: String(size),
          async prepare() {
            await newsrooms.get(size)?.settle();
          },
          async run() {
            const newsroom = newsrooms.get(size);
            const requests = Array.from(
              { length: webhooks },
              () => newsroom?.webhook().request ?? Buffer.alloc(0),
            );
            return load(arena.url(String(size), 'hot'), each(requests), 202);
          },
        })),
        'cold feed': reading(() => '/feeds/all.rss'),
        'deep page': reading((size) => `/feeds/all.rss?before=${middle(size)}`),
        '/changes': reading((size) => `/changes?after=${size / 2}&limit=100`),
      };
      const standings = new Map<string, Standing[]>();
      for (const [name, contestants] of Object.entries(tasks))
        standings.set(name, await compare(workerd, contestants, name === 'ingest' ? webhookRounds : rounds));
      return {
        title: 'As the archive grows',
        how: `Processor time at ${text(most)} articles as a multiple of that at ${text(least)}, in the same workerd, memory off.`,
        figures: [...standings].map(([name, all]) => {
          const [small, large] = [all[0], all.at(-1)];
          if (small === undefined || large === undefined) throw new Error('There are no contestants.');
          const { ratio, spread } = beside(large, small);
          return {
            name,
            value: ratio,
            unit: '×',
            spread,
            aim: { atMost: 1.3 },
            detail: `${small.cost.toFixed(2)} ms at ${text(least)}, ${large.cost.toFixed(2)} ms at ${text(most)}`,
          };
        }),
        plot: {
          x: 'articles in the Desk',
          y: 'milliseconds of processor time',
          lines: [
            ...[...standings].map(([name, all]) => ({
              name,
              points: all.map(({ cost }, index): [number, number] => [archives[index] ?? 0, cost]),
            })),
            seeded,
          ],
        },
      };
    } finally {
      await arena.close();
    }
  },
};

const text = (size: number): string => size.toLocaleString('en');
