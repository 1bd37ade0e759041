import { compare } from '../rounds.ts';
import { commonReads, giveToFloors, reader } from './reading.ts';
import { type Row, ratioFigure } from './row.ts';

const AIMS: Readonly<Record<string, number>> = {
  'article, JSON': 0.8,
  'article, AMP page': 0.4,
  'feed, RSS': 0.9,
  'feed, JSON': 0.9,
};

/** Memory off: each read beside a Worker that streams the same bytes from KV. */
export const kvFloor: Row = {
  name: 'kv-floor',
  quick: true,
  async run(stage, { rounds, milliseconds }) {
    const [cold, bench] = [stage.url('cold'), stage.url('bench')];
    const figures = [];
    for (const read of await commonReads(stage)) {
      const path = `/streamed/${await giveToFloors(stage, read)}`;
      const floor = reader('streamed', bench, { ...read, path }, milliseconds);
      const standings = await compare(
        stage.workerd,
        [floor, reader('ours', cold, read, milliseconds)],
        rounds,
      );
      const atLeast = AIMS[read.name];
      figures.push(ratioFigure(read.name, standings, atLeast === undefined ? undefined : { atLeast }));
    }
    return {
      title: 'From KV, beside one read of KV',
      how: 'Memory off. Requests for the same processor time, as a multiple of those of a Worker that streams the same bytes from KV.',
      figures,
    };
  },
};
