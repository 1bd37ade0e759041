import { runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import { ArticleWriter } from '../../src/desk/article-writer.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { Rebuild } from '../../src/desk/jobs/rebuild.ts';
import { Inventory } from '../../src/desk/projection/inventory.ts';
import { Outbox } from '../../src/desk/projection/outbox.ts';
import { PurgeQueue } from '../../src/desk/projection/purge-queue.ts';
import { openTables } from '../../src/desk/tables/tables.ts';
import { Versions } from '../../src/desk/tables/versions.ts';
import { desk, idOf, revisionOf } from './desk.ts';

/**
 * What may be read as a whole: the operator's own records, a row for each day, the rows that wait, and what a
 * statement is given as JSON.
 */
const SMALL = /^SCAN (publishers|partners|days|json_each|outbox|announcements|\(subquery)/;

const AT = '2026-11-20T10:00:00.000Z';

test('no statement of the Desk walks a table that grows with the archive', async () => {
  const plans = await runInDurableObject(desk(), async (_instance: Desk, { storage }) => {
    const statements = new Set<string>();
    const sql = {
      exec: (query: string, ...bindings: SqlStorageValue[]) => {
        statements.add(query);
        return storage.sql.exec(query, ...bindings);
      },
    } as SqlStorage;
    await useEverything(sql);
    return [...statements].map((statement) => ({
      statement,
      steps: storage.sql
        .exec<{ detail: string }>(
          `EXPLAIN QUERY PLAN ${statement}`,
          ...Array(parametersOf(statement)).fill(1),
        )
        .toArray()
        .map((step) => step.detail),
    }));
  });
  expect(plans.length).toBeGreaterThan(35);
  const walks = plans.filter(({ steps }) =>
    steps.some((step) => /^SCAN|TEMP B-TREE/.test(step) && !SMALL.test(step)),
  );
  expect(walks).toEqual([]);
  const urgent = plans.filter(({ statement }) => /FROM outbox WHERE lane > 0/.test(statement));
  expect(urgent.length).toBeGreaterThan(3);
  for (const { steps } of urgent) expect(steps.join()).toMatch(/INDEX outbox_(urgent|turns)/);
  for (const { steps } of urgent) expect(steps.join()).not.toContain('TEMP B-TREE');
  const changes = plans.find(({ statement }) => /sequence > \?/.test(statement));
  expect(changes?.steps).toEqual([expect.stringContaining('COVERING INDEX articles_by_change')]);
});

/** How many values a statement binds: numbered ones by their highest number, `?` one by one. */
function parametersOf(statement: string): number {
  const numbered = [...statement.matchAll(/\?(\d+)/g)].map(([, number]) => Number(number));
  return numbered.length > 0 ? Math.max(...numbered) : (statement.match(/\?/g)?.length ?? 0);
}

async function useEverything(sql: SqlStorage): Promise<void> {
  const tables = openTables(sql);
  const {
    archiveDeletions,
    articles,
    bodies,
    memberships,
    trending,
    deliveryLog,
    publishers,
    settings,
    versions,
  } = tables;
  const id = idOf('a');
  articles.writeRevision(id, revisionOf(), { revisedAt: AT, publishedAt: AT, updatedAt: AT });
  articles.settle(id, 'published', 1, AT);
  articles.writeTakedown(id, true, null);
  articles.advance(id, AT);
  articles.find(id);
  articles.lastSequence();
  articles.due(AT, 10);
  articles.nextDue();
  articles.idsAfter(id, 10);
  articles.changedBefore(10, 10);
  const [mark] = articles.marksBefore(10, 10);
  if (mark === undefined) throw new Error('The article has a mark.');
  articles.applyMark(mark);
  articles.outdate(id, 1);
  articles.writeLost({ ...mark, id: idOf('b') }, AT);
  bodies.write(id, revisionOf().hash, revisionOf().detail);
  bodies.find([id]);
  bodies.has(id, 'x');
  bodies.lacking([id]);
  bodies.earlier([id]);
  bodies.held(id);
  const object = { key: 'bodies/a', bytes: 1, sha256: '' };
  bodies.archive(id, revisionOf().hash, object);
  bodies.archived([id]);
  bodies.objectKeys([id]);
  bodies.isHeld(id);
  archiveDeletions.has('');
  bodies.markLost(id, object.key, true);
  bodies.archiveState();
  bodies.forget(id);
  archiveDeletions.expect(object.key, id, 0);
  archiveDeletions.keep(object.key, 0);
  archiveDeletions.add(object.key, id, 0);
  archiveDeletions.hasten(id, 0);
  archiveDeletions.nextDue();
  archiveDeletions.due(0, 10);
  archiveDeletions.deleted([object.key]);
  articles.oldestAfter(0, 10);
  const { hash, detail, card, bytes } = revisionOf();
  const earlier = { version: 1, replacedAt: AT, publishedAt: AT, updatedAt: AT };
  versions.add(id, { ...earlier, revision: { hash, detail, card, bytes } });
  versions.list(id);
  versions.find(id, 1);
  versions.archive(id, 1, hash, object);
  versions.trim();
  const small = new Versions(sql, { maxSiteBytes: 0 });
  for (let steps = 0; steps < 3; steps += 1) small.trim();
  versions.forget(id);
  articles.erase(id, 'en');
  articles.writeRevision(id, revisionOf(), { revisedAt: AT, publishedAt: AT, updatedAt: AT });
  articles.writeWithdrawal(id, 'gazette', '1', AT);

  const section = { kind: 'sections', name: 'City' } as const;
  memberships.list(id, AT, [{ kind: 'all', name: '' }, section]);
  const scopes = [{ kind: 'all' }, section, { kind: 'tags', name: 'x' }] as const;
  memberships.touch(
    scopes.map((scope) => ({ scope, growth: 1 })),
    1,
    AT,
  );
  memberships.newest(section, 10, 1_000);
  memberships.changesBetween({ kind: '', name: '' }, section, 10);
  articles.shownBetween('', id, 10);
  new Inventory(tables).sample('~');
  const combined = {
    include: { sections: ['City', 'State'], tags: ['x'], territories: ['IN', '*'] },
    exclude: { authors: ['A'], withheld: ['p'] },
    until: AT,
  };
  for (const filters of [{ include: {}, exclude: {} }, { ...combined, exclude: {} }, combined]) {
    memberships.page(filters, undefined, 10, AT);
    memberships.page(filters, { publishedAt: AT, id }, 10, AT);
  }
  memberships.list(id, AT, [], AT);
  memberships.listsOf(id);
  memberships.scopesAfter(section, 10);
  memberships.pruneDepartures(AT);

  trending.count([[id, 3]], 1);
  trending.top(10);
  trending.has(id);
  trending.prune(1);
  trending.forget(id);

  memberships.days(10);
  memberships.publishedBetween(AT, AT, 10);
  memberships.publishedOn(AT.slice(0, 10), 0, 10, 1);
  memberships.publishedOn(AT.slice(0, 10), 1, 1, 1);
  memberships.largestScopes('tags', 10);

  const arrival = { signature: 'token', milliseconds: 1 } as const;
  deliveryLog.log('gazette', { id: '1', at: AT, status: 'accepted', ...arrival }, []);
  deliveryLog.settled('gazette', '1');
  const query = { before: 10, limit: 10 };
  deliveryLog.page('gazette', query);
  deliveryLog.page('gazette', { ...query, since: AT });
  deliveryLog.page('gazette', { ...query, status: 'refused', since: AT });
  deliveryLog.prune(1);

  articles.changesAfter(0, 10);

  publishers.save({ id: 'gazette', name: 'x' }, { sealed: 'x' }, AT);
  publishers.all();
  publishers.remove('gazette');
  settings.write('site', {
    name: 'x',
    description: 'x',
    language: 'en',
    timeZone: 'UTC',
    tombstoneHours: 72,
    changedAt: AT,
  });
  settings.site();

  const purges = new PurgeQueue(sql, articles, { purge: async () => {} });
  articles.settle(id, 'withdrawn', 2, AT);
  purges.add({ kind: 'article', id }, 1);
  purges.nextDue(1);
  await purges.send(1);

  const outbox = new Outbox(
    sql,
    { put: async () => {}, delete: async () => {} },
    { valueOf: () => ({ text: 'x' }), written() {} },
  );
  outbox.add({ kind: 'article', id }, 1);
  for (const publisher of ['gazette', 'post'])
    outbox.add({ kind: 'article', id: publisher }, 1, { publisher, urgent: true });
  outbox.rememberLeft('gazette', id, [{ kind: 'article', id }]);
  outbox.leftBy('gazette', id);
  outbox.waitingFor('gazette', 10);
  outbox.nextDue();
  outbox.isWaiting('site');
  outbox.backlog();
  const articleWriter = new ArticleWriter(tables, outbox, 'https://news.example');
  const rebuild = new Rebuild({
    tables,
    outbox,
    articleWriter,
    bodyMigration: { isRunning: false },
    transaction: (work) => work(),
  });
  rebuild.begin(1);
  for (let steps = 0; steps < 4; steps += 1) rebuild.run(1);
  rebuild.nextDue(1);
  rebuild.progress();
  void outbox.drain();
}
