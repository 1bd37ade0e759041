import type { Instant } from '../../domain/article.ts';
import type { Scope } from '../../domain/site.ts';
import { logFailure } from '../../log.ts';
import type { Alarm, Job } from '../../store/alarm.ts';
import { withDeadline } from '../../store/failures.ts';
import type { TableBackup } from '../../store/table-backup.ts';
import type { ArticleWriter } from '../article-writer.ts';
import { type List, scopeOf } from '../contract/lists.ts';
import type {
  AccountMark,
  ArticleMark,
  RecoveredAccounts,
  RecoveryFault,
  RecoveryJournal,
  RecoveryPlan,
  RecoveryPoint,
  RecoveryProgress,
} from '../contract/recovery.ts';
import type { PointInTime } from '../point-in-time.ts';
import type { Outbox } from '../projection/outbox.ts';
import type { Tables } from '../tables/tables.ts';
import type { Rebuild } from './rebuild.ts';
import type { Scrub } from './scrub.ts';

/** The platform finds a bookmark for about a time, and the clock may have been set. */
const MARGIN_MS = 3_600_000;

/** The platform's bookmarks are at most 30 days old (Durable Objects, "Point-in-time recovery"). */
const MAX_AGE_MS = 31 * 86_400_000;

/** Limits of a page of marks: of the Desk's reads, of a row of the journal (2 MB), and of one transaction. */
const MARKS_PER_PAGE = 500;
const MAX_PAGE_CHARACTERS = 500_000;
const SCOPES_PER_STEP = 500;

/** A Desk that starts waits so long for the journal. */
const JOURNAL_TIMEOUT_MS = 2_000;

/** The pause before a step that failed is repeated, and between looks at the rebuild. */
const PAUSE_MS = 2_000;

/** The pause before a journal that did not answer is asked again. */
const ASK_PAUSE_MS = 10_000;

/** The caller restarts the object at once. Should it have stopped, the alarm does so after this time. */
const RESTART_AFTER_MS = 10_000;

const MAX_LISTED = 100;

/** Where a recovery is while it is applied. */
type Stage =
  | { stage: 'accounts' }
  | { stage: 'articles'; page: number }
  | { stage: 'scopes'; after?: Scope }
  | { stage: 'applied' };

/** The state of a recovery: the row `recovery` of `settings`. */
type State = RecoveryProgress & {
  at: Stage;
  /** A later plan that was given up. A Desk that knows it was not brought back by it. */
  givenUp?: string;
};

interface Dependencies {
  tables: Tables;
  articleWriter: ArticleWriter;
  outbox: Pick<Outbox, 'addAll'>;
  rebuild: Pick<Rebuild, 'begin' | 'progress'>;
  scrub: Pick<Scrub, 'begin' | 'result'>;
  backup: Pick<TableBackup, 'stopRecording'>;
  imports: { isRunning: boolean };
  /** A new stub for each call: one of an object that restarted is of no use. */
  journal(): RecoveryJournal;
  alarm: Pick<Alarm, 'pause' | 'resume'>;
  /** Has the Desk's alarm ring at a time. */
  wake(at: number): void;
  /** Runs synchronous work in a transaction. */
  transaction(work: () => void): void;
}

/**
 * Brings the Desk's database back to an earlier point in time.
 *
 * The platform replaces the whole database, and the Desk of then knows nothing of it. So the plan is kept elsewhere, in the
 * journal: the highest sequence number, and a mark of each article that changed since the point and of each account. A Desk
 * that starts asks the journal. If that has a plan which the Desk does not know, the Desk was brought back: it applies the
 * marks before it does anything else, so that what was withdrawn is not shown again, and no number is used twice. Then it
 * rebuilds KV, which is ahead of it, and has it compared.
 *
 * The alarm makes the steps. The cursor is a row of `settings`, so a recovery continues after a restart.
 */
