import type { Tombstone } from '../../domain/article.ts';
import { isTombstone } from '../../domain/article.ts';
import { logFailure } from '../../log.ts';
import type { Job } from '../../store/alarm.ts';
import type { Kv } from '../../store/kv.ts';
import { articleKey, type StoredArticle } from '../../store/records.ts';
import { compressDetail, detailJson } from '../contract/detail.ts';
import type { Lacking } from '../tables/bodies.ts';
import type { Tables } from '../tables/tables.ts';

/** One step reads at most this many articles (KV, "Limits": a bulk read takes 100 keys) and this much content. */
const ARTICLES_PER_STEP = 100;
const BYTES_PER_STEP = 8 * 1_048_576;

/** The most articles without a body that are listed by id. */
const MAX_LISTED = 500;

/** The state of the migration: the row `bodies` of `settings`. */
interface State {
  /** The id up to which articles were checked. */
  after: string;
  checked: number;
  /** Articles whose body was found nowhere. */
  missing: number;
  /** The first of them. */
  missingIds: string[];
  isDone: boolean;
  /** The id up to which the missing ones were looked for again; absent while they are not. */
  retriedUpTo?: string;
}

/** The progress of the migration. */
export interface BodyMigrationProgress {
  /** While it is `running`, some bodies are in KV only, which must not be emptied. */
  state: 'running' | 'done';
  checked: number;
  missing: number;
  /** At most `MAX_LISTED` articles that still have no body. */
  missingIds: string[];
}

interface Dependencies {
  tables: Pick<Tables, 'articles' | 'bodies' | 'settings'>;
  kv: Pick<Kv, 'getMany'>;
  /** Runs synchronous work in a transaction. */
  transaction(work: () => void): void;
}

/**
 * Takes bodies into the Desk that an earlier release left in KV or, as JSON, in the table `details`. The alarm walks the
 * articles once, one step at a time; whoever needs a body earlier takes it earlier. Until that is done, KV must not be
 * emptied. A trigger on `details` restarts it when an earlier release has run in between.
 *
 * KV may answer from its cache that it has no value. So a body that was not found is looked for again: whenever it is
 * needed, and with each comparison of KV with the Desk. So is one that is found missing or damaged later.
 */
