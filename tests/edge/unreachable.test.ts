import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../src/app.ts';
import { deskOf } from '../../src/bindings.ts';
import { FEED_FORMATS } from '../../src/formats/registry.ts';
import { request } from '../client.ts';
import { newsroom, partnerWith, settle } from './newsroom.ts';

/** What must not be seen: a word for each article, in its headline, body and slug. */
const HIDDEN = ['embargoedword', 'expiredword', 'withdrawnword'];
const UNLICENSED = 'unlicensedword';

const ids: string[] = [];
let token: string;

beforeAll(async () => {
  const gazette = await newsroom();
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const article = (word: string, more: object) =>
    gazette.publish({
      id: word,
      headline: `A ${word} headline`,
      section: 'City',
      tags: ['river'],
      language: 'hi',
      authors: [{ name: 'City Desk' }],
      body: { format: 'html', content: `<p>Some ${word} body.</p>` },
      ...more,
    });
  ids.push(await article('embargoedword', { embargoUntil: later }));
  ids.push(await article('expiredword', { expiresAt: '2026-11-20T10:00:00Z' }));
  ids.push(await article('withdrawnword', {}));
  ids.push(await article(UNLICENSED, { rights: { licence: 'another' } }));
  await article('seenword', { rights: { licence: 'wire' } });
  const read = () => deskOf(env).countViews(ids.map((id) => [id, 9]));
  await read();
  await gazette.withdraw('withdrawnword');
  token = await partnerWith('mirror', { filters: { include: { licences: ['wire'] } } });
  await settle();
});

const day = new Date().toISOString().slice(0, 10);
const formats = FEED_FORMATS.map(({ extension }) => extension);
const kinds = {
  publishers: 'gazette',
  sections: 'City',
  tags: 'river',
  languages: 'hi',
  authors: 'City%20Desk',
};
const QUERIES = ['', '?limit=100', '?content=summary', '?before=9999999999999-0000000000000000'];
const withQueries = (path: string) => QUERIES.map((query) => path + query);

/** Addresses for each route that is read without the operator's token. A new route belongs here. */
const ADDRESSES: Readonly<Record<string, () => string[]>> = {
  '/feeds/all.{format}': () =>
    formats.flatMap((each) => [...withQueries(`/feeds/all.${each}`), `/feeds/all.${each}?tag=river`]),
  '/feeds/{kind}/{name}.{format}': () =>
    Object.entries(kinds).flatMap(([kind, name]) =>
      formats.flatMap((each) => withQueries(`/feeds/${kind}/${name}.${each}`)),
    ),
  '/articles': () => [...withQueries('/articles'), '/articles?section=City', '/articles?exclude-tag=x'],
  '/articles/{id}': () => ids.slice(0, 3).map((id) => `/articles/${id}`),
  '/changes': () => ['/changes', '/changes?after=0&limit=1000'],
  '/news-sitemap.xml': () => ['/news-sitemap.xml'],
  '/sitemap.xml': () => ['/sitemap.xml'],
  '/sitemaps/{day}.xml': () => [`/sitemaps/${day}.xml`],
  '/feeds.opml': () => ['/feeds.opml'],
  '/feeds.css': () => ['/feeds.css'],
  '/partners/{partner}/feed.{format}': () =>
    formats.flatMap((each) => withQueries(`/partners/mirror/feed.${each}`)),
  '/': () => withQueries('/'),
  '/sections/{name}': () => withQueries('/sections/City'),
  '/publishers/{name}': () => withQueries('/publishers/gazette'),
  '/tags/{name}': () => withQueries('/tags/river'),
  '/authors/{name}': () => withQueries('/authors/City%20Desk'),
  '/trending': () => ['/trending'],
  '/news/{id}': () => ids.slice(0, 3).flatMap((id) => [`/news/${id}`, `/news/${id}/`]),
  '/news/{id}/{slug}': () =>
    HIDDEN.map((word, index) => `/news/${ids[index]}/x-${word}`.replace(word, 'slug')),
  '/robots.txt': () => ['/robots.txt'],
  '/openapi.json': () => ['/openapi.json'],
  '/docs': () => ['/docs'],
  '/health': () => ['/health'],
  '/health/ready': () => ['/health/ready'],
};

const PRIVATE_ROUTES = /^\/(?:admin|webhooks|\*)/;

const routes = ROUTES.filter(([path, { GET }]) => GET !== undefined && !PRIVATE_ROUTES.test(path)).map(
  ([path]) => path,
);

describe('an embargoed, expired or withdrawn article is reached by no URL', () => {
  test.each(routes)('%s', async (route) => {
    const addresses = ADDRESSES[route]?.() ?? [];
    expect(addresses).not.toEqual([]);
    for (const address of addresses) {
      const response = await request(address, { headers: { Authorization: `Bearer ${token}` } });
      const said = [...response.headers].flat().join('\n') + (await response.text());
      for (const word of HIDDEN) expect(said, address).not.toContain(word);
      if (route.startsWith('/partners')) expect(said, address).not.toContain(UNLICENSED);
    }
  });
});

test('and neither /changes nor the Desk tell of an embargoed one', async () => {
  const { changes } = (await (await request('/changes')).json()) as { changes: { id: string }[] };
  expect(changes.map(({ id }) => id)).not.toContain(ids[0]);
  expect(await deskOf(env).values([`article:${ids[0]}`])).toEqual([null]);
});

test('what may be seen is seen, so that the walk means something', async () => {
  const partner = await request('/partners/mirror/feed.rss', {
    headers: { Authorization: `Bearer ${token}` },
  });
  expect(await partner.text()).toContain('seenword');
  expect(await (await request('/feeds/sections/City.json')).text()).toContain(UNLICENSED);
  expect(await (await request('/trending')).text()).toContain(UNLICENSED);
});
