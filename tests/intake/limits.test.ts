import { reset } from 'cloudflare:test';
import { beforeEach, describe, expect, test } from 'vitest';
import { asAdmin, payload, register, request, send } from '../client.ts';

let secret: string;

beforeEach(async () => {
  await reset();
  secret = await register();
});

interface Answer {
  status: string | number;
  issues?: { path: string; message: string }[];
  warnings?: { code: string; excerpt: string }[];
  article?: { id: string };
  articles?: Answer[];
}

const answerOf = async (response: Response) => (await response.json()) as Answer;

/** As many entries as fit into 1 MiB. */
const MANY = 520_000;
const ones = `[${'1,'.repeat(MANY - 1)}1]`;

describe('a list that fills the body is counted, not read', () => {
  const native = (member: string) =>
    `{"type":"article.published","data":{"id":"1","headline":"a",${member}}}`;

  test.each([
    ['tags', 50],
    ['authors', 20],
    ['related', 50],
    ['corrections', 50],
    ['translations', 50],
  ])('%s', async (field, limit) => {
    const response = await send(native(`"${field}":${ones}`), { secret });
    expect(response.status).toBe(422);
    expect((await answerOf(response)).issues).toEqual([
      { path: `data.${field}`, message: `must have at most ${limit} entries, not ${MANY}` },
    ]);
  });

  test.each(['territories', 'excludePartners'])('rights.%s', async (field) => {
    const response = await send(native(`"rights":{"${field}":${ones}}`), { secret, path: '/preview' });
    expect(response.status).toBe(422);
    expect((await answerOf(response)).issues).toEqual([
      { path: `data.rights.${field}`, message: `must have at most 250 entries, not ${MANY}` },
    ]);
  });

  test('of an operator\u2019s call', async () => {
    const many = Array(30_000).fill(1);
    const partner = await asAdmin('/admin/partners/wire', 'PUT', {
      name: 'Wire',
      filters: { include: { tags: many } },
    });
    expect((await answerOf(partner)).issues).toEqual([
      { path: 'filters.include.tags', message: 'must have at most 30 entries, not 30000' },
    ]);
    const publisher = await asAdmin('/admin/publishers/gazette', 'PUT', {
      name: 'G',
      boilerplate: { words: many },
    });
    expect((await answerOf(publisher)).issues).toEqual([
      { path: 'boilerplate.words', message: 'must have at most 100 entries, not 30000' },
    ]);
  });
});

test('a feed of 24,000 items is refused by their number', async () => {
  const feed = `<rss><channel>${'<item><title>a</title><guid>1</guid></item>'.repeat(24_000)}</channel></rss>`;
  const response = await send(feed, { secret, headers: { 'Content-Type': 'application/rss+xml' } });
  expect(response.status).toBe(422);
  expect((await answerOf(response)).issues).toEqual([
    { path: '', message: 'contains 24000 articles; the limit is 100 per delivery' },
  ]);
});

describe('the articles of a delivery share 20 issues, and the last says how many more there are,', () => {
  const bad = Array.from({ length: 99 }, () => ({ id: '', title: 7, content_text: 3 }));
  const feed = (items: object[]) => JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', items });
  const issuesIn = ({ articles = [] }: Answer) => articles.flatMap(({ issues = [] }) => issues);
  const MORE = /^and at least (\d+) more errors; mend these first$/;

  test('where some are accepted, in the answer and in the log', async () => {
    const response = await send(feed([{ id: 'good', title: 'A', content_text: 'b' }, ...bad]), { secret });
    expect(response.status).toBe(202);
    const text = await response.text();
    expect(text.length).toBeLessThan(10_000);
    const answer = JSON.parse(text) as Answer;
    expect(answer.articles).toHaveLength(100);
    const issues = issuesIn(answer);
    expect(issues).toHaveLength(20);
    expect(Number(MORE.exec(issues[19]?.message ?? '')?.[1])).toBe(2 * 99 - 19);
    const log = await asAdmin('/webhooks/gazette/deliveries', 'GET');
    const { deliveries: logged } = (await log.json()) as { deliveries: Answer[] };
    expect(issuesIn(logged[0] ?? { status: 'none' })).toEqual(issues);
  });

  test('in the preview, and where none is accepted', async () => {
    const previewed = await answerOf(await send(feed(bad), { secret, path: '/preview' }));
    expect(previewed.articles).toHaveLength(99);
    expect(issuesIn(previewed)).toHaveLength(20);
    expect(issuesIn(previewed)[19]?.message).toMatch(MORE);
    const refused = await answerOf(await send(feed(bad), { secret }));
    expect(refused.issues).toEqual(issuesIn(previewed));
  });

  test('where only the Desk finds them', async () => {
    const items = Array.from({ length: 30 }, (_, index) => ({
      ...{ id: String(index), title: 'A' },
      content_text: 'Some words.',
      tags: Array.from({ length: 40 }, (_each, tag) => `tag ${index} ${tag}`),
    }));
    const { issues = [] } = await answerOf(await send(feed(items), { secret }));
    expect(issues).toHaveLength(20);
    expect(issues[19]?.message).toMatch(/^and at least 11 more errors/);
  });
});

