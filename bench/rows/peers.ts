import { beside, compare } from '../rounds.ts';
import { PEERS, type Post } from '../worker/messages.ts';
import { json, reader } from './reading.ts';
import { type Row, ratioFigure } from './row.ts';

interface Item {
  id: string;
  url: string;
  title: string;
  summary?: string;
  content_html: string;
  date_published: string;
  authors?: { name: string }[];
  tags?: string[];
}

/** The same 50 articles as RSS, built the usual way: list the keys, get each, render. */
export const peers: Row = {
  name: 'peers',
  quick: true,
  async run(stage, { rounds, milliseconds }) {
    const { items } = await json<{ items: Item[] }>(stage, '/feeds/all.json');
    await Promise.all(
      items.map((item) => stage.newsroom.put(`post:${item.id.slice(-16)}`, JSON.stringify(toPost(item)))),
    );
    const bench = stage.url('bench');
    const ours = { path: '/feeds/all.rss', headers: {}, status: 200 } as const;
    const standings = await compare(
      stage.workerd,
      [
        ...PEERS.map((name) => {
          const path = `/peer/${encodeURIComponent(name)}`;
          return reader(name, bench, { ...ours, path }, milliseconds * 2);
        }),
        reader('ours, memory off', stage.url('cold'), ours, milliseconds * 2),
        reader('ours', stage.url('hot'), ours, milliseconds * 2),
      ],
      rounds,
    );
    const [first, ...others] = standings;
    const ratios = others.filter(isPeer).map((peer) => beside(first ?? peer, peer).ratio);
    return {
      title: 'Fifty articles as RSS, beside the plain way',
      how: 'Requests for the same processor time, as a multiple of those of listing the keys, getting each and rendering with the `feed` package.',
      figures: [
        ...(first ? [ratioFigure(first.name, [first, first])] : []),
        ...others.map((each) =>
          ratioFigure(
            each.name,
            [first ?? each, each],
            each.name.startsWith('ours') ? { atLeast: +Math.max(1, ...ratios).toFixed(2) } : undefined,
          ),
        ),
      ],
    };
  },
};

const isPeer = ({ name }: { name: string }) => !name.startsWith('ours');

const toPost = (item: Item): Post => ({
  id: item.id,
  url: item.url,
  title: item.title,
  summary: item.summary ?? '',
  html: item.content_html,
  publishedAt: item.date_published,
  authors: (item.authors ?? []).map(({ name }) => name),
  tags: item.tags ?? [],
});
