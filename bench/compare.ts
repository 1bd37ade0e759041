/**
 * `npm run bench:compare -- CHECKOUT [quick] [ROUTE…]`: compares this version of Dateline with another, alternating in
 * one workerd: all routes, or those whose name contains one of the words. CHECKOUT is a folder with that version, its
 * packages installed (`git worktree add …`, `npm ci`). For each route it prints the processor time of a request here as
 * a multiple of the other's: the median round and the middle half of all rounds. A route is worse only if that whole
 * half is above 1.
 */
import { openArena, type Site, siteOfThisCheckout, type WorkerName } from './arena.ts';
import { each, load } from './load.ts';
import { compare, type Standing } from './rounds.ts';
import { OTHER_PATHS } from './rows/cost.ts';
import { asNotModified, commonReads, type Read, reader } from './rows/reading.ts';
import { FULL, QUICK } from './rows/row.ts';
import { type Stage, stageOf } from './rows/stage.ts';
import { median, quantile } from './statistics.ts';

const [checkout, ...words] = process.argv.slice(2);
if (checkout === undefined) {
  console.error('Usage: npm run bench:compare -- CHECKOUT [quick] [ROUTE…]');
  process.exit(1);
}
const { rounds, milliseconds, webhookRounds, webhooks } = words.includes('quick') ? QUICK : FULL;
const routes = words.filter((word) => word !== 'quick');
const isAsked = (name: string) => routes.length === 0 || routes.some((word) => name.includes(word));

// A graceful exit removes the state in memory.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const old: Site = { name: 'old', root: checkout };
const current = siteOfThisCheckout('new');
const arena = await openArena([old, current]);
const stages = [await stageOf(arena, old), await stageOf(arena, current)] as const;
const worse: string[] = [];

console.log('route                                         new / old  middle half    old ms  new ms');
for (const worker of ['hot', 'cold'] as const) {
  const [before, after] = await Promise.all(stages.map(readsOf));
  for (const [index, read] of (before ?? []).entries()) {
    const own = after?.[index];
    if (own === undefined) throw new Error(`The new version does not serve ${read.name}.`);
    const name = `${read.name}${worker === 'cold' ? ', memory off' : ''}`;
    if (!isAsked(name)) continue;
    const contestants = [contestant(stages[0], worker, read), contestant(stages[1], worker, own)];
    report(name, await compare(stages[0].workerd, contestants, rounds));
  }
}
const webhook = 'webhook, until KV has it';
if (isAsked(webhook)) {
  report(webhook, await compare(stages[0].workerd, stages.map(publication), webhookRounds));
}
await arena.close();
console.log(worse.length === 0 ? '\nno route is worse' : `\nWORSE: ${worse.join('; ')}`);

async function readsOf(stage: Stage): Promise<Read[]> {
  const common = await commonReads(stage);
  const others = Object.entries(OTHER_PATHS).map(
    ([name, path]): Read => ({ name, path, headers: {}, status: 200 }),
  );
  return [...common, ...(await Promise.all(common.map((read) => asNotModified(stage, read)))), ...others];
}

function contestant(stage: Stage, worker: WorkerName, read: Read) {
  return reader(stage.site.name, stage.url(worker), read, milliseconds);
}

function publication({ site, newsroom, url }: Stage) {
  return {
    name: site.name,
    prepare: () => newsroom.settle(),
    async run() {
      const requests = Array.from({ length: webhooks }, () => newsroom.webhook().request);
      const loaded = await load(url('hot'), each(requests), 202);
      // The outbox's writes are part of a publication's cost.
      await newsroom.settle();
      return loaded;
    },
  };
}

function report(name: string, [before, after]: readonly Standing[]): void {
  if (before === undefined || after === undefined) throw new Error('There are no contestants.');
  const unsorted = after.rounds.map(({ cost }, round) => cost / (before.rounds[round]?.cost ?? Number.NaN));
  const ratios = unsorted.toSorted((a, b) => a - b);
  const [low, high] = [quantile(ratios, 0.25), quantile(ratios, 0.75)];
  if (low > 1) worse.push(name);
  const half = `${low.toFixed(2)} – ${high.toFixed(2)}`;
  console.log(
    `${name.padEnd(46)} ${median(ratios).toFixed(2).padStart(8)}  ${half}  ${before.cost.toFixed(3).padStart(8)}${after.cost.toFixed(3).padStart(8)}`,
  );
}
