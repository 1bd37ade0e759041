import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { deskOf } from '../../src/bindings.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { FEED_FORMATS } from '../../src/formats/registry.ts';
import { asAdmin, payload, request, send } from '../client.ts';
import { newsroom, partnerWith, settle } from './newsroom.ts';

/** Articles that are withheld from a partner (`rights.excludePartners`). */

let gazette: Awaited<ReturnType<typeof newsroom>>;

beforeEach(async () => {
  await reset();
  gazette = await newsroom();
});

const rename = async (id: string, name: string) =>
  expect((await asAdmin(`/admin/partners/${id}`, 'PUT', { name })).status).toBe(200);

/** The headlines in a partner's feed, and how many withdrawals. */
async function feedOf(id: string, token: string): Promise<{ titles: string[]; withdrawn: number }> {
  const response = await request(`/partners/${id}/feed.json`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  const { items, _dateline } = (await response.json()) as {
    items: { title: string }[];
    _dateline: { withdrawn: object[] };
  };
  return { titles: items.map(({ title }) => title), withdrawn: _dateline.withdrawn.length };
}

const withhold = (headline: string, ...excludePartners: string[]) =>
  gazette.publish({ id: headline, headline, rights: { excludePartners, copyright: 'The Gazette' } });

describe('an article is withheld from a partner', () => {
  test.each([
    ['its id in another case', 'Beta-Partner'],
    ['its id with spaces around it', '  beta-partner '],
    ['its name', 'Straße देश Presse'],
    ['its name in another case', 'STRASSE देश PRESSE'],
    ['its name in full-width letters', 'Ｓｔｒａｓｓｅ देश presse'],
    ['its name with an invisible character', 'Straße\u200D देश\u2060 Presse'],
    ['its name with other spaces', 'straße\u00A0देश  presse'],
  ])('by %s', async (_what, name) => {
    const token = await partnerWith('beta-partner', { name: 'Straße देश Presse' });
    const other = await partnerWith('other', { name: 'Another' });
    await withhold('Kept', 'somebody', name);
    await withhold('Given', 'somebody');
    await settle();
    expect(await feedOf('beta-partner', token)).toEqual({ titles: ['Given'], withdrawn: 0 });
    expect((await feedOf('other', other)).titles.sort()).toEqual(['Given', 'Kept']);
    await gazette.withdraw('Kept');
    await settle();
    expect(await feedOf('beta-partner', token)).toEqual({ titles: ['Given'], withdrawn: 0 });
  });

  test('by any name that it had, before and after it was renamed', async () => {
    const token = await partnerWith('beta', { name: 'Mirror' });
    await withhold('Before', 'MIRROR');
    await rename('beta', 'Herald');
    await withhold('Between', 'herald');
    await rename('beta', 'Tribune');
    await withhold('After', 'Tribune');
    await withhold('Late', 'mirror');
    await settle();
    expect((await feedOf('beta', token)).titles).toEqual([]);
    expect(await (await asAdmin('/admin/partners/beta', 'GET')).json()).toMatchObject({
      name: 'Tribune',
      formerNames: ['Herald', 'Mirror'],
    });
    await rename('beta', 'Mirror');
    expect((await feedOf('beta', token)).titles).toEqual([]);
    await rename('beta', 'MIRROR');
    expect(await (await asAdmin('/admin/partners/beta', 'GET')).json()).toMatchObject({
      name: 'MIRROR',
      formerNames: ['Tribune', 'Herald'],
    });
  });

  test('by its new name at once, while KV still has its record of before', async () => {
    const token = await partnerWith('beta', { name: 'Mirror' });
    await settle();
    const before = (await env.KV.get('partner:beta')) ?? '';
    await rename('beta', 'Herald');
    const id = await withhold('Kept', 'herald');
    await settle();
    // What KV's cache serves for up to 60 s.
    await env.KV.put('partner:beta', before);
    expect((await feedOf('beta', token)).titles).toEqual([]);
    expect(await deskOf(env).isWithheld(id, JSON.parse(before))).toBe(true);
    await gazette.withdraw('Kept');
    await settle();
    expect(await feedOf('beta', token)).toEqual({ titles: [], withdrawn: 0 });
  });

  test('by all of its names, with as many filters as it may have; a further name is refused', async () => {
    const token = await partnerWith('beta', { name: 'Name Ä0' });
    const filters = { exclude: { tags: Array.from({ length: 30 }, (_, n) => `tag ${n}`) } };
    for (let n = 1; n <= 20; n += 1) {
      const saved = await asAdmin('/admin/partners/beta', 'PUT', { name: `Name Ä${n}`, filters, delay: 1 });
      expect(saved.status).toBe(200);
      // A new Desk does not know when it last wrote the partner's key, and waits no second before it does so again.
      await evictDurableObject(deskOf(env));
    }
    const refused = await asAdmin('/admin/partners/beta', 'PUT', { name: 'Name Ä21' });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ issues: [{ path: 'name' }] });
    const publishedAt = '2026-11-20T10:00:00Z';
    await gazette.publish({ id: 'a', headline: 'A', publishedAt, rights: { excludePartners: ['name ä0'] } });
    await gazette.publish({ id: 'b', headline: 'B', publishedAt });
    await settle();
    expect((await feedOf('beta', token)).titles).toEqual(['B']);
    const headers = { Authorization: `Bearer ${token}` };
    const paged = await request('/partners/beta/feed.json?limit=1', { headers });
    expect(paged.status).toBe(200);
  });

  test('also where the Desk listed it under an earlier release, once it is rebuilt', async () => {
    const token = await partnerWith('beta', { name: 'ΟΔΟΣ' });
    await withhold('Kept', 'οδος');
    await settle();
    await runInDurableObject(deskOf(env), (_instance: Desk, { storage }) => {
      storage.sql.exec("UPDATE OR REPLACE memberships SET name = 'οδΟς' WHERE kind = 'withheld'");
    });
    await deskOf(env).rebuild();
    await settle();
    do await settle();
    while ((await deskOf(env).rebuildProgress()).state !== 'done');
    expect((await feedOf('beta', token)).titles).toEqual([]);
  });
});

