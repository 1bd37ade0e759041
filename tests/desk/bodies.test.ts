import { reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { compose } from '../../src/desk/composition.ts';
import { compressDetail, expandDetail, MAX_DETAIL_BYTES } from '../../src/desk/contract/detail.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { Archive } from '../../src/desk/projection/archive.ts';
import { BodyReader } from '../../src/desk/projection/body-reader.ts';
import { Projection } from '../../src/desk/projection/projection.ts';
import { MAX_ROW_BYTES } from '../../src/desk/tables/bodies.ts';
import { openTables } from '../../src/desk/tables/tables.ts';
import { asAdmin, request } from '../client.ts';
import {
  desk,
  idOf,
  inDesk,
  passTime,
  published,
  rebuilt,
  revisionOf,
  settle,
  sql,
  updated,
  withdrawn,
} from './desk.ts';

const T1 = '2026-11-20T10:00:00.000Z';
const T2 = '2026-11-20T11:00:00.000Z';
const FUTURE = '2999-01-01T00:00:00.000Z';

beforeEach(reset);

/** The JSON of the Desk's body of an article; undefined when it has none. */
async function bodyOf(name: string): Promise<string | undefined> {
  const [row] = await sql('SELECT gzip, bytes FROM bodies WHERE article_id = ?', idOf(name));
  if (row === undefined) return undefined;
  const json = await expandDetail(row.gzip as ArrayBuffer);
  expect(row.bytes).toBe(new TextEncoder().encode(json).length);
  return json;
}

/** Every key of KV with its value and metadata. */
async function everythingInKv(): Promise<Map<string, unknown>> {
  const { keys } = await env.KV.list();
  const found = new Map<string, unknown>();
  for (const { name } of keys) {
    const { value, metadata } = await env.KV.getWithMetadata(name);
    found.set(name, { value, metadata });
  }
  return found;
}

async function emptyKv(): Promise<void> {
  for (const { name } of (await env.KV.list()).keys) await env.KV.delete(name);
}

describe('the Desk keeps every article’s newest body', () => {
  test('of published, embargoed, expired and withheld articles alike, compressed', async () => {
    await published('a', T1, { sourceId: 'a', text: 'नदी का पानी' });
    await published('b', T1, { sourceId: 'b', text: 'Under embargo', embargoUntil: FUTURE });
    await published('c', T1, { sourceId: 'c', text: 'Soon over', expiresAt: FUTURE });
    await published('d', T1, { sourceId: 'd', text: 'Withheld' });
    await settle();
    await passTime('c', 'expires_at');
    await desk().withdraw(idOf('d'));
    await settle();
    expect(await bodyOf('a')).toContain('नदी का पानी');
    expect(await bodyOf('b')).toContain('Under embargo');
    expect(await bodyOf('c')).toContain('Soon over');
    expect(await bodyOf('d')).toContain('Withheld');
    await updated('a', T2, { sourceId: 'a', text: 'Corrected' });
    expect(await bodyOf('a')).toContain('Corrected');
    expect(await sql('SELECT COUNT(*) AS count FROM bodies')).toEqual([{ count: 4 }]);
    expect(await sql('SELECT * FROM details')).toEqual([]);
  });

  test('until its publisher withdraws it', async () => {
    await published('a', T1);
    await settle();
    await withdrawn('a', T2);
    expect(await bodyOf('a')).toBeUndefined();
  });

  test('within the rows that a first publication wrote before', async () => {
    // In eight scopes, as docs/scale.md counts.
    const revision = revisionOf({ section: 'City', tags: ['x', 'y', 'z'], authors: [{ name: 'A' }] });
    const counts = await runInDurableObject(desk(), async (_instance: Desk, state) => {
      const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
      const counting = {
        exec: (query: string, ...bindings: SqlStorageValue[]) => {
          const cursor = state.storage.sql.exec(query, ...bindings);
          cursors.push(cursor);
          return cursor;
        },
      };
      const storage = new Proxy(state.storage, {
        get(target, name) {
          if (name === 'sql') return counting;
          const member = Reflect.get(target, name);
          return typeof member === 'function' ? member.bind(target) : member;
        },
      });
      const { articleWriter, outbox, announcementQueue } = compose(
        { id: state.id, storage, exports: state.exports } as unknown as DurableObjectState,
        env,
      );
      const written = () => cursors.splice(0).reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
      // The keys that every site has from its beginning.
      await outbox.drain();
      written();
      const receive = (time: string, text: string, id: string) => {
        const event = {
          kind: 'published' as const,
          id: idOf('a'),
          revisedAt: time,
          revision: { ...revision, hash: text },
        };
        const arrival = { signature: 'token' as const, milliseconds: 1 };
        articleWriter.receive({ publisher: 'gazette', id, arrival, events: [event] }, Date.now() - 5_000);
        return written();
      };
      const drain = async () => {
        await outbox.drain();
        await announcementQueue.send();
        return written();
      };
      return { arrival: receive(T1, 'one', '1'), inKv: await drain(), again: receive(T2, 'two', '2') };
    });
    expect(counts.arrival).toBeGreaterThan(50);
    expect(counts.arrival + counts.inKv).toBeLessThanOrEqual(102);
  });

  test('and refuses one that a row cannot hold', async () => {
    await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
      const { bodies } = openTables(storage.sql);
      expect(() => bodies.write(idOf('a'), 'hash', new Uint8Array(MAX_ROW_BYTES))).toThrow('2000000');
    });
  });
});

