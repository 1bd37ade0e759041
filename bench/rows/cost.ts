import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { heapMegabytes } from '../heap.ts';
import { wireRequest } from '../http.ts';
import { each, load, repeated } from '../load.ts';
import { median } from '../statistics.ts';
import { asNotModified, commonReads, type Read } from './reading.ts';
import type { Figure, Row } from './row.ts';
import type { Stage } from './stage.ts';

const STARTS = 15;

/** Turns of each read; the figure is their median. */
const TURNS = 3;
const EMPTY = "export default { fetch: () => new Response('ok') };";

export const OTHER_PATHS = {
  'feed, Atom': '/feeds/all.atom',
  'feed, ninjs': '/feeds/all.ninjs',
  'feed, RSS summaries': '/feeds/all.rss?content=summary',
  'section’s feed, RSS': '/feeds/sections/Section%201.rss',
  'filtered feed, RSS': '/feeds/all.rss?section=Section%201&language=hi',
  cards: '/articles',
  '/changes': '/changes?after=0',
  'news sitemap': '/news-sitemap.xml',
} as const;

/** Processor time per request, and the Worker's size, memory and start-up time. */
export const cost: Row = {
  name: 'cost',
  quick: true,
  async run(stage, { milliseconds, webhooks }) {
    const figures: Figure[] = [];
    const { newsroom, workerd } = stage;
    figures.push(...(await weight(stage)));
    const common = await commonReads(stage);
    const reads: Read[] = [
      ...common,
      ...(await Promise.all(common.map((read) => asNotModified(stage, read)))),
      ...Object.entries(OTHER_PATHS).map(([name, path]) => ({
        name,
        path,
        headers: {},
        status: 200 as const,
      })),
    ];
    const timeOf = async (work: () => Promise<number>) => {
      const before = workerd.processorTime();
      const requests = await work();
      return (workerd.processorTime() - before) / requests;
    };
    const reading = (url: URL, { path, headers, status }: Omit<Read, 'name'>) => {
      const request = wireRequest('GET', path, headers);
      const turn = () => load(url, repeated(request, milliseconds), status).then(({ requests }) => requests);
      return async () => {
        // The first turn compiles the code and fills the cache.
        await turn();
        const times: number[] = [];
        for (let round = 0; round < TURNS; round += 1) times.push(await timeOf(turn));
        return median(times);
      };
    };
    const floor = { path: '/not-modified', headers: {}, status: 304 } as const;
    figures.push(cpuFigure('empty answer of an empty Worker', await reading(stage.url('bench'), floor)()));
    for (const read of reads) {
      for (const [worker, suffix] of [
        ['hot', ''],
        ['cold', ', memory off'],
      ] as const) {
        figures.push(cpuFigure(read.name + suffix, await reading(stage.url(worker), read)()));
      }
    }
    const received = await timeOf(async () => {
      const requests = Array.from({ length: webhooks }, () => newsroom.webhook().request);
      await load(stage.url('hot'), each(requests), 202);
      await newsroom.settle();
      return webhooks;
    });
    figures.push(cpuFigure('webhook, until KV has it', received));
    figures.push({
      name: 'memory of an isolate that has served it all',
      value: await heapMegabytes(await stage.inspector('hot')),
      unit: 'MB',
      aim: { atMost: 128 },
      detail: 'garbage and the Desk among it',
    });
    return {
      title: 'What a request costs, and what the Worker weighs',
      how: 'User and system time of all of workerd, its KV among it, over requests; 200 articles, six languages.',
      figures,
    };
  },
};

const cpuFigure = (name: string, value: number): Figure => ({ name: `CPU: ${name}`, value, unit: 'ms' });

/** The bundle's size, and how much longer it takes to start than an empty Worker. */
async function weight({ arena, site, newsroom, url }: Stage): Promise<Figure[]> {
  const source = await readFile(arena.bundled(site));
  await newsroom.put('dateline.js', source.toString());
  await newsroom.put('empty.js', EMPTY);
  const times: Record<string, number[]> = { 'dateline.js': [], 'empty.js': [] };
  for (let round = 0; round <= STARTS; round += 1) {
    for (const [key, all] of Object.entries(times)) {
      const started = performance.now();
      const response = await fetch(new URL(`/start/${key}`, url('bench')));
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${key} answered ${response.status}`);
      // The first start of each reads the source from KV.
      if (round > 0) all.push(performance.now() - started);
    }
  }
  const [ours = [], empty = []] = Object.values(times);
  const longer = ours.map((time, round) => time - (empty[round] ?? 0));
  return [
    { name: 'bundle, gzip', value: gzipSync(source).length / 1_000, unit: 'kB', aim: { atMost: 500 } },
    {
      name: 'start-up',
      value: median(longer),
      unit: 'ms',
      spread: [Math.min(...longer), Math.max(...longer)],
      aim: { atMost: 100 },
      detail: `${median(ours).toFixed(0)} ms to the first answer, ${median(empty).toFixed(0)} ms for an empty Worker`,
    },
  ];
}
