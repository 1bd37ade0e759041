import { compare } from '../rounds.ts';
import { commonReads, giveToFloors, json, type Read, reader } from './reading.ts';
import { type Row, ratioFigure } from './row.ts';
import type { Stage } from './stage.ts';

const AIMS: Readonly<Record<string, number>> = {
  'article, JSON': 0.8,
  'article, AMP page': 0.4,
  'feed, RSS': 0.9,
  'feed, JSON': 0.9,
};

const PAGE = 'article, AMP page';

/** The KV reads of an article's page without rendering: the minimum cost of such a page. */
async function pageReads(stage: Stage, reads: readonly Read[]): Promise<Omit<Read, 'name'>> {
  const path = reads.find(({ name }) => name === 'article, JSON')?.path ?? '';
  const article = await json<{ id: string; publisher: string; section: string }>(stage, path);
  const parts = [article.id, article.publisher, article.section].map(encodeURIComponent);
  return { path: `/page-reads/${parts.join('/')}`, headers: {}, status: 200 };
}

/** Memory off: each read, compared with a Worker that streams the same bytes from KV. */
export const kvFloor: Row = {
  name: 'kv-floor',
  quick: true,
  async run(stage, { rounds, milliseconds }) {
    const [cold, bench] = [stage.url('cold'), stage.url('bench')];
    const figures = [];
    const reads = await commonReads(stage);
    for (const read of reads) {
      const path = `/streamed/${await giveToFloors(stage, read)}`;
      const floor = reader('streamed', bench, { ...read, path }, milliseconds);
      const standings = await compare(
        stage.workerd,
        [floor, reader('ours', cold, read, milliseconds)],
        rounds,
      );
      const atLeast = AIMS[read.name];
      figures.push(ratioFigure(read.name, standings, atLeast === undefined ? undefined : { atLeast }));
      if (read.name !== PAGE) continue;
      const alone = reader('reads alone', bench, await pageReads(stage, reads), milliseconds);
      figures.push(
        ratioFigure(`${PAGE}: its two reads alone`, await compare(stage.workerd, [floor, alone], rounds)),
      );
    }
    return {
      title: 'From KV, beside one read of KV',
      how: 'Memory off. Requests for the same processor time, as a multiple of those of a Worker that streams the same bytes from KV.',
      figures,
    };
  },
};
