import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { expandDetail } from '../../src/desk/contract/detail.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { asAdmin, request } from '../client.ts';
import { desk, gathered, idOf, inDesk, published, settle, sql, updated, withdrawn } from './desk.ts';

/** Where an article's words are, and that they go. */

const T1 = '2026-11-20T10:00:00.000Z';
const T2 = '2026-11-20T11:00:00.000Z';
const T3 = '2026-11-20T12:00:00.000Z';

beforeEach(reset);

/** Every value of every table and of KV as text, compressed ones expanded. */
async function everything(): Promise<string> {
  const texts: string[] = [];
  const tables = await sql(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
  );
  for (const { name } of tables) {
    for (const row of await sql(`SELECT * FROM ${name}`)) {
      for (const [column, value] of Object.entries(row)) {
        // In the place of a SHA-256, these tests have the content itself.
        if (column === 'content_hash') continue;
        if (!(value instanceof ArrayBuffer)) texts.push(String(value));
        else if (column === 'gzip') texts.push(await expandDetail(value));
        else for (const gzip of members(new Uint8Array(value))) texts.push(await expandDetail(gzip));
      }
    }
  }
  for (const { name } of (await env.KV.list()).keys) texts.push(name, (await env.KV.get(name)) ?? '');
  return texts.join('\n');
}

/** The gzips that follow each other: each begins with these three bytes (RFC 1952, section 2.3.1). */
function members(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const starts = [...bytes.keys()].filter(
    (at) => bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8,
  );
  return starts.map((start, index) => bytes.slice(start, starts[index + 1]));
}

const WORDS = [
  'Secretheadline',
  'Secretexcerpt',
  'Secretbody',
  'Earlierheadline',
  'Earlierbody',
  'secret.example',
];

async function withWords(): Promise<void> {
  await published('a', T1, {
    sourceId: 'a',
    headline: 'Earlierheadline',
    text: 'Earlierbody',
    section: 'City',
  });
  await updated('a', T2, {
    ...{
      sourceId: 'a',
      headline: 'Secretheadline',
      excerpt: 'Secretexcerpt',
      text: 'Secretbody',
      section: 'City',
    },
    image: { url: 'https://secret.example/a.jpg' },
  });
  await published('b', T1, { sourceId: 'b', section: 'City' });
  await settle();
  const texts = await everything();
  for (const word of WORDS) expect(texts).toContain(word);
}

async function expectNoWords(): Promise<void> {
  const texts = await everything();
  for (const word of WORDS) expect(texts).not.toContain(word);
}

const erase = (name: string) => asAdmin(`/admin/articles/${idOf(name)}/content`, 'DELETE');
const restore = (name: string) => asAdmin(`/admin/articles/${idOf(name)}/restore`, 'POST');

describe('a publisher’s withdrawal', () => {
  test('deletes body, versions and the words of the card in its transaction', async () => {
    await withWords();
    expect(await withdrawn('a', T3)).toMatchObject({
      status: 'accepted',
      article: { version: 3, url: expect.stringContaining('secretheadline') },
    });
    const [row] = await sql('SELECT card, language FROM articles WHERE id = ?', idOf('a'));
    expect(row).toEqual({ card: null, language: 'en' });
    expect(await sql('SELECT article_id FROM bodies')).toEqual([{ article_id: idOf('b') }]);
    expect(await sql('SELECT article_id FROM versions')).toEqual([]);
    await settle();
    await expectNoWords();
    expect(await inDesk('a')).toMatchObject({ id: idOf('a'), status: 'withdrawn', language: 'en' });
    expect((await request(`/articles/${idOf('a')}`)).status).toBe(410);
  });

  test('does so under the previous release, too, and to what that release had withdrawn', async () => {
    await withWords();
    await sql('UPDATE articles SET publisher_withdrew = 1 WHERE id = ?', idOf('a'));
    expect(await sql('SELECT card, language FROM articles WHERE id = ?', idOf('a'))).toEqual([
      { card: null, language: 'en' },
    ]);
    expect(await sql('SELECT article_id FROM bodies')).toEqual([{ article_id: idOf('b') }]);
  });

  test('is not undone by a write of the article that ends after it', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const kvOf = (instance: Desk) => (instance as unknown as { env: { KV: KVNamespace } }).env.KV;
    let begun = 0;
    await runInDurableObject(desk(), (instance: Desk) => {
      const kv = kvOf(instance);
      const put = kv.put.bind(kv) as (...args: unknown[]) => Promise<void>;
      kv.put = (async (...args: unknown[]) => {
        if (String(args[0]) === `article:${idOf('a')}` && ++begun === 1) await held;
        await put(...args);
      }) as KVNamespace['put'];
    });
    await published('a', T1, { headline: 'Secretheadline', text: 'Secretbody' });
    await gathered();
    while (begun === 0) await scheduler.wait(10);
    await withdrawn('a', T2);
    await gathered();
    expect(begun).toBe(1);
    release();
    await settle();
    expect(begun).toBe(2);
    expect(await env.KV.get(`article:${idOf('a')}`)).toContain('"status":"withdrawn"');
    expect(await everything()).not.toContain('Secret');
    await runInDurableObject(desk(), (instance: Desk) => void Reflect.deleteProperty(kvOf(instance), 'put'));
  });

  test('is ended by new content only', async () => {
    await withWords();
    await withdrawn('a', T3);
    expect((await restore('a')).status).toBe(409);
    expect(await published('a', '2026-11-20T13:00:00.000Z', { sourceId: 'a', text: 'New' })).toMatchObject({
      status: 'accepted',
      article: { url: expect.stringContaining('a-headline') },
    });
    await settle();
    expect(await inDesk('a')).toMatchObject({ headline: 'A headline', version: 4 });
  });
});

