/**
 * `npm run demo`: starts a local Dateline with two publishers and their articles, to open in a browser.
 * `--port NUMBER`, `--persist-to DIR` (`.dateline` by default), `--once` (exits when the articles are served).
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, styleText } from 'node:util';
import { exampleArticles, examplePublishers } from './examples.ts';
import { type LocalDateline, startDateline } from './local.ts';
import { Newsroom } from './newsroom.ts';
import { requirePort } from './port-option.ts';
import { ROOT } from './wrangler.ts';

interface Card {
  id: string;
  language: string;
  headline: string;
}

const SERVED_WITHIN_MS = 30_000;

const { values: options } = parseArgs({
  options: {
    port: { type: 'string' },
    'persist-to': { type: 'string', default: join(ROOT, '.dateline') },
    once: { type: 'boolean', default: false },
  },
});
const folder = options['persist-to'];
const port = await requirePort(options.port, 'npm run demo');

console.log('Starting Dateline …');
let stopping = false;
const starting = startDateline({ port, persistTo: folder });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopping = true;
    console.log('\nStopping.');
    void starting.then((started) => started.stop()).finally(() => process.exit(0));
  });
}
try {
  const dateline = await starting;
  await showAround(dateline);
  if (!options.once) {
    console.log(`\nServing until ${bold('Ctrl+C')}. The data is in ${folder}; another run reuses it.`);
    await dateline.exited;
    throw new Error(`Dateline exited unexpectedly: see ${join(folder, 'wrangler.log')}.`);
  }
  await dateline.stop();
} catch (error) {
  // Errors after a request to stop are expected.
  if (!stopping) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

/** The tour: publishers, articles, and where they are served. */
async function showAround({ origin, adminToken }: LocalDateline): Promise<void> {
  const newsroom = new Newsroom(origin, adminToken, join(folder, 'demo-secrets.json'));

  heading('Publishers');
  for (const publisher of examplePublishers()) {
    console.log(row(publisher.id, await newsroom.register(publisher)));
  }

  heading('Articles, posted as signed webhooks');
  const posted = new Set<string>();
  let refused = 0;
  for (const article of exampleArticles()) {
    const answer = await newsroom.publish(article);
    if ('refusal' in answer) {
      refused += 1;
      console.log(row(`${answer.httpStatus} refused`, article.file, answer.refusal));
      continue;
    }
    const { httpStatus, status, article: stored } = answer;
    console.log(row(`${httpStatus} ${status}`, stored.id, `version ${stored.version}`, article.file));
    // `stale` and `ignored` mean that the article was changed or withdrawn since: it may be absent from the feeds.
    if (status === 'accepted' || status === 'unchanged') posted.add(stored.id);
  }
  if (refused > 0) throw new Error(`${refused} example articles were refused.`);

  const started = Date.now();
  const cards = await untilServed(origin, posted);
  heading(`Served, ${((Date.now() - started) / 1_000).toFixed(1)} s later`);
  for (const card of cards) {
    console.log(row(card.language, link(pageOf(origin, card)), card.headline));
  }

  heading('Open');
  const newest = cards[0];
  console.log(row('home', link(`${origin}/`)));
  if (newest) {
    console.log(row('an article', link(pageOf(origin, newest))));
    console.log(row('its JSON', link(`${origin}/articles/${newest.id}`)));
  }
  console.log(row('RSS', link(`${origin}/feeds/all.rss`)));
  console.log(row('JSON Feed', link(`${origin}/feeds/all.json`)));
}

/** Waits until the feed of all articles contains all `ids`. @returns their cards, newest first */
async function untilServed(origin: string, ids: ReadonlySet<string>): Promise<Card[]> {
  const deadline = Date.now() + SERVED_WITHIN_MS;
  while (Date.now() < deadline) {
    const feed: { items: { id: string }[] } = await get(`${origin}/feeds/all.json?limit=100&content=summary`);
    const shown = new Set(feed.items.map((item) => item.id.replace('urn:dateline:', '')));
    if ([...ids].every((id) => shown.has(id))) {
      const { articles }: { articles: Card[] } = await get(`${origin}/articles?limit=100`);
      return articles.filter((card) => ids.has(card.id));
    }
    await sleep(200);
  }
  throw new Error(`The feeds did not contain every article within ${SERVED_WITHIN_MS / 1_000} s.`);
}

/** The short URL of an article's page, which redirects to the one with the headline. */
function pageOf(origin: string, card: Card): string {
  return `${origin}/news/${card.id}`;
}

async function get<Body>(url: string): Promise<Body> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`GET ${url} responded with ${response.status}: ${await response.text()}`);
  return response.json() as Promise<Body>;
}

function heading(text: string): void {
  console.log(`\n${bold(text)}`);
}

/** Columns side by side. The last one is not padded, because it may be in any script. */
function row(...columns: string[]): string {
  const last = columns.at(-1) ?? '';
  return `  ${columns
    .slice(0, -1)
    .map((column) => column.padEnd(16))
    .join('  ')}  ${last}`;
}

function bold(text: string): string {
  return styleText('bold', text);
}

function link(url: string): string {
  return styleText('cyan', url);
}
