import { Kv } from '../store/kv.ts';
import type { Announcement } from './contract/messages.ts';
import { Editing } from './editing.ts';
import { Alarm } from './jobs/alarm.ts';
import { Rebuild } from './jobs/rebuild.ts';
import { Announcements } from './projection/announcements.ts';
import { Outbox } from './projection/outbox.ts';
import { Purges } from './projection/purges.ts';
import type { Subject } from './projection/target.ts';
import { tombstonesSince, Values } from './projection/values.ts';
import type { Partners, Publishers } from './tables/accounts.ts';
import { Accounts } from './tables/accounts.ts';
import { Ledger } from './tables/articles.ts';
import { Deliveries } from './tables/delivery-log.ts';
import { Feeds } from './tables/feeds.ts';
import { migrate } from './tables/schema.ts';
import { readSettings } from './tables/settings.ts';
import { Trending } from './tables/trending.ts';

export interface DeskEnv {
  KV: KVNamespace;
  PUSH_QUEUE: Queue<Announcement>;
  ORIGIN: string;
}

/** How often the delivery log is pruned. */
const PRUNE_INTERVAL = 3_600_000;

/** What a Desk is made of: its tables, and what works on several of them. */
export interface Parts {
  ledger: Ledger;
  feeds: Feeds;
  trending: Trending;
  deliveries: Deliveries;
  publishers: Publishers;
  partners: Partners;
  values: Values;
  announcements: Announcements;
  outbox: Outbox;
  editing: Editing;
  rebuild: Rebuild;
  alarm: Alarm;
}

/** Brings the database up to date and puts a Desk together over it. */
export function assemble(ctx: DurableObjectState, env: DeskEnv): Parts {
  migrate(ctx.storage);
  const { sql } = ctx.storage;
  const kv = new Kv(env.KV);
  const ledger = new Ledger(sql);
  const feeds = new Feeds(sql);
  const trending = new Trending(sql);
  const deliveries = new Deliveries(sql);
  const publishers: Publishers = new Accounts(sql, 'publishers');
  const partners: Partners = new Accounts(sql, 'partners');
  const values = new Values(
    {
      ledger,
      feeds,
      trending,
      publishers,
      partners,
      site: () => readSettings(sql),
    },
    kv,
    env.ORIGIN,
  );
  const announcements = new Announcements(sql, { ledger, feeds }, env.PUSH_QUEUE);
  const purges = new Purges(sql, ledger, { purge: (tags) => ctx.exports.PublicReads.purge(tags) });
  const announced = {
    valueOf: (subject: Subject) => values.valueOf(subject),
    written: (subject: Subject, now: number) => {
      values.written(subject, now);
      announcements.add(subject, now);
      purges.add(subject, now);
    },
  };
  const outbox = new Outbox(sql, kv, announced, { wake: () => alarm.set() });
  const editing = new Editing(
    {
      ledger,
      feeds,
      trending,
      deliveries,
      outbox,
    },
    env.ORIGIN,
  );
  const atomically = (work: () => void) => ctx.storage.transactionSync(work);
  const rebuild = new Rebuild({
    ...{ sql, ledger, feeds, outbox, editing },
    atomically,
    records: () => [
      ...publishers.all().map(({ id }): Subject => ({ kind: 'publisher', id })),
      ...partners.all().map(({ id }): Subject => ({ kind: 'partner', id })),
      { kind: 'site' },
      { kind: 'trending' },
    ],
  });
  const alarm: Alarm = new Alarm(ctx.storage, {
    settle: { due: () => ledger.nextDue(), do: (now) => editing.settleDue(now, atomically) },
    write: { due: () => outbox.nextDue(), do: () => outbox.drain() },
    announce: { due: () => announcements.nextDue(), do: () => announcements.send() },
    purge: { due: (now) => purges.nextDue(now), do: (now) => purges.send(now) },
    rebuild: { due: (now) => rebuild.nextDue(now), do: (now) => rebuild.step(now) },
    prune: { due: () => ledger.nextPruning(), do: (now) => prune(now) },
  });

  let prunedAt = 0;

  function prune(now: number): void {
    ledger.pruneDetails(now);
    trending.prune(now);
    if (now - prunedAt < PRUNE_INTERVAL) return;
    feeds.pruneWithdrawn(tombstonesSince(readSettings(sql), now));
    if (!deliveries.prune(now)) prunedAt = now;
  }
  return {
    ledger,
    feeds,
    trending,
    deliveries,
    publishers,
    partners,
    values,
    announcements,
    outbox,
    editing,
    rebuild,
    alarm,
  };
}
