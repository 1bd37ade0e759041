import { reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { ArticleWriter } from '../../src/desk/article-writer.ts';
import type { VersionSummary } from '../../src/desk/contract/messages.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { Outbox } from '../../src/desk/projection/outbox.ts';
import { openTables, type Tables } from '../../src/desk/tables/tables.ts';
import { Versions } from '../../src/desk/tables/versions.ts';
import { asAdmin, request } from '../client.ts';
import { desk, idOf, inDesk, inKv, published, revisionOf, settle, updated, withdrawn } from './desk.ts';

/** The earlier versions of articles, which only the operator sees. */

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();

beforeEach(reset);

const path = (rest = '') => `/admin/articles/${idOf('a')}/versions${rest}`;
const listed = async () =>
  ((await (await asAdmin(path(), 'GET')).json()) as { versions: VersionSummary[] }).versions;
const restored = (version: number | string) => asAdmin(path(`/${version}/restore`), 'POST');

/** Publishes an article in this many versions. */
async function inVersions(count: number): Promise<void> {
  await published('a', at(1), { headline: 'Version 1', text: 'Text 1', section: 'City' });
  for (let version = 2; version <= count; version += 1) {
    await updated('a', at(version), { headline: `Version ${version}`, text: `Text ${version}` });
  }
}

const withTables = <Result>(work: (tables: Tables, sql: SqlStorage) => Result | Promise<Result>) =>
  runInDurableObject(desk(), (_instance: Desk, { storage }) => work(openTables(storage.sql), storage.sql));

const earlier = (version: number, size: number) => {
  const { hash, card, bytes } = revisionOf({ headline: `Version ${version}` });
  const times = { version, replacedAt: at(version), publishedAt: at(0), updatedAt: at(version) };
  return { ...times, revision: { hash, card, bytes, detail: new Uint8Array(size).fill(version) } };
};

describe('the earlier versions of an article', () => {
  test('are listed for the operator, the newest first, without the current one', async () => {
    await inVersions(3);
    expect(await listed()).toMatchObject([
      { version: 2, headline: 'Version 2', publishedAt: expect.any(String), replacedAt: expect.any(String) },
      { version: 1, headline: 'Version 1' },
    ]);
    const response = await asAdmin(path('/1'), 'GET');
    expect(response.headers.get('Cache-Control')).toContain('no-store');
    expect(await response.json()).toMatchObject({
      ...{ version: 1, headline: 'Version 1' },
      article: {
        ...{ id: idOf('a'), version: 1, headline: 'Version 1', section: 'City' },
        body: [{ content: [{ text: 'Text 1' }] }],
      },
    });
    for (const unknown of ['/3', '/9', '/0', '/x'])
      expect((await asAdmin(path(unknown), 'GET')).status).toBe(404);
    expect((await asAdmin(`/admin/articles/${idOf('b')}/versions`, 'GET')).status).toBe(404);
    for (const each of [path(), path('/1')]) expect((await request(each)).status).toBe(401);
  });

  test('are in nothing public', async () => {
    await inVersions(2);
    await settle();
    for (const { name } of (await env.KV.list()).keys) expect(await env.KV.get(name)).not.toContain('Text 1');
  });

  test('are the last twenty', async () => {
    await inVersions(25);
    expect((await listed()).map(({ version }) => version)).toEqual(
      Array.from({ length: 20 }, (_each, index) => 24 - index),
    );
  });

  test('are not made by unchanged content', async () => {
    await inVersions(1);
    await published('a', at(5), { headline: 'Version 1', text: 'Text 1', section: 'City' });
    expect(await listed()).toEqual([]);
  });

  test('have at most 256 kB of an article: the oldest go first', async () => {
    await withTables((tables) => {
      for (let version = 1; version <= 5; version += 1) tables.versions.add('a', earlier(version, 80_000));
      expect(tables.versions.list('a').map(({ version }) => version)).toEqual([5, 4, 3]);
      tables.versions.add('a', earlier(6, 200_000));
      expect(tables.versions.list('a').map(({ version }) => version)).toEqual([6]);
      // One that is too large alone is not kept, and pushes no other out.
      tables.versions.add('a', earlier(7, 260_000));
      expect(tables.versions.list('a').map(({ version }) => version)).toEqual([6]);
      expect(tables.versions.find('a', 6)?.revision.detail).toEqual(new Uint8Array(200_000).fill(6));
    });
  });

  test('and a limited size of the whole site: the oldest go first, in bounded steps', async () => {
    await withTables((_tables, sql) => {
      const versions = new Versions(sql, { maxSiteBytes: 11_000 });
      for (let version = 1; version <= 10; version += 1) {
        versions.add(version % 2 === 0 ? 'even' : 'odd', earlier(version, 2_000));
      }
      for (let step = 0; step < 10 && versions.trim(); step += 1);
      const kept = ['even', 'odd'].flatMap((id) => versions.list(id).map(({ version }) => version)).sort();
      expect(kept).toEqual([10, 7, 8, 9].sort());
      const [{ total } = { total: 0 }] = sql
        .exec<{ total: number }>('SELECT SUM(LENGTH(gzips) + LENGTH(entries)) AS total FROM versions')
        .toArray();
      expect(total).toBeLessThanOrEqual(11_000);
      expect(versions.trim()).toBe(true);
      expect(versions.trim()).toBe(false);
    });
  });

  test('cannot exceed a row', () =>
    withTables((_tables, sql) => {
      expect(() => new Versions(sql, { maxBytes: 2_000_000 })).toThrow('2000000');
    }));

  test('cost an update at most two rows more', async () => {
    const counts = (kept: boolean) =>
      runInDurableObject(desk(), (_instance: Desk, { storage }) => {
        const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
        const sql = {
          exec: (query: string, ...bindings: SqlStorageValue[]) => {
            const cursor = storage.sql.exec(query, ...bindings);
            cursors.push(cursor);
            return cursor;
          },
        } as SqlStorage;
        const versions = new Versions(sql, kept ? {} : { maxBytes: 0 });
        const kv = { put: async () => {}, delete: async () => {} };
        const outbox = new Outbox(sql, kv, { valueOf: () => null, written: () => {} });
        const writer = new ArticleWriter({ ...openTables(sql), versions }, outbox, env.ORIGIN);
        const id = idOf(kept ? 'k' : 'n');
        return Array.from({ length: 30 }, (_each, index) => {
          cursors.splice(0);
          const revision = revisionOf({ headline: `Version ${index}`, section: 'City' });
          const event = { kind: 'published' as const, id, revisedAt: at(index), revision };
          const arrival = { signature: 'token' as const, milliseconds: 1 };
          const delivery = { publisher: 'gazette', id: `${kept} ${index}`, arrival, events: [event] };
          storage.transactionSync(() => writer.receive(delivery, Date.now()));
          return cursors.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
        });
      });
    const [without, kept] = [await counts(false), await counts(true)];
    for (const [index, rows] of kept.entries()) expect(rows - (without[index] ?? 0)).toBeLessThanOrEqual(2);
    expect((kept[29] ?? 0) - (without[29] ?? 0)).toBeGreaterThan(0);
    await runInDurableObject(desk(), (_instance: Desk, { storage }) =>
      storage.sql.exec('DELETE FROM outbox'),
    );
  });
});

describe('the restore of an earlier version', () => {
  test('is a new version with a new number in the sequence, and keeps what it replaces', async () => {
    await inVersions(3);
    await settle();
    const before = (await desk().changes(0, 10)).changes[0];
    const response = await restored(1);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ article: { id: idOf('a'), version: 4, status: 'published' } });
    expect(await inKv('a')).toMatchObject({ version: 4, headline: 'Version 1', section: 'City' });
    expect(JSON.stringify(await inDesk('a'))).toContain('Text 1');
    const [change] = (await desk().changes(0, 10)).changes;
    expect(change).toMatchObject({ version: 4, kind: 'upsert' });
    expect(change?.seq).toBeGreaterThan(before?.seq ?? 0);
    expect((await listed()).map(({ version }) => version)).toEqual([3, 2, 1]);
  });

  test('applies the publisher’s later corrections and withdrawals, and no earlier ones', async () => {
    await inVersions(3);
    await restored(2);
    expect(await updated('a', at(3), { headline: 'Version 3', text: 'Text 3' })).toMatchObject({
      status: 'stale',
    });
    expect(await withdrawn('a', at(2))).toMatchObject({ status: 'stale' });
    expect(await inDesk('a')).toMatchObject({ version: 4, headline: 'Version 2' });
    const later = new Date(Date.now() + 1_000).toISOString();
    expect(await updated('a', later, { headline: 'Corrected' })).toMatchObject({ status: 'accepted' });
    expect(await withdrawn('a', new Date(Date.now() + 2_000).toISOString())).toMatchObject({
      status: 'accepted',
    });
  });

  test('does not hold up a withdrawal that is newer than what the publisher sent', async () => {
    await inVersions(3);
    await restored(2);
    await restored(1);
    expect(await withdrawn('a', at(2))).toMatchObject({ status: 'stale' });
    expect(await withdrawn('a', at(4))).toMatchObject({ status: 'accepted', article: { version: 6 } });
    expect(await inDesk('a')).toMatchObject({ status: 'withdrawn' });
    // From here on the publisher's own times count alone.
    expect(await published('a', at(3), { headline: 'Version 3' })).toMatchObject({ status: 'stale' });
    expect(await published('a', at(6), { headline: 'Anew' })).toMatchObject({ status: 'accepted' });
    expect(await withdrawn('a', at(5))).toMatchObject({ status: 'stale' });
  });

  test('counts no longer once the publisher has sent something newer', async () => {
    await inVersions(2);
    await restored(1);
    const [soon, later] = [1_000, 2_000].map((ms) => new Date(Date.now() + ms).toISOString());
    expect(await updated('a', later, { headline: 'Corrected' })).toMatchObject({ status: 'accepted' });
    expect(await withdrawn('a', soon)).toMatchObject({ status: 'stale' });
  });

  test('is not undone by a replay under a signature without a time', async () => {
    let sent = 0;
    const timeless = async (kind: 'updated' | 'withdrawn', headline: string) => {
      const revision = revisionOf({ headline, sourceId: 'a' });
      const { outcomes } = await desk().receive({
        ...{ publisher: 'gazette', id: `replay-${++sent}`, bodyHash: `${kind} ${headline}` },
        arrival: { signature: 'github', milliseconds: 1 },
        events: [
          kind === 'withdrawn'
            ? { kind, id: idOf('a'), publisher: 'gazette', sourceId: 'a' }
            : { kind, id: idOf('a'), revision },
        ],
      });
      return outcomes[0]?.status;
    };
    // The first came with a time, before such events were remembered.
    await published('a', undefined, { headline: 'One', sourceId: 'a' });
    await updated('a', undefined, { headline: 'Two', sourceId: 'a' });
    expect((await restored(1)).status).toBe(200);
    expect(await timeless('updated', 'Two')).toBe('stale');
    expect(await timeless('updated', 'One')).toBe('unchanged');
    expect(await inDesk('a')).toMatchObject({ headline: 'One', version: 3 });
    expect(await timeless('updated', 'Three')).toBe('accepted');
    expect(await timeless('updated', 'Two')).toBe('stale');
    expect(await timeless('withdrawn', '')).toBe('accepted');
  });

  test('is refused for a withdrawn article, whoever withdrew it', async () => {
    await inVersions(2);
    await desk().withdraw(idOf('a'));
    const refused = await restored(1);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('withdrawn') });
    await desk().restore(idOf('a'));
    await withdrawn('a', at(30));
    expect((await restored(1)).status).toBe(409);
    expect(await listed()).toEqual([]);
  });

  test('is 404 for a version that is not kept', async () => {
    await inVersions(2);
    for (const unknown of ['2', '9', 'x']) expect((await restored(unknown)).status).toBe(404);
    expect((await asAdmin(`/admin/articles/${idOf('b')}/versions/1/restore`, 'POST')).status).toBe(404);
  });
});