describe('from whom an article is withheld', () => {
  const NAME = 'the-name-of-a-partner';
  let readers = 0;

  /** Every public output that contains the article, and a partner's. */
  async function outputs(id: string): Promise<[string, string][]> {
    const token = await partnerWith(`reader${++readers}`);
    const paths = [
      `/articles/${id}`,
      '/articles',
      '/articles?tag=rain',
      '/changes',
      '/',
      '/tags/rain',
      ...FEED_FORMATS.flatMap(({ extension }) => [
        `/feeds/all.${extension}`,
        `/feeds/all.${extension}?limit=1`,
        `/feeds/tags/rain.${extension}`,
        `/feeds/all.${extension}?section=City&content=summary`,
      ]),
    ];
    const texts: [string, string][] = [];
    for (const path of [...paths, `/partners/reader${readers}/feed.json?key=${token}`]) {
      const response = await request(path);
      expect(response.status, path).toBe(200);
      texts.push([path, await response.text()]);
    }
    return texts;
  }

  const article = {
    id: '1',
    headline: 'Withheld words',
    section: 'City',
    tags: ['rain'],
    rights: { excludePartners: [NAME], copyright: 'The Gazette' },
  };

  test('is in nothing public; the other rights are', async () => {
    const id = await gazette.publish(article);
    // Before and after KV has it.
    for (const _round of [1, 2]) {
      for (const [path, text] of await outputs(id)) {
        expect(text, path).not.toContain(NAME);
        expect(text, path).not.toContain('excludePartners');
      }
      await settle();
    }
    expect(await (await request(`/articles/${id}`)).json()).toMatchObject({
      rights: { copyright: 'The Gazette' },
    });
    expect(await (await request('/feeds/all.json')).text()).toContain('The Gazette');
  });

  test('is in the preview for the publisher', async () => {
    const response = await send(payload(article), { secret: gazette.secret, path: '/preview' });
    expect(await response.json()).toMatchObject({ article: { rights: { excludePartners: [NAME] } } });
  });

  test('is not served from what an earlier release stored in KV', async () => {
    const id = await gazette.publish(article);
    await settle();
    const [key, feed] = [`article:${id}`, 'rendered:all.json'];
    const withoutForm = ({ form: _form, ...metadata }: Record<string, unknown>) => metadata;
    const stored = await env.KV.getWithMetadata<Record<string, unknown>>(key);
    const body = JSON.parse(stored.value ?? '');
    const old = JSON.stringify({ ...body, rights: article.rights });
    await env.KV.put(key, old, { metadata: withoutForm(stored.metadata ?? {}) });
    const rendered = await env.KV.getWithMetadata<Record<string, unknown>>(feed);
    const oldFeed = JSON.parse(rendered.value ?? '');
    oldFeed.items[0]._dateline.rights = article.rights;
    await env.KV.put(feed, JSON.stringify(oldFeed), { metadata: withoutForm(rendered.metadata ?? {}) });
    for (const [path, text] of await outputs(id)) expect(text, path).not.toContain(NAME);
  });
});
