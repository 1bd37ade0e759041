import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Journal } from './journal.ts';
import type { Mirror } from './mirror.ts';
import { type ArticleModel, iso } from './model.ts';
import type { Acknowledged } from './publishing.ts';
import type { Follower } from './readers.ts';
import { type Answer, answerTo, type SoakSite } from './site.ts';
import type { Subscribers } from './subscribers.ts';

/** How long KV, feeds and the isolate's cache may take to settle. */
const REST_MS = 30_000;

/** How long a rebuild may take. */
const REBUILD_MS = 180_000;

/** How many articles are read while KV is empty. */
const WITHOUT_KV = 60;

interface End {
  site: SoakSite;
  articles: readonly ArticleModel[];
  acknowledged: readonly Acknowledged[];
  publishers: readonly string[];
  mirror: Mirror;
  follower: Follower;
  /** Undefined if they cannot be compared. */
  subscribers: Subscribers | undefined;
  /** Whether anything happened that loses messages of local queues. */
  wasDisturbed: boolean;
}

/** Checks everything that must agree once the site is idle; records problems in the journal. */
export async function verify(end: End, journal: Journal): Promise<void> {
  await untilQuiet(end);
  const known = end.articles.filter((article) => article.version > 0);
  // Without anything in KV, every article is as it was. Not all of them: the Desk is asked only so often.
  await end.site.lose(await end.site.keys());
  const every = Math.ceil(known.length / WITHOUT_KV);
  await verifyArticles(
    end.site,
    known.filter((_, n) => n % every === 0),
    journal,
  );
  await rebuild(end.site);
  await untilQuiet(end);
  await verifyArticles(end.site, known, journal);
  await verifyChanges(end.site, known, journal);
  await verifyLists(end.site, known, journal);
  await verifyFormats(end.site, known, journal);
  await verifySitemaps(end.site, known, journal);
  await verifyLog(end, journal);
  verifyMirror(end.mirror, known, journal);
  await end.follower.checkAgainstFeed();
  await end.subscribers?.check(end.site, known, !end.wasDisturbed);
  await verifyWordsGone(end.site, known, journal);
}

async function rebuild(site: SoakSite): Promise<void> {
  await answerTo(() => site.askAsOperator('POST', '/admin/rebuild'));
  const deadline = Date.now() + REBUILD_MS;
  while (Date.now() < deadline) {
    const answer = await site.askAsOperator('GET', '/admin/rebuild');
    if (JSON.parse(answer?.text ?? '{}').state === 'done') return;
    await sleep(200);
  }
  throw new Error(`Not rebuilt after ${REBUILD_MS / 1_000} s`);
}

/** A mark as editors make them. */
const MARK = /\be\d+x\d+\b/g;

/** Checks that no word of an article that its publisher withdrew is left in KV, in feeds or in the Desk's tables. */
async function verifyWordsGone(
  site: SoakSite,
  known: readonly ArticleModel[],
  journal: Journal,
): Promise<void> {
  const gone = new Map(
    known
      .filter((article) => article.publisherWithdrew)
      .flatMap(({ sourceId, marks }) => marks.map((mark) => [mark, sourceId] as const)),
  );
  const look = (where: string, text: string) => {
    const found = new Set(text.match(MARK)?.filter((mark) => gone.has(mark)));
    for (const mark of found)
      journal.wrong(`${where} has words of ${gone.get(mark)}, which was withdrawn: ${mark}`);
  };
  await atOnce(8, await site.keys(), async (key) => look(`KV's ${key}`, await site.value(key)));
  for (const format of ['rss', 'atom', 'json', 'ninjs']) {
    look(`the feed in ${format}`, (await answered(site, `/feeds/all.${format}`)).text);
  }
  const desk = new DatabaseSync(await site.deskFile(), { readOnly: true });
  const tables = desk
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'")
    .all();
  for (const { name } of tables) {
    for (const row of desk.prepare(`SELECT * FROM "${name}"`).iterate()) {
      for (const value of Object.values(row)) {
        if (typeof value === 'string') look(`the Desk's ${name}`, value);
        else if (value instanceof Uint8Array && value[0] === 0x1f && value[1] === 0x8b) {
          look(`the Desk's ${name}`, gunzipSync(value).toString());
        }
      }
    }
  }
  desk.close();
}

const answered = (site: SoakSite, path: string): Promise<Answer> => answerTo(() => site.ask(path));