test('a form of too many fields is refused by their number', async () => {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const response = await send('a&'.repeat(2_000), { secret, headers });
  expect(response.status).toBe(422);
  expect((await answerOf(response)).issues).toEqual([
    { path: '', message: 'must have at most 1000 fields, not 2001' },
  ]);
});

describe('more tags and authors than an article may have', () => {
  const tags = Array.from({ length: 60 }, (_, index) => `tag ${index}`);

  test('of a native payload are refused with both numbers', async () => {
    const response = await send(payload({ tags }), { secret });
    expect(response.status).toBe(422);
    expect((await answerOf(response)).issues).toEqual([
      { path: 'data.tags', message: 'must have at most 50 entries, not 60' },
    ]);
  });

  const shortened = [{ code: 'list-shortened', excerpt: 'tags: the first 50 kept, 10 left out' }];

  test('of a CMS are left out, and the receipt says how many', async () => {
    const body = JSON.stringify({ id: '1', title: 'A headline', content_text: 'Some words.', tags });
    const response = await send(body, { secret });
    expect(response.status).toBe(202);
    const { warnings, article } = await answerOf(response);
    expect(warnings).toEqual(shortened);
    const stored = (await (await request(`/articles/${article?.id}`)).json()) as { tags: string[] };
    expect(stored.tags).toEqual(tags.slice(0, 50));
  });

  test('of a page are left out, and the receipt says how many', async () => {
    const meta = tags.map((tag) => `<meta property="article:tag" content="${tag}">`).join('');
    const words = '<p>Some words of a story that is told here, and a few more of them.</p>'.repeat(5);
    const page = `<!doctype html><title>A headline</title>${meta}<article><h1>A headline</h1>${words}</article>`;
    const response = await send(page, {
      secret,
      headers: { 'Content-Type': 'text/html', 'Content-Location': 'https://a.example/1' },
    });
    expect(response.status).toBe(202);
    expect((await answerOf(response)).warnings).toEqual(shortened);
  });
});

describe('deep nesting is answered 4xx or accepted, never 500', () => {
  const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;

  test.each([
    ['brackets alone', deep, 'application/json'],
    [
      'tags',
      `{"type":"article.published","data":{"id":"1","headline":"a","tags":${deep}}}`,
      'application/json',
    ],
    [
      'a field of schema.org',
      `{"@type":"NewsArticle","@id":"urn:1","headline":"a","image":{"width":${deep}}}`,
      'application/ld+json',
    ],
    ['brackets that never end', '['.repeat(1_000_000), 'application/json'],
    ['XML', `<rss><channel><item><title>a</title>${'<a>'.repeat(300_000)}`, 'application/xml'],
    ['HTML', `<title>a</title>${'<div>'.repeat(200_000)}Some words.`, 'text/html'],
  ])('%s', async (_name, body, type) => {
    const headers = { 'Content-Type': type, 'Content-Location': 'https://a.example/1' };
    for (const path of ['', '/preview']) {
      const response = await send(body, { secret, path, headers });
      expect(response.status).toBeLessThan(500);
      await response.body?.cancel();
    }
  });
});
