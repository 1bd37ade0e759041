import { compare } from '../rounds.ts';
import { asNotModified, commonReads, giveToFloors, reader } from './reading.ts';
import { type Row, ratioFigure } from './row.ts';

/** Memory on: each read, compared with a Worker that returns the same bytes from memory. */
export const constant: Row = {
  name: 'constant',
  quick: true,
  async run(stage, { rounds, milliseconds }) {
    const [hot, bench] = [stage.url('hot'), stage.url('bench')];
    const reads = await commonReads(stage);
    const unchanged = await Promise.all(reads.map((read) => asNotModified(stage, read)));
    const figures = [];
    for (const read of [...reads, ...unchanged]) {
      const path = read.status === 304 ? '/not-modified' : `/constant/${await giveToFloors(stage, read)}`;
      const floor = reader('constant', bench, { path, headers: {}, status: read.status }, milliseconds);
      const standings = await compare(
        stage.workerd,
        [floor, reader('ours', hot, read, milliseconds)],
        rounds,
      );
      figures.push(ratioFigure(read.name, standings, { atLeast: 0.85 }));
    }
    return {
      title: 'Out of memory, beside a constant',
      how: 'Requests for the same processor time, as a multiple of those of a Worker that returns the same bytes (or an empty 304).',
      figures,
    };
  },
};