describe('KV holds projections only', () => {
  test('with KV empty, the Desk answers for every article and tombstone', async () => {
    await published('a', T1, { sourceId: 'a', headline: 'Still here' });
    await published('b', T1, { sourceId: 'b' });
    await withdrawn('b', T2);
    await settle();
    await emptyKv();
    expect(await inDesk('a')).toMatchObject({ headline: 'Still here', body: [{ type: 'paragraph' }] });
    expect(await inDesk('b')).toMatchObject({ id: idOf('b'), status: 'withdrawn' });
    expect(await inDesk('c')).toBeNull();
    expect(await (await request(`/articles/${idOf('a')}`)).json()).toMatchObject({ headline: 'Still here' });
    expect((await request(`/articles/${idOf('b')}`)).status).toBe(410);
    expect((await request(`/articles/${idOf('c')}`)).status).toBe(404);
  });

  test('after KV was emptied, a rebuild writes every key as it was', async () => {
    for (const name of ['a', 'b', 'c', 'd'])
      await published(name, T1, { sourceId: name, section: 'City', tags: ['x'], text: `Body of ${name}.` });
    await published('e', T1, { sourceId: 'e', embargoUntil: FUTURE });
    await withdrawn('b', T2);
    await desk().savePublisher({ id: 'gazette', name: 'The Gazette' }, { sealed: 'x' });
    await desk().withdraw(idOf('c'), 'A court order');
    await settle();
    const before = await everythingInKv();
    expect([...before.keys()].filter((key) => key.startsWith('article:'))).toHaveLength(4);
    await emptyKv();
    await desk().rebuild();
    await rebuilt();
    expect(await everythingInKv()).toEqual(before);
    expect(await desk().rebuildProgress()).toMatchObject({ articles: 4, skipped: 0 });
    expect((await asAdmin('/admin/rebuild', 'GET')).status).toBe(200);
  });

  test('a rebuild queues no more article keys while many wait', async () => {
    await sql(
      `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 450)
       INSERT INTO articles (id, publisher, source_id, version, status, sequence, changed_at, revised_at, publisher_withdrew)
       SELECT printf('b%015d', n), 'gazette', n, 1, 'withdrawn', n, '${T1}', '${T1}', 1 FROM numbers`,
    );
    const waiting = await runInDurableObject(desk(), (_instance: Desk, state) => {
      const { rebuild, outbox } = compose(state, env);
      rebuild.begin(1);
      const seen = [];
      for (let step = 0; step < 20; step += 1) {
        rebuild.run(1);
        seen.push(outbox.backlog().pending);
      }
      return seen;
    });
    expect(Math.max(...waiting)).toBeGreaterThan(200);
    expect(Math.max(...waiting)).toBeLessThanOrEqual(300);
    await sql('DELETE FROM outbox');
    await sql("DELETE FROM settings WHERE name = 'rebuild'");
  });

  test('an answer of the Desk has at most 8 MiB of articles, and the edge asks for the rest', async () => {
    for (const name of ['a', 'b', 'c']) await published(name, T1, { sourceId: name, section: 'City' });
    await settle();
    await sql('UPDATE articles SET bytes = 5000000');
    const keys = ['a', 'b', 'c'].map((name) => `article:${idOf(name)}`);
    expect(await desk().values(keys)).toHaveLength(1);
    await sql('UPDATE articles SET bytes = 3000000');
    expect(await desk().values(keys)).toHaveLength(2);
    const many = Array.from({ length: 250 }, (_each, index) => `article:${idOf(`x${index}`)}`);
    expect(await desk().values(many)).toHaveLength(100);
    for (const key of keys) await env.KV.delete(key);
    const feed = (await (await request('/feeds/sections/City.json')).json()) as { items: object[] };
    expect(feed.items).toHaveLength(3);
    for (const item of feed.items)
      expect(item).toHaveProperty('content_html', expect.stringContaining('Body.'));
  });

  test('a body of other content than the article’s is not shown', async () => {
    await published('a', T1, { text: 'What was removed' });
    await settle();
    await sql("UPDATE articles SET version = version + 1, content_hash = 'other'");
    await expect(inDesk('a')).rejects.toThrow('does not have the body');
  });

  test('an article that changes while its body is expanded is written as it is then', async () => {
    await published('a', T1, { text: 'Withdrawn words' });
    const value = await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
      const tables = openTables(storage.sql);
      const earlier = { take: async () => {}, miss() {} };
      const reader = new BodyReader(tables.bodies, new Archive(undefined, ''), earlier);
      const read = reader.read.bind(reader);
      vi.spyOn(reader, 'read').mockImplementationOnce(async (wanted) => {
        const found = await read(wanted);
        storage.sql.exec("UPDATE articles SET status = 'withdrawn', version = 2, sequence = 2");
        return found;
      });
      return new Projection(tables, reader, earlier, env.ORIGIN).valueOf({ kind: 'article', id: idOf('a') });
    });
    expect(value?.text).toContain('"status":"withdrawn"');
    expect(value?.text).not.toContain('Withdrawn words');
    await settle();
  });
});