export class Recovery implements Job {
  readonly #dependencies: Dependencies;
  #state: State | undefined;
  /** Whether this object prepares a recovery. */
  #isPlanning = false;
  /** The platform that goes back when this object restarts. */
  #armed: PointInTime | undefined;
  /** Whether the journal did not answer at the start. */
  #mustAsk = false;
  #lookedAt = 0;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
    this.#state = dependencies.tables.settings.read('recovery');
  }

  /** Whether nothing else may be done. */
  get isClosed(): boolean {
    return this.#isPlanning || this.#state?.state === 'applying';
  }

  /** Whether KV may still have what the Desk does not know. */
  get isRebuilding(): boolean {
    return this.#state?.state === 'rebuilding';
  }

  /** Whether this Desk does not know if it was brought back. */
  get isFailing(): boolean {
    return this.#mustAsk;
  }

  /** The latest recovery; undefined when there was none. */
  progress(): RecoveryProgress | undefined {
    if (this.#state === undefined) return undefined;
    const { at: _at, givenUp: _givenUp, ...progress } = this.#state;
    return progress;
  }

  /** Finds out whether this Desk was brought back. Never throws: without an answer, the alarm asks again. */
  async start(): Promise<void> {
    try {
      await withDeadline(JOURNAL_TIMEOUT_MS, 'the recovery journal', this.#ask());
      this.#mustAsk = false;
    } catch (error) {
      this.#mustAsk = true;
      this.#lookedAt = Date.now();
      logFailure('the recovery journal does not answer', error);
    }
    if (this.isClosed) this.#close();
  }

  /**
   * Prepares a recovery. From here on the Desk does nothing else, until it has restarted and the recovery is applied. If it
   * fails, the Desk goes on as before.
   */
  async plan(
    point: RecoveryPoint,
    platform: PointInTime,
    now: number,
  ): Promise<RecoveryProgress | RecoveryFault> {
    const { alarm, tables } = this.#dependencies;
    if (!this.#mayPlan(point)) return { fault: 'busy' };
    if (!(await platform.isAvailable())) return { fault: 'unsupported' };
    const bookmark = 'bookmark' in point ? point.bookmark : await orFault(() => platform.at(point.time));
    if (typeof bookmark !== 'string') return bookmark;
    // The bookmark that undoes a recovery is handed out before the moment that it stands for.
    if (bookmark !== this.#state?.undo && bookmark >= (await platform.current()))
      return { fault: 'invalid-point', problem: 'it is not before now' };
    if (!this.#mayPlan(point)) return { fault: 'busy' };
    const before = this.#state;
    const isUnapplied = before?.state === 'applying';
    this.#isPlanning = true;
    try {
      // What is being written to KV must have an end before the marks are taken.
      await alarm.pause();
      const requestedAt = new Date(now).toISOString();
      const time = 'time' in point ? { time: new Date(point.time).toISOString() } : {};
      const state: State = {
        ...{ id: crypto.randomUUID(), state: 'planned', requestedAt, ...time, bookmark },
        // One that is undone before it was applied has not raised the numbers yet.
        sequence: Math.max(tables.articles.lastSequence(), before?.sequence ?? 0),
        ...NOTHING_APPLIED,
      };
      // A Desk that knows the plan was not brought back.
      this.#save(state);
      const since = 'time' in point ? point.time - MARGIN_MS : now - MAX_AGE_MS;
      const plan = await this.#writeJournal(state, new Date(since).toISOString(), isUnapplied);
      const undo = await orFault(() => platform.restoreAtNextStart(bookmark));
      if (typeof undo !== 'string') {
        await this.#giveUp(before);
        return undo;
      }
      this.#armed = platform;
      this.#dependencies.wake(now + RESTART_AFTER_MS);
      this.#state = { ...state, undo };
      await this.#dependencies
        .journal()
        .saveRecoveryPlan({ ...plan, undo })
        .catch((error) => logFailure('the bookmark that undoes the recovery is not stored', error, { undo }));
      return this.progress() as RecoveryProgress;
    } catch (error) {
      if (this.#armed === undefined) {
        await this.#giveUp(before).catch((reason) =>
          logFailure('the plan of a recovery is left over', reason),
        );
      }
      throw error;
    }
  }

  /** Restarts the object, if a recovery was planned. */
  restart(): void {
    this.#armed?.restart();
  }

  /** Makes the steps that are to be made before anything else. Never throws; sets the alarm while there are more. */
  async proceed(): Promise<void> {
    if (this.#armed !== undefined) return this.restart();
    const { alarm, imports, tables, wake } = this.#dependencies;
    if (this.#state?.state !== 'applying' || imports.isRunning) return;
    try {
      while (this.#state?.state === 'applying') await this.#step(this.#state);
      alarm.resume();
    } catch (error) {
      // The transaction of the step was rolled back.
      this.#state = tables.settings.read('recovery');
      logFailure('the recovery is interrupted', error);
      wake(Date.now() + PAUSE_MS);
    }
  }

  nextDue(now: number): number | undefined {
    if (!this.#mustAsk && !this.isRebuilding) return undefined;
    return Math.min(this.#lookedAt, now) + (this.#mustAsk ? ASK_PAUSE_MS : PAUSE_MS);
  }

  /** Asks the journal again, or ends the recovery when KV agrees with the Desk. */
  async run(now: number): Promise<void> {
    if ((this.nextDue(now) ?? Number.POSITIVE_INFINITY) > now) return;
    if (this.#mustAsk) await this.start();
    if (!this.#mustAsk) await this.#finish(now);
  }

  /** Whether a recovery may begin. One that is being applied, and perhaps cannot be, may only be undone. */
  #mayPlan(point: RecoveryPoint): boolean {
    if (this.#isPlanning || this.#dependencies.imports.isRunning) return false;
    if (this.#state?.state !== 'applying') return true;
    return 'bookmark' in point && point.bookmark === this.#state.undo;
  }

  async #ask(): Promise<void> {
    const { journal } = this.#dependencies;
    const plan = await journal().recoveryPlan();
    const held = this.#state;
    const isKnown = plan !== undefined && [held?.id, held?.givenUp].includes(plan.id);
    if (plan?.state === 'planned' && !isKnown) {
      const { id, requestedAt, time, bookmark, undo, sequence } = plan;
      this.#save({
        ...{ id, state: 'applying', requestedAt, bookmark, sequence },
        ...(time !== undefined && { time }),
        ...(undo !== undefined && { undo }),
        ...NOTHING_APPLIED,
      });
    } else if (held?.state === 'planned') {
      // The object restarted before the platform was told to go back.
      this.#save({ ...held, state: 'abandoned' });
      if (plan?.id === held.id) await journal().saveRecoveryPlan({ ...plan, state: 'done' });
    }
  }

  /** Lets nothing else be done until the steps are made. */
  #close(): void {
    const { alarm, wake } = this.#dependencies;
    void alarm.pause();
    wake(Date.now());
  }

  /** Writes the plan and its marks to the journal. @returns the plan */
  async #writeJournal(state: State, since: Instant, leavesAccounts: boolean): Promise<RecoveryPlan> {
    const { journal, tables } = this.#dependencies;
    const { id, requestedAt, time, bookmark, sequence } = state;
    const plan: RecoveryPlan = {
      ...{ id, state: 'preparing', requestedAt, ...(time && { time }), bookmark, sequence },
      ...{ accountPages: 0, pages: 0, ...(leavesAccounts && { leavesAccounts }) },
    };
    await journal().saveRecoveryPlan(plan);
    let pages = 0;
    const add = async (marks: readonly object[]) => {
      for (const text of pagesOf(marks)) {
        await journal().addRecoveryPage(pages, text);
        pages += 1;
      }
    };
    if (!leavesAccounts) await add([...tables.publishers.marks(), ...tables.partners.marks()]);
    const accountPages = pages;
    let last = sequence + 1;
    for (;;) {
      const marks = tables.articles.marksBefore(last, MARKS_PER_PAGE);
      await add(marks.map((mark) => ({ ...mark, lists: listsOf(mark, tables) })));
      last = marks.at(-1)?.sequence ?? 0;
      // A clock that was set may have left single older times among newer ones.
      if (last === 0 || marks.every(({ changedAt }) => changedAt < since)) break;
    }
    const complete: RecoveryPlan = { ...plan, state: 'planned', accountPages, pages };
    await journal().saveRecoveryPlan(complete);
    return complete;
  }

  /** Goes on as if no recovery had been planned. */
  async #giveUp(before: State | undefined): Promise<void> {
    const { alarm, journal } = this.#dependencies;
    const planned = this.#state;
    if (planned !== undefined && planned !== before)
      this.#save(
        before === undefined ? { ...planned, state: 'abandoned' } : { ...before, givenUp: planned.id },
      );
    this.#isPlanning = false;
    if (!this.isClosed) alarm.resume();
    const plan = await journal().recoveryPlan();
    if (plan !== undefined && plan.state !== 'done')
      await journal().saveRecoveryPlan({ ...plan, state: 'done' });
  }

  async #step(state: State): Promise<void> {
    switch (state.at.stage) {
      case 'accounts':
        return this.#applyAccounts(state);
      case 'articles':
        return this.#applyArticles(state, state.at.page);
      case 'scopes':
        return this.#touchScopes(state, state.at.after);
      case 'applied':
        return this.#open(state);
    }
  }

  async #applyAccounts(state: State): Promise<void> {
    const { outbox, tables, transaction } = this.#dependencies;
    const { accountPages, leavesAccounts } = await this.#plan(state);
    if (leavesAccounts) return this.#save({ ...state, at: { stage: 'articles', page: accountPages } });
    const marks: AccountMark[] = [];
    for (let page = 0; page < accountPages; page += 1) marks.push(...(await this.#page<AccountMark>(page)));
    transaction(() => {
      const now = Date.now();
      const at = new Date(now).toISOString();
      const publishers = tables.publishers.recover(marks, at);
      const partners = tables.partners.recover(marks, at);
      // KV still has the accounts that the Desk no longer knows.
      const targets = [
        ...publishers.lost.map((id) => ({ kind: 'publisher', id }) as const),
        ...partners.lost.map((id) => ({ kind: 'partner', id }) as const),
      ];
      outbox.addAll(targets, now, { urgent: true });
      this.#save({
        ...{ ...state, publishers: shortened(publishers), partners: shortened(partners) },
        at: { stage: 'articles', page: accountPages },
      });
    });
  }

  async #applyArticles(state: State, page: number): Promise<void> {
    const { articleWriter, transaction } = this.#dependencies;
    const { pages } = await this.#plan(state);
    const marks = page < pages ? await this.#page<ArticleMark>(page) : [];
    transaction(() => {
      const now = Date.now();
      const articles = { ...state.articles };
      for (const mark of marks) {
        articles.checked += 1;
        const became = articleWriter.recover(mark, state.sequence, now);
        if (became !== undefined) articles[became] += 1;
      }
      const at =
        page < pages ? ({ stage: 'articles', page: page + 1 } as const) : ({ stage: 'scopes' } as const);
      this.#save({ ...state, articles, at });
    });
  }

  /** Gives every list a sequence number that was never used: which lists changed since the point is not known. */
  #touchScopes(state: State, after: Scope | undefined): void {
    const { tables, transaction } = this.#dependencies;
    const { articles, memberships } = tables;
    transaction(() => {
      const scopes = memberships.scopesAfter(after, SCOPES_PER_STEP);
      const sequence = Math.max(articles.lastSequence(), state.sequence);
      memberships.touch(
        scopes.map((scope) => ({ scope, growth: 0 as const })),
        sequence,
        new Date().toISOString(),
      );
      const last = scopes.at(-1);
      const at: Stage = last === undefined ? { stage: 'applied' } : { stage: 'scopes', after: last };
      this.#save({ ...state, at });
    });
  }

  /** Ends the time in which nothing else is done, and has KV rebuilt and compared. */
  #open(state: State): void {
    const { backup, rebuild, scrub, transaction } = this.#dependencies;
    // A backup that went on would miss what the recovery undid.
    backup.stopRecording();
    transaction(() => {
      const now = Date.now();
      rebuild.begin(now);
      scrub.begin(now);
      this.#save({ ...state, state: 'rebuilding', appliedAt: new Date(now).toISOString() });
    });
  }

  async #finish(now: number): Promise<void> {
    const { journal, rebuild, scrub } = this.#dependencies;
    const state = this.#state;
    if (state?.state !== 'rebuilding' || state.appliedAt === undefined) return;
    this.#lookedAt = now;
    const scrubbed = scrub.result()?.startedAt ?? '';
    if (rebuild.progress().state !== 'done' || scrubbed < state.appliedAt) return;
    const plan = await journal().recoveryPlan();
    if (plan?.id === state.id) await journal().saveRecoveryPlan({ ...plan, state: 'done' });
    this.#save({ ...state, state: 'done', finishedAt: new Date(now).toISOString() });
  }

  /** The plan of the recovery that is being applied. Throws when the journal has lost it. */
  async #plan({ id }: State): Promise<RecoveryPlan> {
    const plan = await this.#dependencies.journal().recoveryPlan();
    if (plan?.id !== id) throw new Error('The journal has no plan of this recovery.');
    return plan;
  }

  async #page<Mark>(page: number): Promise<Mark[]> {
    const text = await this.#dependencies.journal().recoveryPage(page);
    if (text === undefined) throw new Error(`The journal has no page ${page} of this recovery.`);
    return JSON.parse(text) as Mark[];
  }

  #save(state: State): void {
    this.#dependencies.tables.settings.write('recovery', state);
    this.#state = state;
  }
}

