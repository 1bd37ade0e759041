import type { Instant } from '../../domain/article.ts';
import type { Scope } from '../../domain/site.ts';
import { DEFAULT_FEEDS } from '../../feeds/feed.ts';
import { logFailure } from '../../log.ts';
import type { Job } from '../../store/alarm.ts';
import { SITE_KEYS, type Target } from '../../store/records.ts';
import type { ArticleWriter } from '../article-writer.ts';
import type { Outbox } from '../projection/outbox.ts';
import type { Tables } from '../tables/tables.ts';
import type { BodyMigration } from './body-migration.ts';

/** Limits of one step, so that it blocks the Desk no longer than a few webhooks do. */
const ARTICLES_PER_STEP = 200;
const KEYS_PER_STEP = 100;

/** No key is queued while this many wait, so that new deliveries come first. */
const MAX_WAITING = 200;

/** How long a step waits for the outbox. */
const PAUSE_MS = 1_000;

type Stage =
  | { stage: 'lists'; after: string }
  | { stage: 'feeds'; after?: Scope }
  // Downwards, by sequence number: what is read most is written first.
  | { stage: 'articles'; before: number }
  | { stage: 'walked'; walkedAt: Instant };

/** The state of a rebuild: the row `rebuild` of `settings`. */
type State = Counts & Stage;

interface Counts {
  startedAt: Instant;
  /** Articles whose lists were compared with their cards; of these, those that changed lists and those that failed. */
  checked: number;
  moved: number;
  skipped: number;
  /** Feeds, and articles and tombstones, added to the outbox. */
  feeds: number;
  articles: number;
}

/** The progress of the latest rebuild. */
export interface RebuildProgress extends Omit<Counts, 'startedAt'> {
  /** `writing` until everything that the rebuild queued is in KV, or cannot be written: then it is `failing`. */
  state: 'never' | 'lists' | 'feeds' | 'articles' | 'writing' | 'done';
  startedAt?: Instant;
  /** All keys in the outbox, including those that the rebuild did not add. */
  waiting: number;
  /** Keys that have failed several times, such as those of articles whose body is damaged; they are tried further on. */
  failing: number;
}

interface Dependencies {
  tables: Tables;
  outbox: Outbox;
  articleWriter: ArticleWriter;
  bodyMigration: Pick<BodyMigration, 'isRunning'>;
  /** Runs synchronous work in a transaction. */
  transaction(work: () => void): void;
}

const NONE = { checked: 0, moved: 0, skipped: 0, feeds: 0, articles: 0 };

/**
 * Rebuilds every key of KV. First it compares each article's lists with its card and corrects times in the future, then it
 * adds every scope's key to the outbox, then every article's. It waits for the migration of bodies that only KV has. The
 * alarm runs one step at a time. The cursor is a row of `settings`, so a rebuild continues after a restart. Steps are
 * idempotent.
 */
export class Rebuild implements Job {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Starts a rebuild; one in progress starts over.
   * @param from `feeds`: leaves lists and times as they are, so that no article gets a new version
   */
  begin(now: number, from: 'lists' | 'feeds' = 'lists'): void {
    const { publishers, partners } = this.#dependencies.tables;
    const records: Target[] = [
      ...publishers.all().map(({ id }): Target => ({ kind: 'publisher', id })),
      ...partners.all().map(({ id }): Target => ({ kind: 'partner', id })),
      ...SITE_KEYS.map((kind): Target => ({ kind })),
    ];
    this.#dependencies.outbox.addAll(records, now, { silent: true });
    const startedAt = new Date(now).toISOString();
    this.#save({ startedAt, ...NONE, ...(from === 'lists' ? { stage: from, after: '' } : { stage: from }) });
  }

  progress(): RebuildProgress {
    const { outbox } = this.#dependencies;
    const { pending, writable } = outbox.backlog();
    const { failing } = outbox.unwrittenSince(Date.now());
    const state = this.#load();
    if (state === undefined) return { state: 'never', ...NONE, waiting: pending, failing };
    const counts = { ...countsOf(state), waiting: pending, failing };
    if (state.stage !== 'walked') return { state: state.stage, ...counts };
    // The walk ended before now. If the clock was set back since, what waits from now on is no part of the rebuild.
    const now = new Date().toISOString();
    if (state.walkedAt > now) this.#save({ ...state, walkedAt: now });
    const left = outbox.unwrittenSince(Date.parse(state.walkedAt));
    // While KV takes no writes at all, that is no fault of these keys.
    const isWritten = left.waiting === 0 && (left.failing === 0 || writable);
    return { state: isWritten ? 'done' : 'writing', ...counts };
  }