describe('a publisher’s withdrawal of what the operator withdrew first', () => {
  test('deletes the words at once, and the operator’s restore leaves the tombstone', async () => {
    await withWords();
    await desk().withdraw(idOf('a'), 'A court order');
    expect(await withdrawn('a', T3)).toMatchObject({ status: 'accepted', article: { version: 4 } });
    expect(await sql('SELECT card, content_hash FROM articles WHERE id = ?', idOf('a'))).toMatchObject([
      { card: null },
    ]);
    expect(await sql('SELECT article_id FROM bodies')).toEqual([{ article_id: idOf('b') }]);
    expect(await sql('SELECT article_id FROM versions')).toEqual([]);
    await settle();
    await expectNoWords();
    expect(await inDesk('a')).toMatchObject({ version: 4, status: 'withdrawn', reason: 'A court order' });
    const answer = await restore('a');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ article: { version: 5, status: 'withdrawn' } });
    await settle();
    await expectNoWords();
    expect((await request(`/articles/${idOf('a')}`)).status).toBe(410);
    expect(await updated('a', '2026-11-20T13:00:00.000Z', { sourceId: 'a' })).toMatchObject({
      status: 'ignored',
    });
    expect(await published('a', '2026-11-20T14:00:00.000Z', { sourceId: 'a' })).toMatchObject({
      status: 'accepted',
      article: { version: 6 },
    });
  });

  test('is stale when it is older than what the publisher sent, and unchanged when it is repeated', async () => {
    await withWords();
    await desk().withdraw(idOf('a'));
    expect(await withdrawn('a', T1)).toMatchObject({ status: 'stale' });
    expect(await withdrawn('a', undefined)).toMatchObject({ status: 'accepted' });
    expect(await withdrawn('a', undefined)).toMatchObject({ status: 'unchanged', article: { version: 4 } });
    expect(await published('a', undefined, { sourceId: 'a' })).toMatchObject({ status: 'ignored' });
  });

  test('is recorded also after the operator deleted the words', async () => {
    await withWords();
    await desk().withdraw(idOf('a'));
    await erase('a');
    expect(await withdrawn('a', T3)).toMatchObject({ status: 'accepted' });
    expect(await (await restore('a')).json()).toMatchObject({ article: { status: 'withdrawn' } });
  });
});

describe('an operator’s withdrawal', () => {
  test('keeps body, versions and card until the restore', async () => {
    await withWords();
    await desk().withdraw(idOf('a'));
    expect(await env.KV.get(`article:${idOf('a')}`)).not.toContain('Secret');
    expect(await sql('SELECT article_id FROM versions')).toEqual([{ article_id: idOf('a') }]);
    expect((await restore('a')).status).toBe(200);
    expect(await inDesk('a')).toMatchObject({ headline: 'Secretheadline', version: 4 });
  });

  test('keeps them until they are deleted for good, and then nothing is left to restore', async () => {
    await withWords();
    await desk().withdraw(idOf('a'), 'A court order');
    for (let times = 0; times < 2; times += 1) {
      const erased = await erase('a');
      expect(erased.status).toBe(204);
      expect(await erased.text()).toBe('');
    }
    await settle();
    await expectNoWords();
    expect(await inDesk('a')).toMatchObject({ status: 'withdrawn', language: 'en', reason: 'A court order' });
    const refused = await restore('a');
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      detail: expect.stringContaining('deleted by the operator'),
    });
    expect(await published('a', T3, { headline: 'Again' })).toMatchObject({ status: 'ignored' });
    expect((await asAdmin(`/admin/articles/${idOf('a')}/versions`, 'GET')).status).toBe(200);
  });

  test('only of a withdrawn article can words be deleted', async () => {
    await withWords();
    const refused = await erase('a');
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('Withdraw it first') });
    expect(await inDesk('a')).toMatchObject({ headline: 'Secretheadline' });
    await published('c', T1, { sourceId: 'c', embargoUntil: '2999-01-01T00:00:00.000Z' });
    expect((await erase('c')).status).toBe(409);
    expect((await erase('nobody')).status).toBe(404);
    const stranger = await request(`/admin/articles/${idOf('a')}/content`, { method: 'DELETE' });
    expect(stranger.status).toBe(401);
  });

  test('what was deleted is not taken from KV again by the migration', async () => {
    await withWords();
    const before = (await env.KV.get(`article:${idOf('a')}`)) ?? '';
    await desk().withdraw(idOf('a'));
    await erase('a');
    await env.KV.put(`article:${idOf('a')}`, JSON.stringify({ ...JSON.parse(before), version: 3 }));
    await sql("DELETE FROM settings WHERE name = 'bodies'");
    await evictDurableObject(desk());
    for (let round = 0; round < 20 && (await desk().bodyMigration()).state !== 'done'; round += 1) {
      await desk().backlog();
      await scheduler.wait(20);
    }
    expect((await desk().bodyMigration()).state).toBe('done');
    expect(await sql('SELECT article_id FROM bodies')).toEqual([{ article_id: idOf('b') }]);
  });
});