const NO_ACCOUNTS: RecoveredAccounts = { returned: [], lost: [], kept: [] };

/** What a recovery has done at its beginning. */
const NOTHING_APPLIED: Pick<State, 'articles' | 'publishers' | 'partners' | 'at'> = {
  articles: { checked: 0, withdrawn: 0, reverted: 0, removed: 0 },
  publishers: NO_ACCOUNTS,
  partners: NO_ACCOUNTS,
  at: { stage: 'accounts' },
};

const shortened = ({ returned, lost, kept }: RecoveredAccounts): RecoveredAccounts => ({
  returned: returned.slice(0, MAX_LISTED),
  lost: lost.slice(0, MAX_LISTED),
  kept: kept.slice(0, MAX_LISTED),
});

/** The lists that a published article is on; only those that have feeds. */
const listsOf = ({ id, status }: Omit<ArticleMark, 'lists'>, { memberships }: Tables): List[] =>
  status === 'published' ? memberships.listsOf(id).filter((list) => scopeOf(list) !== undefined) : [];

/** Marks as JSON, in pages. */
function pagesOf(marks: readonly object[]): string[] {
  const pages: string[] = [];
  let lines: string[] = [];
  let characters = 0;
  for (const mark of marks) {
    const line = JSON.stringify(mark);
    if (lines.length > 0 && characters + line.length > MAX_PAGE_CHARACTERS) {
      pages.push(`[${lines}]`);
      [lines, characters] = [[], 0];
    }
    lines.push(line);
    characters += line.length + 1;
  }
  return lines.length > 0 ? [...pages, `[${lines}]`] : pages;
}

/** The bookmark that the platform gives, or why it gives none. */
async function orFault(bookmark: () => Promise<string>): Promise<string | RecoveryFault> {
  try {
    return await bookmark();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { fault: 'invalid-point', problem: `the platform says: ${message}` };
  }
}
