import { each, load } from '../load.ts';
import { type Contestant, compare } from '../rounds.ts';
import { type Row, ratioFigure } from './row.ts';

/** From webhook to acknowledgement, beside a signature checked and one row stored in a Durable Object. */
export const ingest: Row = {
  name: 'ingest',
  quick: true,
  async run({ newsroom, workerd, url }, { rounds, webhooks }) {
    const contestant = (
      worker: 'hot' | 'bench',
      path: string | undefined,
      connections: number,
    ): Contestant => ({
      name: worker,
      // The outbox of the turn before is not this turn's to drain.
      prepare: () => newsroom.settle(),
      async run() {
        const count = connections === 1 ? Math.ceil(webhooks / 4) : webhooks;
        const requests = Array.from({ length: count }, () => newsroom.webhook(path).request);
        return load(url(worker), each(requests), 202, connections);
      },
    });
    const floorPath = `/receive/${encodeURIComponent(newsroom.secret)}`;
    const figures = [];
    for (const [name, connections] of [
      ['one after the other', 1],
      ['sixteen at once', 16],
    ] as const) {
      const contestants = [
        contestant('bench', floorPath, connections),
        contestant('hot', undefined, connections),
      ];
      figures.push(ratioFigure(name, await compare(workerd, contestants, rounds), { atLeast: 0.6 }));
    }
    return {
      title: 'Webhook to acknowledgement, beside one row stored',
      how: 'Webhooks for the same processor time, KV being written meanwhile, as a multiple of those of a Worker that checks the same signature and stores one row in a Durable Object.',
      figures,
    };
  },
};
