import { runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import { changesAfter } from '../../src/desk/changes.ts';
import { Deliveries } from '../../src/desk/deliveries.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { Feeds } from '../../src/desk/feeds.ts';
import { Ledger } from '../../src/desk/ledger.ts';
import { Outbox } from '../../src/desk/outbox.ts';
import { Publishers } from '../../src/desk/publishers.ts';
import { desk, idOf, revisionOf } from './desk.ts';

/** What may be read as a whole: the operator's own records, and the rows that wait (a partial index). */
const SMALL = /^SCAN (publishers|outbox USING INDEX outbox_due|\(subquery)/;

const AT = '2026-11-20T10:00:00.000Z';

test('no statement of the Desk walks a table that grows with the archive', async () => {
  const plans = await runInDurableObject(desk(), (_instance: Desk, { storage }) => {
    const statements = new Set<string>();
    const sql = {
      exec: (query: string, ...bindings: SqlStorageValue[]) => {
        statements.add(query);
        return storage.sql.exec(query, ...bindings);
      },
    } as SqlStorage;
    useEverything(sql);
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
});

/** How many values a statement binds: numbered ones by their highest number, `?` one by one. */
function parametersOf(statement: string): number {
  const numbered = [...statement.matchAll(/\?(\d+)/g)].map(([, number]) => Number(number));
  return numbered.length > 0 ? Math.max(...numbered) : (statement.match(/\?/g)?.length ?? 0);
}

function useEverything(sql: SqlStorage): void {
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
  ledger.detail(id);
  ledger.keepDetail(id, '{}');
  ledger.releaseDetail(id, 1);
  ledger.nextPruning();
  ledger.pruneDetails(1);
  ledger.writeWithdrawal(id, 'gazette', '1', AT);

  const feeds = new Feeds(sql);
  const section = { kind: 'sections', name: 'City' } as const;
  feeds.list(id, AT, [{ kind: 'all' }, section]);
  feeds.touch(section, 1, AT);
  feeds.touch({ kind: 'tags', name: 'x' }, 1, AT);
  feeds.page({ sections: 'City' }, undefined, 10);
  feeds.page({ sections: 'City', tags: 'x' }, { publishedAt: AT, id }, 10);

  const deliveries = new Deliveries(sql);
  deliveries.log('gazette', { id: '1', at: AT, status: 'accepted' }, undefined);
  deliveries.settled('gazette', '1');
  deliveries.page('gazette', 10, 10);
  deliveries.prune(1);

  changesAfter(sql, 0, 10);

  const publishers = new Publishers(sql);
  publishers.save({ id: 'gazette', name: 'x' }, 'sealed', AT);
  publishers.all();
  publishers.remove('gazette');
  publishers.saveSite({ name: 'x', description: 'x', language: 'en', timeZone: 'UTC', changedAt: AT });
  publishers.site();

  const outbox = new Outbox(
    sql,
    { put: async () => {}, delete: async () => {} },
    { valueOf: () => 'x', written() {} },
  );
  outbox.add({ kind: 'article', id }, 1);
  outbox.nextDue();
  outbox.backlog();
  void outbox.drain();
}