describe('compression', () => {
  test('gives back the same text', async () => {
    const text = JSON.stringify({ body: ['हिन्दी', '😀', '&'.repeat(100_000)] });
    const gzip = await compressDetail(text);
    expect(gzip.byteLength).toBeLessThan(1_000);
    expect(await expandDetail(gzip)).toBe(text);
  });

  test('expands no more bytes than an article may have', async () => {
    const bomb = await compressDetail('x'.repeat(MAX_DETAIL_BYTES + 1));
    expect(bomb.byteLength).toBeLessThan(10_000);
    await expect(expandDetail(bomb)).rejects.toThrow(String(MAX_DETAIL_BYTES));
  });

  test('a damaged body delays no other key', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    await published('a', T1, { sourceId: 'a' });
    await published('b', T1, { sourceId: 'b', section: 'City' });
    await sql("UPDATE bodies SET gzip = x'1f8b0800' WHERE article_id = ?", idOf('a'));
    await scheduler.wait(150);
    await runDurableObjectAlarm(desk());
    expect(await env.KV.get(`article:${idOf('b')}`)).toContain('Body.');
    expect(await env.KV.get(`article:${idOf('a')}`)).toBeNull();
    expect((await desk().backlog()).failing).toBeGreaterThan(0);
    await sql('DELETE FROM outbox');
  });
});
