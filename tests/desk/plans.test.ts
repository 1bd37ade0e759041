import { runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import type { Desk } from '../../src/desk/desk.ts';
import { Editing } from '../../src/desk/editing.ts';
import { Rebuild } from '../../src/desk/jobs/rebuild.ts';
import { Outbox } from '../../src/desk/projection/outbox.ts';
import { Purges } from '../../src/desk/projection/purges.ts';
import { Accounts } from '../../src/desk/tables/accounts.ts';
import { archivedDays, archivedPages, largestScopes } from '../../src/desk/tables/archive.ts';
import { Ledger } from '../../src/desk/tables/articles.ts';
import { changesAfter } from '../../src/desk/tables/changes.ts';
import { Deliveries } from '../../src/desk/tables/delivery-log.ts';
import { Feeds } from '../../src/desk/tables/feeds.ts';
import { readSettings, writeSettings } from '../../src/desk/tables/settings.ts';
import { Trending } from '../../src/desk/tables/trending.ts';
import type { PublisherProfile } from '../../src/domain/site.ts';
import type { SealedSecret } from '../../src/store/records.ts';
import { desk, idOf, revisionOf } from './desk.ts';

/**
 * What may be read as a whole: the operator's own records, a row for each day, the rows that wait, and what a
 * statement is given as JSON.
 */
const SMALL = /^SCAN (publishers|days|json_each|outbox|announcements|\(subquery)/;

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
  const changes = plans.find(({ statement }) => /sequence > \?/.test(statement));
  expect(changes?.steps).toEqual([expect.stringContaining('COVERING INDEX articles_by_change')]);
});

/** How many values a statement binds: numbered ones by their highest number, `?` one by one. */
function parametersOf(statement: string): number {
  const numbered = [...statement.matchAll(/\?(\d+)/g)].map(([, number]) => Number(number));
  return numbered.length > 0 ? Math.max(...numbered) : (statement.match(/\?/g)?.length ?? 0);
}

async function useEverything(sql: SqlStorage): Promise<void> {
  const ledger = new Ledger(sql);
  const id = idOf('a');
  ledger.writeRevision(id, revisionOf(), { revisedAt: AT, publishedAt: AT, updatedAt: AT });
  ledger.settle(id, 'published', 1, AT);
  ledger.writeTakedown(id, true, null);
  ledger.advance(id, AT);
  ledger.find(id);
  ledger.lastSequence();
  ledger.due(AT, 10);
  ledger.nextDue();
  ledger.idsAfter(id, 10);
  ledger.detail(id);
  ledger.details([id]);
  ledger.keepDetail(id, '{}');
  ledger.releaseDetail(id, 1);
  ledger.nextPruning();
  ledger.pruneDetails(1);
  ledger.writeWithdrawal(id, 'gazette', '1', AT);

  const feeds = new Feeds(sql);
  const section = { kind: 'sections', name: 'City' } as const;
  feeds.list(id, AT, [{ kind: 'all', name: '' }, section]);
  const scopes = [{ kind: 'all' }, section, { kind: 'tags', name: 'x' }] as const;
  feeds.touch(
    scopes.map((scope) => ({ scope, growth: 1 })),
    1,
    AT,
  );
  feeds.newest(section, 10);
  const combined = {
    include: { sections: ['City', 'State'], tags: ['x'], territories: ['IN', '*'] },
    exclude: { authors: ['A'], withheld: ['p'] },
    until: AT,
  };
  for (const filters of [{ include: {}, exclude: {} }, { ...combined, exclude: {} }, combined]) {
    feeds.page(filters, undefined, 10, AT);
    feeds.page(filters, { publishedAt: AT, id }, 10, AT);
  }
  feeds.list(id, AT, [], AT);
  feeds.listsOf(id);
  feeds.scopesAfter(section, 10);
  feeds.pruneWithdrawn(AT);

  const trending = new Trending(sql);
  trending.count([[id, 3]], 1);
  trending.top(10);
  trending.has(id);
  trending.prune(1);
  trending.forget(id);

  archivedDays(sql, 10);
  archivedPages(sql, AT, AT, 10, 0);
  largestScopes(sql, 'tags', 10);

  const deliveries = new Deliveries(sql);
  const arrival = { signature: 'token', milliseconds: 1 } as const;
  deliveries.log('gazette', { id: '1', at: AT, status: 'accepted', ...arrival }, []);
  deliveries.settled('gazette', '1');
  const query = { before: 10, limit: 10 };
  deliveries.page('gazette', query);
  deliveries.page('gazette', { ...query, since: AT });
  deliveries.page('gazette', { ...query, status: 'refused', since: AT });
  deliveries.prune(1);

  changesAfter(sql, 0, 10);

  const publishers = new Accounts<PublisherProfile, SealedSecret>(sql, 'publishers');
  publishers.save({ id: 'gazette', name: 'x' }, { sealed: 'x' }, AT);
  publishers.all();
  publishers.remove('gazette');
  writeSettings(sql, {
    name: 'x',
    description: 'x',
    language: 'en',
    timeZone: 'UTC',
    tombstoneHours: 72,
    changedAt: AT,
  });
  readSettings(sql);

  const purges = new Purges(sql, ledger, { purge: async () => {} });
  ledger.settle(id, 'withdrawn', 2, AT);
  purges.add({ kind: 'article', id }, 1);
  purges.nextDue(1);
  await purges.send(1);

  const outbox = new Outbox(
    sql,
    { put: async () => {}, delete: async () => {} },
    { valueOf: () => ({ text: 'x' }), written() {} },
  );
  outbox.add({ kind: 'article', id }, 1);
  outbox.nextDue();
  outbox.backlog();
  const tables = { ledger, feeds, trending, deliveries, outbox };
  const editing = new Editing(tables, 'https://news.example');
  const rebuild = new Rebuild({ sql, ...tables, editing, atomically: (work) => work(), records: () => [] });
  rebuild.begin(1);
  for (let steps = 0; steps < 4; steps += 1) rebuild.step(1);
  rebuild.nextDue(1);
  rebuild.progress();
  void outbox.drain();
}