/** Waits until every embargo and expiry of the run has ended, KV has everything, and the mirror has caught up. */
async function untilQuiet({ site, articles, mirror }: End): Promise<void> {
  const now = Date.now();
  const settled = Math.max(now, ...articles.map((article) => article.settledAt(now)));
  await sleep(settled - now + 1_500);
  const deadline = Date.now() + REST_MS;
  for (;;) {
    const { outbox } = await json<{ outbox?: { waiting: number } }>(site, '/health/ready');
    const moved = await mirror.step();
    if (outbox?.waiting === 0 && !moved && mirror.isComplete) break;
    if (Date.now() > deadline)
      throw new Error(`Not idle after ${REST_MS / 1_000} s: ${JSON.stringify(outbox)}`);
    await sleep(200);
  }
  // Values that an isolate has cached (MEMORY_SECONDS).
  await sleep(2_100);
}

/** Checks KV by the articles and their pages. */
async function verifyArticles(
  site: SoakSite,
  known: readonly ArticleModel[],
  journal: Journal,
): Promise<void> {
  await atOnce(8, known, async (article) => {
    const { id, version, content } = article;
    const status = article.statusAt(Date.now());
    const [json, page] = await Promise.all([
      answered(site, `/articles/${id}`),
      answered(site, `/news/${id}/`),
    ]);
    const name = `${article.sourceId} (${id}: ${article.history.join(', ')}), ${status} at version ${version},`;
    const expected = { published: 200, withdrawn: 410, embargoed: 404, unknown: 404 }[status];
    journal.check(json?.status === expected, `${name} is ${json?.status} as JSON`);
    journal.check(
      page?.status === (status === 'published' ? 301 : expected),
      `${name} is ${page?.status} as a page`,
    );
    if (json?.status === 410) {
      const { tombstone } = JSON.parse(json.text) as { tombstone: { version: number } };
      journal.check(tombstone.version === version, `${name} has a tombstone of version ${tombstone.version}`);
    }
    if (json?.status !== 200 || status !== 'published') return;
    const shown = JSON.parse(json.text) as { version: number; headline: string; publishedAt: string };
    journal.check(shown.version === version, `${name} is shown at version ${shown.version}`);
    journal.check(
      shown.headline === `Headline ${content?.mark}` && json.text.includes(`The words of ${content?.mark}.`),
      `${name} has the words of another revision: ${shown.headline}`,
    );
    const { publishedAt } = article;
    const shownAt = Date.parse(shown.publishedAt);
    journal.check(
      publishedAt === undefined ? shownAt <= site.clock.now : shownAt === publishedAt,
      `${name} was published at ${shown.publishedAt}`,
    );
    const location = page?.headers.get('Location') ?? '';
    const whole = await answered(site, new URL(location, site.origin).pathname);
    journal.check(
      whole?.status === 200 && whole.text.includes(`The words of ${content?.mark}.`),
      `${name} has no page with its words: ${whole?.status}`,
    );
  });
}

/** Checks the Desk by `/changes`. */
async function verifyChanges(
  site: SoakSite,
  known: readonly ArticleModel[],
  journal: Journal,
): Promise<void> {
  const told = new Map<string, { kind: string; version: number }>();
  let after: number | null = 0;
  while (after !== null) {
    const page: { changes: { id: string; kind: string; version: number }[]; next: number | null } =
      await json(site, `/changes?after=${after}&limit=1000`);
    for (const change of page.changes) {
      journal.check(!told.has(change.id), `/changes lists ${change.id} twice`);
      told.set(change.id, change);
    }
    after = page.next;
  }
  for (const article of known) {
    const { id = '', version } = article;
    const expected = article.changeAt(Date.now());
    const change = told.get(id);
    told.delete(id);
    const kind = change?.kind ?? 'none';
    const fits = expected === 'perhaps' ? kind !== 'upsert' : kind === expected;
    journal.check(fits, `/changes says ${kind} of ${article.sourceId} (${id}), not ${expected}`);
    journal.check(change === undefined || change.version === version, `/changes: ${id} ${change?.version}`);
  }
  journal.check(told.size === 0, `/changes lists unknown articles: ${[...told.keys()].join(', ')}`);
}

