import { ARCHIVE_DAYS } from '../../domain/settings.ts';
import type { Job } from '../../store/alarm.ts';
import { allEnded, MAX_CONNECTIONS } from '../../store/concurrency.ts';
import { type Archive, MAX_DELETED, objectKeyOf } from '../projection/archive.ts';
import type { ArchivedObject } from '../tables/bodies.ts';
import type { Tables } from '../tables/tables.ts';

/** One step looks at this many articles, moves this many bytes, or one body that has more, and begins nothing later. */
const ARTICLES_PER_STEP = 60;
const BYTES_PER_STEP = 4 * 1_048_576;
const STEP_MS = 1_000;

/** Steps do not follow each other faster. */
const STEP_PAUSE_MS = 1_000;

const DAY_MS = 86_400_000;

/** Earlier versions move so long after the article's last change: an article is often corrected a few times in a row. */
const VERSIONS_AFTER_MS = 3_600_000;

/** A cursor that passed only articles with nothing to move is stored at this interval of sequence numbers. */
const UNSTORED = 1_000;

/** The state of the job: the row `archive` of `settings`. The sequence numbers up to which articles were looked at. */
interface State {
  bodies: number;
  versions: number;
}

type Walk = keyof State;
const WALKS: readonly Walk[] = ['bodies', 'versions'];

interface Dependencies {
  tables: Pick<Tables, 'articles' | 'bodies' | 'versions' | 'archiveDeletions' | 'settings'>;
  archive: Archive;
  /** Runs synchronous work in a transaction. */
  transaction(work: () => void): void;
}

/** A body in the Desk that can be moved. */
interface Movable {
  id: string;
  contentHash: string;
  gzip: ArrayBuffer | Uint8Array<ArrayBuffer>;
  /** Records in the tables that the body is in an object. @returns false when it is no longer needed */
  record(object: ArchivedObject): boolean;
}

/**
 * Moves bodies of articles that did not change for `archiveAfterDays` to R2, and earlier versions an hour after the
 * article's last change. Two cursors walk the articles, oldest change first; an article that changes gets a sequence number
 * after them. Of each body: its object is recorded as one to delete, put and verified; then one transaction records the
 * body as archived and drops its bytes, if it is still the same. So at every moment the body is in the Desk or in a
 * verified object.
 */
export class Archiving implements Job {
  readonly #dependencies: Dependencies;
  readonly #articlesPerStep: number;
  #steppedAt = 0;
  #state: State | undefined;
  #stored: State = { bodies: 0, versions: 0 };

  constructor(dependencies: Dependencies, { articlesPerStep = ARTICLES_PER_STEP } = {}) {
    this.#dependencies = dependencies;
    this.#articlesPerStep = articlesPerStep;
  }

  nextDue(now: number): number | undefined {
    if (!this.#dependencies.archive.isBound) return undefined;
    const dues = WALKS.flatMap((walk) =>
      this.#candidates(walk, 1).map(({ changedAt }) => this.#oldAt(walk, changedAt, now)),
    );
    if (dues.length === 0) return undefined;
    return Math.max(Math.min(...dues), Math.min(this.#steppedAt, now) + STEP_PAUSE_MS);
  }

  /** Runs one step. Throws when R2 fails; the step is then repeated. */
  async run(now: number): Promise<void> {
    const due = this.nextDue(now);
    if (due === undefined || due > now) return;
    this.#steppedAt = now;
    for (const walk of WALKS) await this.#step(walk, now);
  }

  async #step(walk: Walk, now: number): Promise<void> {
    const begun = Date.now();
    const candidates = this.#candidates(walk, this.#articlesPerStep);
    const young = candidates.findIndex(({ changedAt }) => this.#oldAt(walk, changedAt, now) > now);
    const old = young === -1 ? candidates : candidates.slice(0, young);
    let moved = 0;
    for (let start = 0; start < old.length; start += MAX_CONNECTIONS) {
      // The clock stands still between awaits, so a loop that only looks ends by its count.
      if (moved > BYTES_PER_STEP || Date.now() - begun > STEP_MS) return;
      const some = old.slice(start, start + MAX_CONNECTIONS);
      const bytes = await allEnded(some.map(({ id }) => this.#moveOf(walk, id)));
      moved += bytes.reduce((sum, each) => sum + each, 0);
      this.#pass(walk, some.at(-1)?.sequence ?? 0, moved > 0);
    }
  }

  /** Moves what the Desk has of an article. @returns the bytes moved */
  async #moveOf(walk: Walk, id: string): Promise<number> {
    const { bodies, versions } = this.#dependencies.tables;
    if (walk === 'bodies') {
      const held = bodies.held(id);
      if (held === undefined) return 0;
      const record = (object: ArchivedObject) => bodies.archive(id, held.contentHash, object);
      return this.#move({ id, ...held, record });
    }
    let moved = 0;
    for (const { version, hash, gzip } of versions.held(id)) {
      const record = (object: ArchivedObject) => versions.archive(id, version, hash, object);
      moved += await this.#move({ id, contentHash: hash, gzip, record });
    }
    return moved;
  }

  async #move({ id, contentHash, gzip, record }: Movable): Promise<number> {
    const { tables, archive, transaction } = this.#dependencies;
    const { archiveDeletions } = tables;
    const key = objectKeyOf(id, contentHash);
    transaction(() => archiveDeletions.expect(key, id, Date.now()));
    const object = await archive.put(key, gzip);
    transaction(() => {
      // A newer revision may have come while this waited, or a withdrawal; then the object is deleted now.
      const isKept = archiveDeletions.keep(key, Date.now());
      if (!isKept || !record(object)) archiveDeletions.add(key, id, Date.now());
    });
    return object.bytes;
  }

  /** When what an article has is old enough. A time far in the future is from before the clock was set back. */
  #oldAt(walk: Walk, changedAt: string, now: number): number {
    const at = Date.parse(changedAt);
    return at > now + DAY_MS ? now : at + this.#age(walk);
  }

  #age(walk: Walk): number {
    const days = this.#dependencies.tables.settings.site()?.archiveAfterDays ?? ARCHIVE_DAYS.default;
    return walk === 'bodies' ? days * DAY_MS : VERSIONS_AFTER_MS;
  }

  #candidates(walk: Walk, limit: number) {
    return this.#dependencies.tables.articles.oldestAfter(this.#load()[walk], limit);
  }

