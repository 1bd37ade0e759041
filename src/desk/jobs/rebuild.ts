import type { Instant } from '../../domain/article.ts';
import { DEFAULT_FEEDS } from '../../feeds/feed.ts';
import { logFailure } from '../../log.ts';
import { SITE_KEYS, type Target } from '../../store/records.ts';
import type { ArticleWriter } from '../article-writer.ts';
import type { List } from '../contract/lists.ts';
import type { Outbox } from '../projection/outbox.ts';
import type { Tables } from '../tables/tables.ts';
import type { Job } from './alarm.ts';

/** Limits of one step, so that it blocks the Desk no longer than a few webhooks do. */
const ARTICLES_PER_STEP = 200;
const SCOPES_PER_STEP = 100;

/** No feed is queued while this many keys wait, so that new deliveries come first. */
const MAX_WAITING = 200;

/** How long a step waits for the outbox. */
const PAUSE_MS = 1_000;

type Stage =
  | { stage: 'lists'; after: string }
  | { stage: 'feeds'; after?: List }
  | { stage: 'walked'; walkedAt: Instant };

/** The state of a rebuild: the row `rebuild` of `settings`. */
type State = { startedAt: Instant; checked: number; moved: number; skipped: number; feeds: number } & Stage;

/** The progress of the latest rebuild. */
export interface RebuildProgress {
  /** `writing` until everything that the rebuild queued is in KV. */
  state: 'never' | 'lists' | 'feeds' | 'writing' | 'done';
  startedAt?: Instant;
  /** Articles whose lists were compared with their cards; of these, those that changed lists and those that failed. */
  checked: number;
  moved: number;
  skipped: number;
  /** Feeds added to the outbox. */
  feeds: number;
  /** All keys in the outbox, including those that the rebuild did not add. */
  waiting: number;
}

interface Dependencies {
  tables: Tables;
  outbox: Outbox;
  articleWriter: ArticleWriter;
  /** Runs synchronous work in a transaction. */
  transaction(work: () => void): void;
}

/**
 * Rebuilds every feed and record in KV. First it compares each article's lists with its
 * card and corrects times in the future, then it adds every scope's
 * key to the outbox. The alarm runs one step at a time. The cursor is a row of `settings`, so a rebuild continues after
 * a restart. Steps are idempotent.
 */
export class Rebuild implements Job {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** Starts a rebuild; one in progress starts over. */
  begin(now: number): void {
    const { publishers, partners } = this.#dependencies.tables;
    const records: Target[] = [
      ...publishers.all().map(({ id }): Target => ({ kind: 'publisher', id })),
      ...partners.all().map(({ id }): Target => ({ kind: 'partner', id })),
      ...SITE_KEYS.map((kind): Target => ({ kind })),
    ];
    this.#dependencies.outbox.addAll(records, now);
    const startedAt = new Date(now).toISOString();
    this.#save({ startedAt, checked: 0, moved: 0, skipped: 0, feeds: 0, stage: 'lists', after: '' });
  }

  progress(): RebuildProgress {
    const { pending, waitingSince } = this.#dependencies.outbox.backlog();
    const state = this.#load();
    if (state === undefined) {
      return { state: 'never', checked: 0, moved: 0, skipped: 0, feeds: 0, waiting: pending };
    }
    const { startedAt, checked, moved, skipped, feeds, stage } = state;
    const counts = { startedAt, checked, moved, skipped, feeds, waiting: pending };
    if (stage !== 'walked') return { state: stage, ...counts };
    const isWritten = waitingSince === null || waitingSince > Date.parse(state.walkedAt);
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
    this.#save(state.stage === 'lists' ? this.#checkLists(state, now) : this.#queueFeeds(state, now));
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
    const { startedAt, feeds } = state;
    if (last === undefined) return { startedAt, feeds, ...counts, stage: 'feeds' };
    return { startedAt, feeds, ...counts, stage: 'lists', after: last };
  }

  #queueFeeds(state: State & { stage: 'feeds' }, now: number): State {
    const { tables, outbox } = this.#dependencies;
    const scopes = tables.memberships.scopesAfter(state.after, SCOPES_PER_STEP);
    outbox.addAll(
      scopes.map((scope) => ({ kind: 'feed', scope })),
      now,
    );
    if (state.after === undefined) {
      for (const extension of DEFAULT_FEEDS) outbox.add({ kind: 'rendered', extension }, now);
    }
    const { startedAt, checked, moved, skipped } = state;
    const counts = { startedAt, checked, moved, skipped, feeds: state.feeds + scopes.length };
    const last = scopes.at(-1);
    if (last === undefined) return { ...counts, stage: 'walked', walkedAt: new Date(now).toISOString() };
    return { ...counts, stage: 'feeds', after: last.kind === 'all' ? { kind: 'all', name: '' } : last };
  }

  #mustWait(state: State): boolean {
    const { pending, failing } = this.#dependencies.outbox.backlog();
    return state.stage === 'feeds' && pending - failing >= MAX_WAITING;
  }

  #load(): State | undefined {
    return this.#dependencies.tables.settings.read('rebuild');
  }

  #save(state: State): void {
    this.#dependencies.tables.settings.write('rebuild', state);
  }
}
