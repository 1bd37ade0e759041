import type { Instant } from '../../domain/article.ts';
import { DEFAULT_FEEDS } from '../../feeds/feed.ts';
import { logFailure } from '../../log.ts';
import type { List } from '../contract/memberships.ts';
import type { Editing } from '../editing.ts';
import type { Outbox } from '../projection/outbox.ts';
import type { Subject } from '../projection/target.ts';
import type { Ledger } from '../tables/articles.ts';
import type { Feeds } from '../tables/feeds.ts';

/** Bounded, so that a step never holds up the Desk for longer than a few webhooks do. */
const ARTICLES_A_STEP = 200;
const SCOPES_A_STEP = 100;

/** No feed is queued while so many keys wait: what publishers send now comes first. */
const MAX_WAITING = 200;

/** How long a step waits for the outbox to get on. */
const PAUSE = 1_000;

type Stage =
  | { stage: 'lists'; after: string }
  | { stage: 'feeds'; after?: List }
  | { stage: 'walked'; walkedAt: Instant };

type Row = { startedAt: Instant; checked: number; moved: number; skipped: number; feeds: number } & Stage;

/** How far a rebuild has come. */
export interface RebuildProgress {
  /** `writing` until everything it queued is in KV. */
  state: 'never' | 'lists' | 'feeds' | 'writing' | 'done';
  startedAt?: Instant;
  /** Articles whose lists were held against their cards, those that had to move, and those that cannot be read. */
  checked: number;
  moved: number;
  skipped: number;
  /** Feeds that were queued to be written. */
  feeds: number;
  /** What waits to be written now, the rebuild's and everybody else's. */
  waiting: number;
}

interface Tables {
  sql: SqlStorage;
  ledger: Ledger;
  feeds: Feeds;
  outbox: Outbox;
  editing: Editing;
  /** Runs a piece of synchronous work all or not at all. */
  atomically(work: () => void): void;
  /** What is written besides feeds: the records of accounts and site. */
  records(): Subject[];
}

/**
 * Writes every feed in KV anew: first each article's lists are held against its card, then every scope's key is
 * queued. In steps of the alarm, with a row of `settings` as the cursor, so that it goes on after a restart.
 */
export class Rebuild {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** Begins from the start; one that is under way is given up. */
  begin(now: number): void {
    const { outbox, records } = this.#tables;
    outbox.addAll(records(), now);
    const startedAt = new Date(now).toISOString();
    this.#write({ startedAt, checked: 0, moved: 0, skipped: 0, feeds: 0, stage: 'lists', after: '' });
  }

  progress(): RebuildProgress {
    const { pending, waitingSince } = this.#tables.outbox.backlog();
    const row = this.#read();
    if (row === undefined) {
      return { state: 'never', checked: 0, moved: 0, skipped: 0, feeds: 0, waiting: pending };
    }
    const { startedAt, checked, moved, skipped, feeds, stage } = row;
    const counts = { startedAt, checked, moved, skipped, feeds, waiting: pending };
    if (stage !== 'walked') return { state: stage, ...counts };
    const written = waitingSince === null || waitingSince > Date.parse(row.walkedAt);
    return { state: written ? 'done' : 'writing', ...counts };
  }

  /** When the next step is due, in milliseconds since the epoch; undefined when there is none. */
  nextDue(now: number): number | undefined {
    const row = this.#read();
    if (row === undefined || row.stage === 'walked') return undefined;
    return this.#mustWait(row) ? now + PAUSE : now;
  }

  /** One step. Whatever is repeated after a crash comes to the same. */
  step(now: number): void {
    const row = this.#read();
    if (row === undefined || row.stage === 'walked' || this.#mustWait(row)) return;
    this.#write(row.stage === 'lists' ? this.#checkLists(row, now) : this.#queueFeeds(row, now));
  }

  #checkLists(row: Row & { stage: 'lists' }, now: number): Row {
    const ids = this.#tables.ledger.idsAfter(row.after, ARTICLES_A_STEP);
    const counts = { checked: row.checked + ids.length, moved: row.moved, skipped: row.skipped };
    const { atomically, editing } = this.#tables;
    for (const id of ids) {
      try {
        atomically(() => {
          if (editing.relist(id, now)) counts.moved += 1;
        });
      } catch (error) {
        // One that cannot be read must not keep all the others from being rebuilt.
        counts.skipped += 1;
        logFailure('rebuild skips an article', error, { id });
      }
    }
    const last = ids.at(-1);
    const { startedAt, feeds } = row;
    if (last === undefined) return { startedAt, feeds, ...counts, stage: 'feeds' };
    return { startedAt, feeds, ...counts, stage: 'lists', after: last };
  }

  #queueFeeds(row: Row & { stage: 'feeds' }, now: number): Row {
    const { feeds, outbox } = this.#tables;
    const scopes = feeds.scopesAfter(row.after, SCOPES_A_STEP);
    outbox.addAll(
      scopes.map((scope) => ({ kind: 'feed', scope })),
      now,
    );
    if (row.after === undefined) {
      for (const extension of DEFAULT_FEEDS) outbox.add({ kind: 'rendered', extension }, now);
    }
    const { startedAt, checked, moved, skipped } = row;
    const counts = { startedAt, checked, moved, skipped, feeds: row.feeds + scopes.length };
    const last = scopes.at(-1);
    if (last === undefined) return { ...counts, stage: 'walked', walkedAt: new Date(now).toISOString() };
    return { ...counts, stage: 'feeds', after: last.kind === 'all' ? { kind: 'all', name: '' } : last };
  }

  #mustWait(row: Row): boolean {
    const { pending, failing } = this.#tables.outbox.backlog();
    return row.stage === 'feeds' && pending - failing >= MAX_WAITING;
  }

  #read(): Row | undefined {
    const [row] = this.#tables.sql
      .exec<{ value: string }>("SELECT value FROM settings WHERE name = 'rebuild'")
      .toArray();
    return row && (JSON.parse(row.value) as Row);
  }

  #write(row: Row): void {
    this.#tables.sql.exec("INSERT OR REPLACE INTO settings VALUES ('rebuild', ?)", JSON.stringify(row));
  }
}
