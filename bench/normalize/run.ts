/**
 * `npm run bench:normalize`: compares the normalizer with its peers on body HTML, in one workerd. Target: faster than
 * each peer at what that one does.
 */
import { writeReport } from '../report.ts';
import { benchArticles } from './articles.ts';
import type { ContestantName } from './contestants.ts';
import { OURS, type Result, ROUNDS, race } from './race.ts';
import { raceChart, raceTable } from './race-chart.ts';
import { openArena } from './workerd.ts';

/** Each peer and Dateline's equivalent: sanitizers return safe HTML, extractors an article. */
const PEERS = [
  ['sanitize-html', 'dateline, safe HTML'],
  ['rehype-sanitize', 'dateline, safe HTML'],
  ['readability', OURS],
  ['defuddle', OURS],
] as const satisfies readonly (readonly [ContestantName, ContestantName])[];
const NAMES: readonly ContestantName[] = [
  OURS,
  'dateline, rendered',
  'dateline, safe HTML',
  ...PEERS.map(([peer]) => peer),
];

const arena = await openArena();
const groups: { title: string; bytes: number; results: Result[] }[] = [];
try {
  for (const article of benchArticles()) {
    const results = await race(arena, NAMES, article);
    const title = `${article.name}, ${Math.round(article.bytes / 1_000)} kB`;
    groups.push({ title, bytes: article.bytes, results });
    printGroup(title, results);
  }
} finally {
  await arena.close();
}

writeReport('latest', 'normalize', {
  packages: [
    'workerd',
    'htmlparser2',
    'linkedom',
    'sanitize-html',
    'rehype-sanitize',
    '@mozilla/readability',
    'defuddle',
  ],
  data: { rounds: ROUNDS, groups },
  table: raceTable(groups),
  chart: raceChart(groups),
});

function printGroup(title: string, results: readonly Result[]): void {
  console.log(`\n${title}`.padEnd(24), '   MB/s   slowest – fastest   × ours');
  for (const { contestant, speed, slowest, fastest, ratio } of results) {
    const spread = `${slowest.toFixed(1).padStart(7)} – ${fastest.toFixed(1).padEnd(7)}`;
    console.log(
      `  ${contestant.padEnd(20)}  ${speed.toFixed(1).padStart(7)}   ${spread}   ${ratio.toFixed(2).padStart(6)}`,
    );
  }
  const ratioOf = (name: ContestantName) => results.find(({ contestant }) => contestant === name)?.ratio ?? 0;
  const faster = PEERS.filter(([peer, ours]) => ratioOf(peer) >= ratioOf(ours));
  const said = faster.map(([peer, ours]) => `${peer} is faster than ${ours}`);
  console.log(
    faster.length === 0
      ? '  aim met: ours is the fastest at what each does'
      : `  AIM MISSED: ${said.join(', ')}`,
  );
}