/** Checks feeds in KV, the Desk's further pages, and combined filters: the same articles, in the same order. */
async function verifyLists(site: SoakSite, known: readonly ArticleModel[], journal: Journal): Promise<void> {
  const published = publishedOf(known);
  const where = (test: (article: ArticleModel) => boolean) => published.filter(test);
  const values = (of: (article: ArticleModel) => readonly string[]) => new Set(known.flatMap(of));
  const sections = values(({ content }) => (content ? [content.section] : []));
  const tags = values(({ content }) => content?.tags ?? []);
  const lists: [path: string, expected: ArticleModel[]][] = [
    ['/feeds/all.json?limit=100', where(() => true)],
    ['/feeds/all.json?limit=37&content=summary', where(() => true)],
    ['/feeds/languages/en.json?limit=100', where(() => true)],
    ...[...values(({ publisher }) => [publisher])].map((name): [string, ArticleModel[]] => [
      `/feeds/publishers/${name}.json?limit=100`,
      where(({ publisher }) => publisher === name),
    ]),
    ...[...sections].map((name): [string, ArticleModel[]] => [
      `/feeds/sections/${encodeURIComponent(name)}.json?limit=100`,
      where(({ content }) => content?.section === name),
    ]),
    ...[...tags].map((name): [string, ArticleModel[]] => [
      `/feeds/tags/${encodeURIComponent(name)}.json?limit=100`,
      where(({ content }) => content?.tags.includes(name) === true),
    ]),
    [
      '/feeds/all.json?section=City&tag=river&limit=100',
      where(({ content }) => content?.section === 'City' && content.tags.includes('river')),
    ],
  ];
  for (const [path, expected] of lists) {
    const items = await pagesOf(site, path);
    compare(
      path,
      items.map(({ id }) => id),
      expected,
      journal,
    );
    const sorted = items.every((item, index) => {
      const before = items[index - 1];
      return before === undefined || before.at > item.at || (before.at === item.at && before.id > item.id);
    });
    journal.check(sorted, `${path} is not in order`);
  }
  const home = await answered(site, '/');
  const newest = (await pagesOf(site, '/feeds/all.json?limit=100')).slice(0, 20);
  journal.check(
    newest.every(({ id }) => home.text.includes(`/news/${id}/`)),
    'the home page lacks some of the newest articles',
  );
}

/** The ids in each format of the complete feed, by its elements or fields. */
const IDS_IN = {
  rss: /<guid isPermaLink="false">urn:dateline:(\w+)</g,
  atom: /<entry[^<>]*>\s*<id>urn:dateline:(\w+)</g,
  json: /"id":\s*"urn:dateline:(\w+)","url"/g,
  ninjs: /"uri":\s*"urn:dateline:(\w+)","name":"Headline /g,
};

/** Checks that all formats, the list of articles and the sections' pages have the same articles. */
async function verifyFormats(
  site: SoakSite,
  known: readonly ArticleModel[],
  journal: Journal,
): Promise<void> {
  const published = publishedOf(known);
  for (const [format, pattern] of Object.entries(IDS_IN)) {
    const path = `/feeds/all.${format}?limit=100`;
    compare(path, await linkedIds(site, path, pattern), published, journal);
  }
  compare('/articles', await linkedIds(site, '/articles?limit=100', /"id":"(\w{16})"/g), published, journal);
  for (const section of new Set(known.flatMap(({ content }) => content?.section ?? []))) {
    const path = `/sections/${encodeURIComponent(section)}`;
    const page = await answered(site, path);
    const inSection = published.filter(({ content }) => content?.section === section);
    const ids = new Set(inSection.map(({ id }) => id));
    const shown = [...page.text.matchAll(PAGE_ID)].map(([, id]) => id);
    journal.check(
      page.status === (inSection.length > 0 ? 200 : page.status) && shown.every((id) => ids.has(id)),
      `${path} is ${page.status}, or shows an article of elsewhere`,
    );
    journal.check(inSection.length === 0 || shown.length > 0, `${path} shows no article`);
  }
}

const PAGE_ID = /\/news\/(\w{16})\//g;

/** Checks the sitemaps of all days, and the news sitemap by the feed's dates. */
async function verifySitemaps(
  site: SoakSite,
  known: readonly ArticleModel[],
  journal: Journal,
): Promise<void> {
  const published = publishedOf(known);
  const index = await answered(site, '/sitemap.xml');
  const ids: string[] = [];
  for (const [, url = ''] of index.text.matchAll(/<loc>([^<]+)<\/loc>/g)) {
    const { status, text } = await answered(site, new URL(url).pathname);
    journal.check(status === 200, `${url} of /sitemap.xml is ${status}`);
    ids.push(...idsIn(text, PAGE_ID));
  }
  compare('/sitemap.xml', ids, published, journal);

  const since = iso(site.clock.now - 2 * 86_400_000);
  const newest = (await pagesOf(site, '/feeds/all.json?limit=100')).filter(({ at }) => at >= since);
  const listed = idsIn((await answered(site, '/news-sitemap.xml')).text, PAGE_ID);
  journal.check(
    listed.join() ===
      newest
        .slice(0, 1_000)
        .map(({ id }) => id)
        .join(),
    `/news-sitemap.xml has ${listed.length} articles, not the ${newest.length} newest of the feed, in its order`,
  );
}