export class BodyMigration implements Job {
  readonly #dependencies: Dependencies;
  #isDone = false;
  /** The articles without a body, once they are known. */
  #missing: ReadonlySet<string> | undefined;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  progress(): BodyMigrationProgress {
    const { isDone, checked, missing, missingIds } = this.#load();
    const listed = this.#dependencies.tables.bodies.lacking(missingIds).map(({ id }) => id);
    return {
      state: isDone ? 'done' : 'running',
      checked,
      missing: missing - missingIds.length + listed.length,
      missingIds: listed,
    };
  }

  /** Whether some bodies may be in KV only. */
  get isRunning(): boolean {
    if (!this.#isDone) this.#isDone = this.#load().isDone;
    return !this.#isDone;
  }

  nextDue(now: number): number | undefined {
    return this.isRunning || this.#load().retriedUpTo !== undefined ? now : undefined;
  }

  /** Runs one step. Throws when KV cannot be read; the step is then repeated. */
  async run(): Promise<void> {
    if (!this.isRunning) return this.#retryNext();
    const { tables, transaction } = this.#dependencies;
    const state = this.#load();
    const ids = tables.articles.idsAfter(state.after, ARTICLES_PER_STEP);
    const within = this.#withinBudget(ids);
    await this.take(within);
    transaction(() => {
      const missing = tables.bodies.lacking(within).map(({ id }) => id);
      if (missing.length > 0)
        logFailure('bodies are nowhere', 'neither KV nor the Desk has them', { ids: missing });
      this.#save({
        after: within.at(-1) ?? state.after,
        checked: state.checked + within.length,
        missing: state.missing + missing.length,
        missingIds: [...state.missingIds, ...missing].slice(0, MAX_LISTED),
        isDone: ids.length === 0,
      });
    });
  }

  /** Looks again for the bodies that are missing: for those that are listed, or, if there are more, for all. */
  retry(): void {
    const state = this.#load();
    if (!state.isDone || state.missing === 0) return;
    if (state.missing <= state.missingIds.length) {
      this.#save({ ...state, retriedUpTo: '' });
    } else {
      this.#isDone = false;
      this.#save({ after: '', checked: 0, missing: 0, missingIds: [], isDone: false });
    }
  }

  /** Records articles whose body was found missing or damaged after the walk. */
  miss(ids: readonly string[]): void {
    if (this.isRunning) return;
    const state = this.#load();
    const found = ids.filter((id) => !state.missingIds.includes(id));
    if (found.length === 0) return;
    const missingIds = [...state.missingIds, ...found].slice(0, MAX_LISTED);
    // Those beyond the list are not told apart, so they are not counted twice.
    const missing = Math.max(state.missing, missingIds.length);
    this.#save({ ...state, missing, missingIds });
    logFailure('bodies are missing', 'they are damaged, or the Desk does not have them', { ids: found });
  }

  /**
   * Stores the bodies of these articles, at most 100, that the Desk does not have but KV or an earlier release's table.
   * After the walk that are only those that are known to be missing.
   */
  async take(ids: readonly string[]): Promise<void> {
    const wanted = this.isRunning ? ids : ids.filter((id) => this.#knownMissing.has(id));
    if (wanted.length > 0) await this.#take(wanted);
  }

  get #knownMissing(): ReadonlySet<string> {
    this.#missing ??= new Set(this.#load().missingIds);
    return this.#missing;
  }

  /** Looks again for the next of the missing bodies. */
  async #retryNext(): Promise<void> {
    const { retriedUpTo, missingIds } = this.#load();
    if (retriedUpTo === undefined) return;
    const { tables, transaction } = this.#dependencies;
    const left = missingIds.filter((id) => id > retriedUpTo).sort();
    const ids = this.#withinBudget(left.slice(0, ARTICLES_PER_STEP));
    await this.#take(ids);
    transaction(() => {
      const { retriedUpTo: _before, ...state } = this.#load();
      const lacking = new Set(tables.bodies.lacking(ids).map(({ id }) => id));
      const kept = state.missingIds.filter((id) => lacking.has(id) || !ids.includes(id));
      const missing = state.missing - (state.missingIds.length - kept.length);
      const last = ids.at(-1);
      this.#save({ ...state, missing, missingIds: kept, ...(last !== undefined && { retriedUpTo: last }) });
    });
  }

  async #take(ids: readonly string[]): Promise<void> {
    const { tables, transaction } = this.#dependencies;
    const lacking = tables.bodies.lacking(ids);
    const found = tables.bodies.earlier(lacking.map(({ id }) => id));
    const others = lacking.filter(({ id }) => !found.has(id));
    if (others.length > 0) {
      const texts = await this.#dependencies.kv.getMany(others.map(({ id }) => articleKey(id)));
      for (const article of others) {
        const detail = detailIn(texts.get(articleKey(article.id)) ?? null, article);
        if (detail !== undefined) found.set(article.id, detail);
      }
    }
    for (const { id, contentHash } of lacking) {
      const detail = found.get(id);
      if (detail === undefined) continue;
      const gzip = await compressDetail(detail);
      transaction(() => {
        // A newer revision may have come while this waited, or a withdrawal.
        const [still] = tables.bodies.lacking([id]);
        if (still?.contentHash === contentHash) tables.bodies.write(id, contentHash, gzip);
      });
    }
  }

  /**
   * Takes an article's body before a withdrawal by the operator, which can be undone. When KV fails, the withdrawal does
   * not wait for it: the outbox takes the body before it writes the tombstone.
   */
  async tryToTake(id: string): Promise<void> {
    try {
      await this.#take([id]);
    } catch (error) {
      logFailure('a body was not taken from KV', error, { id });
    }
  }

  /** The first of these articles whose missing bodies fit into one step; at least one. */
  #withinBudget(ids: readonly string[]): readonly string[] {
    const sizes = new Map(this.#dependencies.tables.bodies.lacking(ids).map(({ id, bytes }) => [id, bytes]));
    let sum = 0;
    const end = ids.findIndex((id, index) => {
      sum += sizes.get(id) ?? 0;
      return index > 0 && sum > BYTES_PER_STEP;
    });
    return end === -1 ? ids : ids.slice(0, end);
  }

  #load(): State {
    const begun: State = { after: '', checked: 0, missing: 0, missingIds: [], isDone: false };
    return this.#dependencies.tables.settings.read<State>('bodies') ?? begun;
  }

  #save(state: State): void {
    this.#missing = undefined;
    this.#dependencies.tables.settings.write('bodies', state);
  }
}

/**
 * The detail of an article's newest content in its text from KV. The operator's withdrawal is a version of its own, so the
 * content belongs to the version before it. A tombstone has none, and another version's is other content.
 */
function detailIn(text: string | null, { version, operatorWithdrew }: Lacking): string | undefined {
  const stored = text === null ? null : storedIn(text);
  if (stored === null || isTombstone(stored)) return undefined;
  const isSame = stored.version === version || (operatorWithdrew && stored.version === version - 1);
  return isSame ? detailJson(stored) : undefined;
}

/** What KV has; null for a value that is none of Dateline's. One damaged value must not stop the others. */
function storedIn(text: string): StoredArticle | Tombstone | null {
  try {
    const stored = JSON.parse(text) as StoredArticle | Tombstone | null;
    return typeof stored === 'object' ? stored : null;
  } catch {
    return null;
  }
}
