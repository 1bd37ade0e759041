import { reset } from 'cloudflare:test';
import { beforeEach, describe, expect, test } from 'vitest';
import { FEED_FORMATS } from '../../src/formats/registry.ts';
import { asAdmin, request } from '../client.ts';
import { newsroom, partnerWith, settle } from './newsroom.ts';

let gazette: Awaited<ReturnType<typeof newsroom>>;

beforeEach(async () => {
  await reset();
  gazette = await newsroom();
});

const read = (token: string, path = '/partners/mirror/feed.json', headers: Record<string, string> = {}) =>
  request(path, { headers: { Authorization: `Bearer ${token}`, ...headers } });

async function titles(token: string, path?: string): Promise<string> {
  const { items } = (await (await read(token, path)).json()) as { items: { title: string }[] };
  return items.map(({ title }) => title).join('');
}

describe('a partner’s feed', () => {
  test('accepts its token as Bearer, as the password of Basic, or as key', async () => {
    const token = await partnerWith('mirror');
    const ways: [string, Record<string, string>][] = [
      ['', { Authorization: `Bearer ${token}` }],
      ['', { Authorization: `Basic ${btoa(`anyone:${token}`)}` }],
      ['', { Authorization: `basic ${btoa(`:${token}`)}` }],
      [`?key=${token}`, {}],
    ];
    for (const [query, headers] of ways) {
      const response = await request(`/partners/mirror/feed.rss${query}`, { headers });
      expect(response.status).toBe(200);
      expect(response.headers.get('Cache-Control')).toBe('private, no-store');
      expect(await response.text()).not.toContain(token);
    }
  });

  test('is stored by no cache, whatever is asked for and however it is answered', async () => {
    const token = await partnerWith('mirror');
    const path = '/partners/mirror/feed';
    const asked = async (
      suffix: string,
      { method = 'GET', ...headers }: Record<string, string> = {},
    ): Promise<[number, string | null]> => {
      const init = { method, headers: { Authorization: `Bearer ${token}`, ...headers } };
      const response = await request(path + suffix, init);
      return [response.status, response.headers.get('Cache-Control')];
    };
    const document = { 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Mode': 'navigate', Accept: 'text/html' };
    const tag = (await read(token, `${path}.rss`)).headers.get('ETag') ?? '';
    const cases: [number, string, Record<string, string>?][] = [
      ...FEED_FORMATS.flatMap(({ extension }): typeof cases => [
        [200, `.${extension}`],
        [200, `.${extension}`, document],
        [200, `.${extension}`, { method: 'HEAD' }],
        [200, `.${extension}`, { method: 'HEAD', ...document }],
      ]),
      [304, '.rss', { 'If-None-Match': tag }],
      [304, '.rss', { 'If-None-Match': tag, ...document }],
      [304, '.rss', { 'If-None-Match': tag, method: 'HEAD' }],
      [200, '.rss', { 'A-IM': 'feed', 'If-None-Match': 'W/"1-2"' }],
      [200, '.rss?limit=1', document],
      [400, '.rss?limt=1', document],
      [400, '.rss?before=x'],
      [401, '.rss', { Authorization: 'Bearer wrong', ...document }],
      [401, '.rss', { Authorization: '', method: 'HEAD' }],
      [404, '.doc', document],
      [404, '', document],
      [405, '.rss', { method: 'POST' }],
    ];
    for (const [status, suffix, headers] of cases)
      expect([suffix, headers, await asked(suffix, headers)]).toEqual([
        suffix,
        headers,
        [status, 'private, no-store'],
      ]);
    await gazette.publish({ id: 'later' });
    await settle();
    expect(await asked('.rss', { 'A-IM': 'feed', 'If-None-Match': tag, ...document })).toEqual([
      226,
      'private, no-store',
    ]);
  });

  test('refuses all others; an unknown partner looks the same as a wrong token', async () => {
    const token = await partnerWith('mirror');
    await partnerWith('other');
    const attempts: [string, Record<string, string>][] = [
      ['/partners/mirror/feed.rss', {}],
      ['/partners/mirror/feed.rss', { Authorization: 'Bearer wrong' }],
      ['/partners/mirror/feed.rss', { Authorization: `Basic ${btoa(token)}` }],
      ['/partners/mirror/feed.rss', { Authorization: 'Basic %%%' }],
      ['/partners/other/feed.rss', { Authorization: `Bearer ${token}` }],
      ['/partners/nobody/feed.rss', { Authorization: `Bearer ${token}` }],
      ['/partners/NO..SUCH/feed.rss', { Authorization: `Bearer ${token}` }],
    ];
    const answers = await Promise.all(
      attempts.map(async ([path, headers]) => {
        const response = await request(path, { headers });
        return [response.status, response.headers.get('Cache-Control'), await response.text()];
      }),
    );
    expect(new Set(answers.map(([, , text]) => text)).size).toBe(1);
    for (const answer of answers) expect(answer.slice(0, 2)).toEqual([401, 'private, no-store']);
  });

  test('the old token after a rotation until its grace ends, and none after the partner is gone', async () => {
    const old = await partnerWith('mirror');
    const rotate = async (grace: number) =>
      (
        (await (await asAdmin(`/admin/partners/mirror/tokens?grace=${grace}`, 'POST')).json()) as {
          token: string;
        }
      ).token;
    const second = await rotate(60);
    expect([(await read(old)).status, (await read(second)).status]).toEqual([200, 200]);
    const third = await rotate(0);
    expect([(await read(second)).status, (await read(third)).status]).toEqual([401, 200]);
    await asAdmin('/admin/partners/mirror', 'DELETE');
    expect((await read(third)).status).toBe(401);
  });
});

test('the operator sees a partner’s settings, and its token once', async () => {
  const filters = { include: { languages: ['HI'], sections: [] }, exclude: { tags: ['live'] } };
  const created = await asAdmin('/admin/partners/mirror', 'PUT', { name: 'Mirror', filters, delay: 60 });
  expect(created.status).toBe(201);
  const { token } = (await created.json()) as { token: string };
  expect(token).toMatch(/^dlp_[\w-]{43}$/);
  const changed = await asAdmin('/admin/partners/mirror', 'PUT', { name: 'The mirror', content: 'summary' });
  expect(changed.status).toBe(200);
  const shown = await (await asAdmin('/admin/partners/mirror', 'GET')).text();
  expect(shown).not.toContain(token);
  expect(shown).not.toContain('digest');
  expect(JSON.parse(shown)).toMatchObject({
    id: 'mirror',
    name: 'The mirror',
    filters: {},
    content: 'summary',
    limit: 50,
    delay: 0,
    profile: 'rss',
    tokens: [{ createdAt: expect.any(String) }],
  });
  expect(await (await asAdmin('/admin/partners', 'GET')).json()).toMatchObject({
    partners: [{ id: 'mirror' }],
  });
});

test.each([
  [{}, 'name'],
  [{ name: 'x', limit: 101 }, 'limit'],
  [{ name: 'x', delay: -1 }, 'delay'],
  [{ name: 'x', content: 'all' }, 'content'],
  [{ name: 'x', profile: 'pdf' }, 'profile'],
  [{ name: 'x', filters: { include: { languages: ['no such tag'] } } }, 'filters.include.languages.0'],
  [{ name: 'x', filters: { include: { tags: Array(31).fill('t') } } }, 'filters.include.tags'],
])('settings that cannot be are refused: %j', async (settings, path) => {
  const response = await asAdmin('/admin/partners/mirror', 'PUT', settings);
  expect(response.status).toBe(422);
  const { issues } = (await response.json()) as { issues: { path: string }[] };
  expect(issues.map((issue) => issue.path)).toContain(path);
});

describe('what a partner gets', () => {
  beforeEach(async () => {
    const articles: [string, object][] = [
      ['A', { section: 'City', language: 'hi', tags: ['rain'] }],
      ['B', { section: 'City', language: 'en', rights: { licence: 'wire' } }],
      ['C', { section: 'State', language: 'en', rights: { territories: ['IN', 'NP'] } }],
      ['D', { section: 'State', language: 'hi', rights: { excludePartners: ['mirror'] } }],
      ['E', { section: 'Sport', language: 'en', rights: { licence: 'free', territories: ['GB'] } }],
    ];
    for (const [index, [headline, rest]] of articles.entries()) {
      await gazette.publish({
        id: headline,
        headline,
        publishedAt: `2026-11-0${index + 1}T10:00:00Z`,
        ...rest,
      });
    }
    await settle();
  });

  test.each([
    ['all but what is kept from it', {}, 'ECBA'],
    ['sections', { include: { sections: ['City', 'Sport'] } }, 'EBA'],
    ['languages, without a tag', { include: { languages: ['hi'] }, exclude: { tags: ['rain'] } }, ''],
    ['licences', { include: { licences: ['wire', 'free'] } }, 'EB'],
    ['no such licence', { exclude: { licences: ['wire'] } }, 'ECA'],
    ['its territory, and what may be shown anywhere', { include: { territories: ['NP'] } }, 'CBA'],
    ['licence and territory together', { include: { licences: ['free'], territories: ['IN'] } }, ''],
    ['publishers', { include: { publishers: ['nobody'] } }, ''],
  ])('%s', async (_what, filters, expected) => {
    const token = await partnerWith('mirror', { filters });
    expect(await titles(token)).toBe(expected);
  });

  test('no more than was agreed on', async () => {
    const token = await partnerWith('mirror', { limit: 2, content: 'summary' });
    const first = (await (await read(token, '/partners/mirror/feed.json?limit=100&content=full')).json()) as {
      items: { content_html?: string }[];
      next_url: string;
    };
    expect(first.items).toHaveLength(2);
    expect(first.items[0]).not.toHaveProperty('content_html');
    expect(await titles(token, new URL(first.next_url).pathname + new URL(first.next_url).search)).toBe('BA');
    expect(await titles(token, '/partners/mirror/feed.json?limit=1')).toBe('E');
  });

  test('nothing younger than its delay, and every withdrawal at once', async () => {
    const token = await partnerWith('mirror', { delay: 3_600 });
    await gazette.publish({
      id: 'young',
      headline: 'Y',
      publishedAt: new Date(Date.now() - 60_000).toISOString(),
    });
    await gazette.publish({
      id: 'old',
      headline: 'O',
      publishedAt: new Date(Date.now() - 4_000_000).toISOString(),
    });
    await settle();
    expect(await titles(token)).toBe('OECBA');
    await gazette.withdraw('A');
    await settle();
    const feed = await (await read(token)).json();
    expect(feed).toMatchObject({ _dateline: { withdrawn: [{ id: expect.any(String) }] } });
  });

  test('of what was kept from it, not even the withdrawal', async () => {
    const token = await partnerWith('mirror');
    await gazette.withdraw('D');
    await settle();
    expect(await (await read(token)).json()).toMatchObject({ _dateline: { withdrawn: [] } });
  });

  test('304 for the copy it has, and only what is new when it asks for that', async () => {
    const token = await partnerWith('mirror');
    const etag = (await read(token)).headers.get('ETag') ?? '';
    expect((await read(token, undefined, { 'If-None-Match': etag })).status).toBe(304);
    await gazette.publish({ id: 'F', headline: 'F' });
    await settle();
    const response = await read(token, undefined, { 'If-None-Match': etag, 'A-IM': 'feed' });
    expect(response.status).toBe(226);
    expect(((await response.json()) as { items: object[] }).items).toHaveLength(1);
  });
});