  #load(): State {
    if (this.#state === undefined) {
      this.#stored = this.#dependencies.tables.settings.read<State>('archive') ?? this.#stored;
      this.#state = this.#stored;
    }
    return this.#state;
  }

  /** Advances a cursor. When nothing was moved, not every step costs a row. */
  #pass(walk: Walk, sequence: number, hasMoved: boolean): void {
    const state = { ...this.#load(), [walk]: sequence };
    this.#state = state;
    if (!hasMoved && sequence - this.#stored[walk] < UNSTORED) return;
    this.#dependencies.tables.settings.write('archive', state);
    this.#stored = state;
  }
}

/** Deletes objects in R2 that no body is in. A failure is retried until they are gone. */
export class ArchiveCleaning implements Job {
  readonly #tables: Pick<Tables, 'archiveDeletions'>;
  readonly #archive: Archive;

  constructor(tables: Pick<Tables, 'archiveDeletions'>, archive: Archive) {
    this.#tables = tables;
    this.#archive = archive;
  }

  nextDue(): number | undefined {
    return this.#archive.isBound ? this.#tables.archiveDeletions.nextDue() : undefined;
  }

  async run(now: number): Promise<void> {
    if (!this.#archive.isBound) return;
    const keys = this.#tables.archiveDeletions.due(now, MAX_DELETED);
    if (keys.length === 0) return;
    await this.#archive.delete(keys);
    this.#tables.archiveDeletions.deleted(keys);
  }
}

/** The state of the sweep: the row `sweep` of `settings`. */
interface SweepState {
  /** When the rebuild began that it belongs to. */
  rebuild: string;
  cursor?: string;
  isDone: boolean;
}

/** How long an object that nothing names is kept, unless its article was withdrawn: a recovery can be undone. */
const UNNAMED_MS = 30 * DAY_MS;

/**
 * Lists this Desk's objects in R2 once for every rebuild, and has those deleted that the tables do not name: after a
 * recovery to an earlier point in time, the Desk does not know what it has put since. One page a step; the cursor is a row
 * of `settings`.
 */
export class ArchiveSweep implements Job {
  readonly #tables: Dependencies['tables'];
  readonly #archive: Archive;
  #steppedAt = 0;

  constructor(tables: Dependencies['tables'], archive: Archive) {
    this.#tables = tables;
    this.#archive = archive;
  }

  nextDue(now: number): number | undefined {
    return this.#due() === undefined ? undefined : Math.min(this.#steppedAt, now) + STEP_PAUSE_MS;
  }

  /** Runs one step. Throws when R2 fails; the step is then repeated. */
  async run(now: number): Promise<void> {
    const state = this.#due();
    if (state === undefined || Math.min(this.#steppedAt, now) + STEP_PAUSE_MS > now) return;
    this.#steppedAt = now;
    const { objects, cursor } = await this.#archive.list(state.cursor);
    const { archiveDeletions, articles, bodies, versions } = this.#tables;
    const named = new Set(bodies.objectKeys(objects.map(({ articleId }) => articleId)));
    for (const { key, articleId } of objects) {
      if (named.has(key) || archiveDeletions.has(key)) continue;
      if (versions.objects(articleId).some((object) => object.key === key)) continue;
      const article = articles.find(articleId);
      const isNeeded = article !== undefined && !article.publisherWithdrew && article.card !== null;
      archiveDeletions.add(key, articleId, isNeeded ? now + UNNAMED_MS : now);
    }
    const { rebuild } = state;
    const next: SweepState = {
      rebuild,
      isDone: cursor === undefined,
      ...(cursor !== undefined && { cursor }),
    };
    this.#tables.settings.write('sweep', next);
  }

  /** The state of a sweep that is to be done; undefined when there is none. */
  #due(): SweepState | undefined {
    if (!this.#archive.isBound) return undefined;
    const { settings } = this.#tables;
    const rebuild = settings.read<{ startedAt: string }>('rebuild')?.startedAt;
    if (rebuild === undefined) return undefined;
    const state = settings.read<SweepState>('sweep');
    if (state?.rebuild !== rebuild) return { rebuild, isDone: false };
    return state.isDone ? undefined : state;
  }
}