const publishedOf = (known: readonly ArticleModel[]): ArticleModel[] =>
  known.filter((article) => article.statusAt(Date.now()) === 'published');

const idsIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, id = '']) => id);

/** Checks that a list has each of these articles once and no other. */
function compare(
  path: string,
  ids: readonly string[],
  expected: readonly ArticleModel[],
  journal: Journal,
): void {
  const left = new Set(ids);
  journal.check(left.size === ids.length, `${path} lists something twice`);
  const missing = expected.filter(({ id = '' }) => !left.delete(id));
  const examples = missing.slice(0, 5).map(({ sourceId, id }) => `${sourceId} (${id})`);
  journal.check(missing.length === 0, `${path} lacks ${missing.length}: ${examples.join(', ')}`);
  journal.check(left.size === 0, `${path} has ${left.size} too many: ${[...left].slice(0, 5).join(', ')}`);
}

/** The ids on all pages of a list, by the `Link` to the next page. */
async function linkedIds(site: SoakSite, path: string, pattern: RegExp): Promise<string[]> {
  const ids: string[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const { status, headers, text }: Answer = await answered(site, next);
    // If every article was embargoed, the list never had an article.
    if (status === 404) return ids;
    ids.push(...idsIn(text, pattern));
    const url = /<([^<>]+)>; rel="next"/.exec(headers.get('Link') ?? '')?.[1];
    next = url?.replace(site.origin, '');
  }
  return ids;
}

async function pagesOf(site: SoakSite, path: string): Promise<{ id: string; at: string }[]> {
  const items: { id: string; at: string }[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const answer = await answered(site, next);
    // If every article was embargoed, the list never had an article.
    if (answer.status === 404) return items;
    const feed: { items: { id: string; date_published: string }[]; next_url?: string } = JSON.parse(
      answer.text,
    );
    items.push(
      ...feed.items.map((item) => ({ id: item.id.replace('urn:dateline:', ''), at: item.date_published })),
    );
    next = feed.next_url?.replace(site.origin, '');
  }
  return items;
}

/** The log keeps at least this many rows per publisher. */
const LOG_ROWS = 19_000;

/** Checks that every 2xx response is in its publisher's delivery log exactly once, and nothing else is. */
async function verifyLog({ site, acknowledged, publishers }: End, journal: Journal): Promise<void> {
  for (const publisher of publishers) {
    const logged = new Map<string, { status: string; article?: { version: number } }>();
    let rows = 0;
    let before = '';
    while (rows < LOG_ROWS) {
      const answer = await site.askAsOperator('GET', `/webhooks/${publisher}/deliveries?limit=100${before}`);
      const page: {
        deliveries: { id: string; status: string; article?: { version: number } }[];
        next: string | null;
      } = JSON.parse(answer?.text ?? '');
      rows += page.deliveries.length;
      for (const delivery of page.deliveries) {
        if (delivery.status === 'duplicate' || delivery.status === 'refused') continue;
        journal.check(!logged.has(delivery.id), `the log has ${delivery.id} twice`);
        logged.set(delivery.id, delivery);
      }
      if (page.next === null) break;
      before = `&before=${page.next}`;
    }
    for (const each of acknowledged.filter((one) => one.publisher === publisher)) {
      const found = logged.get(each.deliveryId);
      logged.delete(each.deliveryId);
      // The oldest deliveries of a long run may be pruned.
      if (found === undefined && rows >= LOG_ROWS) continue;
      journal.check(
        found?.status === each.status && found.article?.version === each.version,
        `${each.deliveryId} was ${each.status} with version ${each.version}; the log says ${JSON.stringify(found)}`,
      );
    }
    journal.check(logged.size === 0, `the log has unknown deliveries: ${[...logged.keys()].join(', ')}`);
  }
}

function verifyMirror(mirror: Mirror, known: readonly ArticleModel[], journal: Journal): void {
  const left = new Map(mirror.articles);
  for (const article of known) {
    if (article.statusAt(Date.now()) !== 'published') continue;
    const held = left.get(article.id ?? '');
    left.delete(article.id ?? '');
    journal.check(
      held?.version === article.version && held.headline === `Headline ${article.content?.mark}`,
      `the mirror holds ${JSON.stringify(held)} of ${article.sourceId}, which has version ${article.version}`,
    );
  }
  journal.check(left.size === 0, `the mirror holds ${left.size} too many: ${[...left.keys()].join(', ')}`);
}

async function json<Body>(site: SoakSite, path: string): Promise<Body> {
  const answer = await answered(site, path);
  return JSON.parse(answer.text) as Body;
}

async function atOnce<Item>(
  many: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: many }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