  nextDue(now: number): number | undefined {
    const state = this.#load();
    if (state === undefined || state.stage === 'walked') return undefined;
    return this.#mustWait(state) ? now + PAUSE_MS : now;
  }

  /** Runs one step. */
  run(now: number): void {
    const state = this.#load();
    if (state === undefined || state.stage === 'walked' || this.#mustWait(state)) return;
    this.#save(this.#step(state, now));
  }

  #step(state: Exclude<State, { stage: 'walked' }>, now: number): State {
    switch (state.stage) {
      case 'lists':
        return this.#checkLists(state, now);
      case 'feeds':
        return this.#queueFeeds(state, now);
      case 'articles':
        return this.#queueArticles(state, now);
    }
  }

  #checkLists(state: State & { stage: 'lists' }, now: number): State {
    const { tables, articleWriter, transaction } = this.#dependencies;
    const ids = tables.articles.idsAfter(state.after, ARTICLES_PER_STEP);
    const counts = { checked: state.checked + ids.length, moved: state.moved, skipped: state.skipped };
    for (const id of ids) {
      try {
        transaction(() => {
          if (articleWriter.relist(id, now)) counts.moved += 1;
        });
        transaction(() => void articleWriter.mendTimes(id, now));
      } catch (error) {
        // An article that cannot be read must not keep the others from being rebuilt.
        counts.skipped += 1;
        logFailure('rebuild skipped an article', error, { id });
      }
    }
    const last = ids.at(-1);
    if (last === undefined) return { ...countsOf(state), ...counts, stage: 'feeds' };
    return { ...countsOf(state), ...counts, stage: 'lists', after: last };
  }

  #queueFeeds(state: State & { stage: 'feeds' }, now: number): State {
    const { tables, outbox } = this.#dependencies;
    const scopes = tables.memberships.scopesAfter(state.after, KEYS_PER_STEP);
    outbox.addAll(
      scopes.map((scope) => ({ kind: 'feed', scope })),
      now,
      { silent: true },
    );
    if (state.after === undefined) {
      for (const extension of DEFAULT_FEEDS)
        outbox.add({ kind: 'rendered', extension }, now, { silent: true });
    }
    const counts = { ...countsOf(state), feeds: state.feeds + scopes.length };
    const last = scopes.at(-1);
    if (last === undefined)
      return { ...counts, stage: 'articles', before: tables.articles.lastSequence() + 1 };
    return { ...counts, stage: 'feeds', after: last };
  }

  #queueArticles(state: State & { stage: 'articles' }, now: number): State {
    const { tables, outbox } = this.#dependencies;
    // An article that was never shown has no sequence number, and no key.
    const changes = tables.articles.changedBefore(state.before, KEYS_PER_STEP);
    outbox.addAll(
      changes.map(({ id }) => ({ kind: 'article', id })),
      now,
      { silent: true },
    );
    const counts = { ...countsOf(state), articles: state.articles + changes.length };
    const last = changes.at(-1);
    if (last === undefined) return { ...counts, stage: 'walked', walkedAt: new Date(now).toISOString() };
    return { ...counts, stage: 'articles', before: last.sequence };
  }

  #mustWait(state: State): boolean {
    const { pending, failing } = this.#dependencies.outbox.backlog();
    return (
      this.#dependencies.bodyMigration.isRunning ||
      (state.stage !== 'lists' && pending - failing >= MAX_WAITING)
    );
  }

  #load(): State | undefined {
    return this.#dependencies.tables.settings.read('rebuild');
  }

  #save(state: State): void {
    this.#dependencies.tables.settings.write('rebuild', state);
  }
}

/** The counts of a state. The previous release counted no articles. */
const countsOf = ({ startedAt, checked, moved, skipped, feeds, articles = 0 }: Counts): Counts => ({
  ...{ startedAt, checked, moved, skipped, feeds, articles },
});
