import { DurableObject } from 'cloudflare:workers';
import type { Instant } from '../domain/article.ts';
import { formerNamesOf, namesOfPartner, type PartnerProfile } from '../domain/partner.ts';
import { DEFAULT_SIGNATURE, type PublisherSettings, type SignatureSettings } from '../domain/publisher.ts';
import type { Scope, ScopeKind } from '../domain/site.ts';
import type { Position } from '../feeds/cursor.ts';
import { DEFAULT_FEEDS } from '../feeds/feed.ts';
import { logFailure } from '../log.ts';
import { linesOf } from '../store/backup-rows.ts';
import { ArchiveFailure, ImportRunning, isPlatformFailure, RecoveryRunning } from '../store/failures.ts';
import { schemaVersion } from '../store/migrations.ts';
import type { Stamp, Target } from '../store/records.ts';
import {
  DEFAULT_SETTINGS,
  keyOf,
  type PartnerRecord,
  type PublisherRecord,
  type SealedSecret,
  SITE_KEYS,
  type SiteSettings,
  type StoredSite,
  type TokenDigest,
  targetOf,
  unexpired,
  withUrl,
} from '../store/records.ts';
import type { ImportState, PageFault } from '../store/table-import.ts';
import { type Components, compose, type DeskEnv } from './composition.ts';
import { type Detail, expandDetail } from './contract/detail.ts';
import { withheldFrom } from './contract/filters.ts';
import type {
  ArchivedPage,
  ArchiveHealth,
  ArticleVersion,
  Change,
  Day,
  Delivery,
  DeskExport,
  Erasure,
  Filters,
  IdPage,
  ImportProgress,
  LoggedDelivery,
  LogQuery,
  Lookup,
  Receipt,
  Revision,
  Signer,
  Takedown,
  VersionSummary,
  Views,
} from './contract/messages.ts';
import type { RecoveryFault, RecoveryPoint, RecoveryProgress } from './contract/recovery.ts';
import type { BodyMigrationProgress } from './jobs/body-migration.ts';
import type { RebuildProgress } from './jobs/rebuild.ts';
import type { ScrubResult } from './jobs/scrub.ts';
import { PlatformPointInTime, type PointInTime } from './point-in-time.ts';
import type { Backlog } from './projection/outbox.ts';
import { withdrawnSince } from './projection/projection.ts';
import type { Tables } from './tables/tables.ts';

/** KV serves what is written at every edge location after 60 s. */
const SETTLED_MS = 120_000;

/** A sitemap index may name 50,000 sitemaps, and a day may need several. */
const MAX_DAYS = 10_000;

/** The most values in one answer, and the most bytes of their JSON; a single one may have more. */
const MAX_VALUES = 100;
const MAX_ANSWER_BYTES = 8 * 1_048_576;

/** How long the push queue holds a message when nothing is wrong: a second (`max_batch_timeout`), and the consumer's time. */
const SETTLING_MS = 5_000;

/** What 100 cards have, approximately. */
const FEED_BYTES = 100_000;

/** The minimum interval between writes of the most read articles that only views cause. */
const TRENDING_INTERVAL_MS = 60_000;

/**
 * The Desk: the only writer of a site. See README.md for its rules. Other rooms call its methods; the types of their
 * messages are in `contract/`.
 */
export class Desk extends DurableObject<DeskEnv> {
  readonly #composed: Components;
  /** A test sets a shorter one. */
  settlingMs = SETTLING_MS;
  /** A test sets a stand-in: workerd has none locally. */
  pointInTime: PointInTime;

  constructor(ctx: DurableObjectState, env: DeskEnv) {
    super(ctx, env);
    this.#composed = compose(ctx, env);
    this.pointInTime = new PlatformPointInTime(ctx);
    if (this.#composed.imports.isRunning) void this.#composed.alarm.pause();
    // The platform drops an alarm that threw six times (Durable Objects, "Alarms"), so it is set again here.
    this.#composed.alarm.set();
    // A Desk that was brought back must know it before it is asked anything.
    void ctx.blockConcurrencyWhile(() => this.#composed.recovery.start());
  }

  /** Everything but backup and recovery goes through here. Throws while the tables are written from a backup or brought back. */
  get #components(): Components {
    if (this.#composed.imports.isRunning) throw new ImportRunning();
    if (this.#composed.recovery.isClosed) throw new RecoveryRunning();
    return this.#composed;
  }

  get #tables(): Tables {
    return this.#components.tables;
  }

  // --- for intake

  /** Stores a delivery. It is durable when this resolves; KV follows. */
  receive(delivery: Delivery): Receipt {
    return this.#components.intakeCheck.watch(() =>
      this.#change((now) => this.#components.articleWriter.receive(delivery, now)),
    );
  }

  /**
   * Stores a delivery of a publisher, in one transaction with the check of who signed it: a publisher that was removed,
   * and a secret that was rotated out, publish nothing more, whatever KV still has.
   */
  receiveSigned(delivery: Delivery, signer: Signer): Receipt | 'unauthorized' {
    return this.#components.intakeCheck.watch(() =>
      this.#change((now) =>
        this.#isSigner(signer, now) ? this.#components.articleWriter.receive(delivery, now) : 'unauthorized',
      ),
    );
  }

  /** Whether a signer may still act for its publisher. */
  isSigner(signer: Signer): boolean {
    return this.#isSigner(signer, Date.now());
  }

  /** A page of a publisher's delivery log, newest first. */
  deliveries(publisher: string, query: LogQuery): { deliveries: LoggedDelivery[]; next: number | null } {
    return this.#tables.deliveryLog.page(publisher, query);
  }

  // --- for the edge

  /** A page of the articles that match filters, as ids. */
  page(filters: Filters, before: Position | undefined, limit: number): IdPage {
    const { memberships, partners } = this.#tables;
    const partner = filters.partner === undefined ? undefined : partners.find(filters.partner);
    const since = withdrawnSince(this.site(), Date.now());
    return memberships.page(withheldFrom(partner, filters), before, limit, since);
  }

  /** The days that have sitemaps, newest first. */
  archivedDays(): Day[] {
    return this.#tables.memberships.days(MAX_DAYS);
  }

  /** The sitemap entries of the articles published from `from` to before `to`, newest first. */
  archivedPages(from: Instant, to: Instant, limit: number): ArchivedPage[] {
    return this.#tables.memberships.publishedBetween(from, to, limit);
  }

  /**
   * The sitemap entries of a part of a day, newest first. `index` counts from 0.
   * @returns null when so late a part cannot be found at once; the next call gets further
   */
  archivedDay(day: string, index: number, partSize: number): ArchivedPage[] | null {
    return this.#tables.memberships.publishedOn(day, index, partSize, Date.now());
  }

  /** The scopes of each kind with the most articles, at most `limit` per kind. */
  largestScopes(kinds: ScopeKind[], limit: number): Scope[] {
    return kinds.flatMap((kind) => this.#tables.memberships.largestScopes(kind, limit));
  }

  /**
   * The values that KV should have under these keys, in their order; null where there is none. Isolates ask for keys that
   * KV lacks, or has only older, so those that exist are queued to be written again. Of a rendered feed there is no value
   * here: the isolate renders it.
   * @returns the answers for the first keys, as many as fit into one call and at least one; the caller asks for the rest
   */
  async values(keys: string[]): Promise<Lookup[]> {
    const targets = this.#answerable(keys.map(targetOf));
    const { inventory, repairs, alarm } = this.#components;
    const found = await Promise.all(targets.map((target) => (target ? this.#lookUp(target) : null)));
    // What cannot be made is queued, too: the outbox tries again, and readiness counts what fails.
    const existing = targets.filter((target, index) => {
      const answer = found[index] ?? null;
      if (target?.kind === 'rendered') return inventory.stampOf(target) !== undefined;
      return typeof answer === 'string' || (answer !== null && 'unavailable' in answer);
    });
    if (repairs.queue(existing as Target[], Date.now()) > 0) alarm.set();
    return found;
  }

  /** Whether an article is withheld from a partner, under any name that it has or had. */
  isWithheld(id: string, partner: PartnerProfile): boolean {
    const { memberships, partners } = this.#tables;
    // KV may have the partner's record of before it was renamed.
    const names = namesOfPartner(partners.find(partner.id) ?? partner);
    return memberships.listsOf(id).some(({ kind, name }) => kind === 'withheld' && names.includes(name));
  }

  /** Counts the pages that an isolate has served since its last call. */
  countViews(views: Views): void {
    this.#change((now) => {
      const { trending } = this.#tables;
      const isFirst = trending.top(1).length === 0;
      // The first views appear at once.
      const timing = isFirst ? {} : { interval: TRENDING_INTERVAL_MS };
      if (trending.count(views, now)) this.#components.outbox.add({ kind: 'trending' }, now, timing);
    });
  }

  /** Every article's newest change after the sequence number `after`, oldest first. */
  changes(after: number, limit: number): { changes: Change[]; next: number | null } {
    return this.#tables.articles.changesAfter(after, limit);
  }

  // --- for the operator

  /** Withdraws an article. Resolves once KV has the tombstone. */
  async withdraw(id: string, reason?: string): Promise<Takedown> {
    await this.#components.bodyMigration.tryToTake(id);
    return this.#takedown(id, (now) => this.#components.articleWriter.withdraw(id, reason, now));
  }

  /** Ends the operator's withdrawal. Resolves once KV has the article again. */
  async restore(id: string): Promise<Takedown> {
    return this.#takedown(id, (now) => this.#components.articleWriter.restore(id, now));
  }

  /** Deletes the words of a withdrawn article from the Desk for good. Resolves once KV has its tombstone. */
  async erase(id: string): Promise<Erasure> {
    const erasure = this.#change((now) => this.#components.articleWriter.erase(id, now));
    if (erasure.found) await this.#flush({ kind: 'article', id });
    return erasure;
  }

  /** The earlier versions of an article, the newest first; undefined when the Desk has never seen it. */
  versions(id: string): VersionSummary[] | undefined {
    return this.#tables.articles.find(id) && this.#tables.versions.list(id);
  }

  /** An earlier version of an article with its content; undefined when there is none. */
  async version(id: string, version: number): Promise<ArticleVersion | undefined> {
    const revision = await this.#revisionOf(id, version);
    if (revision === undefined) return undefined;
    const detail = JSON.parse(await expandDetail(revision.detail)) as Detail;
    // It may have been deleted while this waited.
    const summary = this.versions(id)?.find((each) => each.version === version);
    if (summary === undefined) return undefined;
    const { publishedAt, updatedAt } = summary;
    const status = 'published' as const;
    const article = { id, version, status, ...revision.card, publishedAt, updatedAt, ...detail };
    return { ...summary, article: withUrl(this.env.ORIGIN, article) };
  }

  /** Makes an earlier version the newest again. Resolves once KV has it. */
  async restoreVersion(id: string, version: number): Promise<Takedown> {
    const revision = await this.#revisionOf(id, version);
    return this.#takedown(id, (now) =>
      this.#components.articleWriter.restoreVersion(id, version, revision, now),
    );
  }

  publishers(): PublisherRecord[] {
    return this.#tables.publishers.all();
  }

  publisher(id: string): PublisherRecord | undefined {
    return this.#tables.publishers.find(id);
  }

  /**
   * Creates or changes a publisher. Resolves once KV has it.
   * @param secret the secret of a new publisher; for an existing one, used only together with `grace`
   * @param grace seconds for which previous secrets stay valid
   */
  savePublisher(
    profile: PublisherSettings,
    secret: SealedSecret,
    grace?: number,
  ): Promise<{ created: boolean; record: PublisherRecord }> {
    const target = { kind: 'publisher', id: profile.id } as const;
    return this.#changeAndFlush(target, (now) => {
      if (this.#tables.publishers.find(profile.id)?.name !== profile.name)
        this.#changePublisherName(profile.id, now);
      const saved = this.#tables.publishers.save(profile, secret, now);
      if (saved.created || grace === undefined) return saved;
      const record = this.#tables.publishers.rotate(profile.id, secret, endOf(grace), now) ?? saved.record;
      return { created: false, record };
    });
  }

  /** Rotates a publisher's secret; previous ones stay valid for `grace` seconds. Resolves once KV has it. */
  rotateSecret(id: string, secret: SealedSecret, grace: number): Promise<PublisherRecord | undefined> {
    return this.#changeAndFlush({ kind: 'publisher', id }, (now) =>
      this.#tables.publishers.rotate(id, secret, endOf(grace), now),
    );
  }

  /** Deletes a publisher and its secrets; its articles stay. Resolves once KV has deleted it, too. */
  removePublisher(id: string): Promise<boolean> {
    return this.#changeAndFlush({ kind: 'publisher', id }, (now) => {
      const removed = this.#tables.publishers.remove(id);
      if (removed) this.#changePublisherName(id, now);
      return removed;
    });
  }

  partners(): PartnerRecord[] {
    return this.#tables.partners.all();
  }

  partner(id: string): PartnerRecord | undefined {
    return this.#tables.partners.find(id);
  }

  /** Creates or changes a partner; `token` is used only for a new one. Resolves once KV has it. */
  savePartner(
    profile: PartnerProfile,
    token: TokenDigest,
  ): Promise<{ created: boolean; record: PartnerRecord }> {
    const target = { kind: 'partner', id: profile.id } as const;
    return this.#changeAndFlush(target, (now) => {
      const { partners } = this.#tables;
      const formerNames = formerNamesOf(partners.find(profile.id), profile.name);
      return partners.save({ ...profile, ...(formerNames.length > 0 && { formerNames }) }, token, now);
    });
  }

  /** Rotates a partner's token; previous ones stay valid for `grace` seconds. Resolves once KV has it. */
  rotateToken(id: string, token: TokenDigest, grace: number): Promise<PartnerRecord | undefined> {
    return this.#changeAndFlush({ kind: 'partner', id }, (now) =>
      this.#tables.partners.rotate(id, token, endOf(grace), now),
    );
  }

  /** Deletes a partner and its tokens. Resolves once KV has deleted it, too. */
  removePartner(id: string): Promise<boolean> {
    return this.#changeAndFlush({ kind: 'partner', id }, () => this.#tables.partners.remove(id));
  }

  /** The operator's settings; undefined while all are defaults. */
  site(): StoredSite | undefined {
    return this.#tables.settings.site();
  }

  /** Replaces the operator's settings. Resolves once KV has them. */
  async saveSite(settings: SiteSettings): Promise<StoredSite> {
    return this.#changeAndFlush({ kind: 'site' }, (now) => this.#saveSite(settings, now));
  }

  /** Starts a rebuild of every feed and record in KV. */
  rebuild(): RebuildProgress {
    this.#change((now) => {
      this.#components.rebuild.begin(now);
      // The rebuild writes what the Desk knows; what it does not know is found by comparing.
      this.#components.scrub.begin(now);
    });
    return this.#components.rebuild.progress();
  }

  rebuildProgress(): RebuildProgress {
    return this.#components.rebuild.progress();
  }

  /** How far the Desk has taken the bodies that an earlier release left in KV. Until it is done, KV must not be emptied. */
  bodyMigration(): BodyMigrationProgress {
    return this.#components.bodyMigration.progress();
  }

  /**
   * Some keys that KV must have by now, with the stamps of their values. Those that wait to be written are left out, and
   * those that changed lately: KV may serve what was there before for 60 s.
   */
  sample(): (Stamp & { key: string })[] {
    const since = new Date(Date.now() - SETTLED_MS).toISOString();
    const { inventory, outbox } = this.#components;
    return inventory
      .sample(since)
      .filter(({ key }) => !outbox.isWaiting(key))
      .map(({ key, stamp, version }) => ({ key, stamp, ...(version !== undefined && { version }) }));
  }

  /** Queues keys that were found missing or old in KV. */
  repair(keys: string[]): void {
    const targets = keys.flatMap((key) => targetOf(key) ?? []);
    const existing = targets.filter((target) => this.#components.inventory.stampOf(target) !== undefined);
    if (this.#components.repairs.queue(existing, Date.now()) > 0) this.#components.alarm.set();
  }

  /** The result of the latest comparison of all of KV with the Desk. */
  scrubResult(): ScrubResult | undefined {
    return this.#components.scrub.result();
  }

  /**
   * How far KV and push are behind, which jobs of the alarm fail, the size of the database in bytes, and whether
   * deliveries can be stored.
   */
  backlog(): Backlog & {
    unannounced: number;
    failingJobs: string[];
    storedBytes: number;
    isMigrating: boolean;
    missingBodies: number;
    isRecovering: boolean;
    takesDeliveries: boolean;
    archive: ArchiveHealth | undefined;
  } {
    const { alarm, announcementQueue, bodyMigration, intakeCheck, outbox, recovery } = this.#components;
    // After the clock was set back, the alarm may be set for a time that is far ahead.
    alarm.set();
    return {
      ...outbox.backlog(),
      unannounced: announcementQueue.waiting(),
      failingJobs: alarm.failing,
      storedBytes: this.ctx.storage.sql.databaseSize,
      isMigrating: bodyMigration.isRunning,
      missingBodies: bodyMigration.progress().missing,
      isRecovering: recovery.isRebuilding,
      takesDeliveries: intakeCheck.works(Date.now()),
      archive: this.#archiveHealth(),
    };
  }

  // --- for backup and restore

  schemaVersion(): number {
    return schemaVersion(this.ctx.storage);
  }

  /**
   * A page of the Desk's tables.
   * @param position the `next` of the page before; undefined for the first one
   * @returns `expired` when the backup must begin again; `unready` while bodies are only in KV
   */
  async exportPage(position: string | undefined, rows: number): Promise<DeskExport | 'expired' | 'unready'> {
    const { backup, bodyMigration, announcementQueue, alarm, archivedEntries } = this.#components;
    if (bodyMigration.isRunning) return 'unready';
    const page = await archivedEntries.complete(() => {
      const now = Date.now();
      const taken = backup.page(position, now, { rows });
      return taken && { ...taken, now, sequence: this.#tables.articles.lastSequence() };
    });
    if (page === undefined) return 'expired';
    // It drops the record of changes in the end.
    alarm.set();
    return {
      lines: linesOf(page.entries),
      rows: page.entries.length,
      next: page.next,
      at: new Date(page.now).toISOString(),
      sequence: page.sequence,
      settlesAt: announcementQueue.sentAt + this.settlingMs,
    };
  }

  /** The latest import of a backup. */
  importState(): ImportState<ImportProgress> | undefined {
    return this.#composed.imports.latest;
  }

  /** Starts an import. Until its end, every other method throws. @returns whether the site was empty; else nothing is done */
  async beginImport(progress: ImportProgress): Promise<boolean> {
    const { imports, backup, alarm, recovery } = this.#composed;
    if (recovery.isClosed) throw new RecoveryRunning();
    // A job that waits for KV or the queue must not go on with tables that are half written.
    await alarm.pause();
    const isNew = imports.isRunning ? imports.latest?.progress.page === 0 : this.#isEmpty();
    if (isNew) {
      backup.stopRecording();
      imports.begin(progress);
    } else if (!imports.isRunning) alarm.resume();
    return isNew;
  }

  /**
   * Writes a page of the Desk's tables.
   * @param lines its entries; empty for a page of another object
   * @returns what is wrong with the page, and then nothing was written; `unexpected` when another page is due
   */
  importPage(lines: string, progress: ImportProgress, isLast: boolean): PageFault | 'unexpected' | undefined {
    const { imports, rebuild, scrub, alarm, tables } = this.#composed;
    if (!imports.isRunning || imports.latest?.progress.page !== progress.page - 1) return 'unexpected';
    const fault = imports.apply(lines, progress);
    if (fault !== undefined || !isLast) return fault;
    const now = Date.now();
    imports.finish({ ...progress, finishedAt: new Date(now).toISOString() }, () => {
      // Those objects may be another site's.
      tables.archiveDeletions.deleted(tables.bodies.dropRestored());
      tables.articles.raiseNumbers();
      // KV may have anything: what was there before, or nothing. Articles stay as the backup has them.
      rebuild.begin(now, 'feeds');
      scrub.begin(now);
    });
    alarm.resume();
    return undefined;
  }

  /** Abandons a running import: the site is empty again. @returns whether one ran */
  abandonImport(): boolean {
    const { imports, outbox, alarm } = this.#composed;
    if (!imports.isRunning) return false;
    this.ctx.storage.transactionSync(() => {
      imports.abandon();
      // As a new site has it.
      outbox.addAll(
        SITE_KEYS.map((kind) => ({ kind })),
        Date.now(),
      );
    });
    alarm.resume();
    return true;
  }

  // --- for point-in-time recovery

  /**
   * Prepares a recovery. Until the object has restarted and everything is applied, every other method throws. The caller
   * restarts it; otherwise it does so itself after some seconds.
   */
  planRecovery(point: RecoveryPoint): Promise<RecoveryProgress | RecoveryFault> {
    return this.#composed.recovery.plan(point, this.pointInTime, Date.now());
  }

  /** Restarts the object, if a recovery is planned: the call fails then. */
  restartForRecovery(): void {
    this.#composed.recovery.restart();
  }

  /** The latest recovery; undefined when there was none. */
  recovery(): RecoveryProgress | undefined {
    return this.#composed.recovery.progress();
  }

  // --- the alarm

  override async alarm(): Promise<void> {
    const { recovery, alarm } = this.#composed;
    await recovery.proceed();
    await alarm.ring();
  }

  /** Whether bodies in R2 can be read; undefined when none is there. */
  #archiveHealth(): ArchiveHealth | undefined {
    const { archive } = this.#components;
    const { isUsed, hasLost } = this.#tables.bodies.archiveState();
    if (archive.isFailing) return 'failing';
    if (!isUsed) return undefined;
    if (!archive.isBound) return 'unbound';
    return hasLost ? 'incomplete' : 'ok';
  }

  /** The content of an earlier version, from R2 if it is there. @throws ArchiveFailure also when R2 has lost it */
  async #revisionOf(id: string, version: number): Promise<Revision | undefined> {
    const earlier = this.#tables.versions.find(id, version);
    if (earlier === undefined) return undefined;
    const { detail, ...revision } = earlier.revision;
    if (detail instanceof Uint8Array) return { ...revision, detail };
    const bytes = await this.#components.archive.get(detail);
    if (bytes === undefined) throw new ArchiveFailure(`R2 has lost version ${version} of ${id}.`);
    return { ...revision, detail: bytes };
  }

  #isEmpty(): boolean {
    return this.#composed.imports.isEmpty() && this.site() === undefined;
  }

  /** Looks up a target. A value that cannot be made is no reason to withhold the others. */
  async #lookUp(target: Target): Promise<Lookup> {
    const { projection } = this.#components;
    try {
      return await projection.lookUp(target);
    } catch (error) {
      logFailure('a value cannot be made', error, { key: keyOf(target) });
      // A body that R2 does not answer comes back; a damaged one does not, and lists show its card.
      return { unavailable: String(error), ...(!isPlatformFailure(error) && projection.cardOf(target)) };
    }
  }

  /** The first of these targets whose values fit into one answer; at least one. */
  #answerable<Each extends Target | undefined>(targets: readonly Each[]): readonly Each[] {
    let bytes = 0;
    const end = targets.findIndex((target, index) => {
      if (target?.kind === 'article') bytes += this.#tables.articles.find(target.id)?.bytes ?? 0;
      else if (target?.kind === 'feed') bytes += FEED_BYTES;
      return index >= MAX_VALUES || (index > 0 && bytes > MAX_ANSWER_BYTES);
    });
    return end === -1 ? targets : targets.slice(0, end);
  }

  #isSigner({ publisher, sealed, settings }: Signer, now: number): boolean {
    const record = this.#tables.publishers.find(publisher);
    if (record === undefined || !isSameSignature(record.signature, settings)) return false;
    return unexpired(record.credentials, now).some((each) => each.sealed === sealed);
  }

  /**
   * Feeds name the publishers of their articles, also those whose publisher has been deleted or is created again. So
   * another name, or none, is a new version of the site's settings.
   */
  #changePublisherName(id: string, now: Instant): void {
    const isNamed = this.#tables.memberships.changeOf({ kind: 'publishers', name: id }) !== undefined;
    if (isNamed) this.#saveSite(this.site() ?? DEFAULT_SETTINGS, now);
  }

  #saveSite(settings: SiteSettings, now: Instant): StoredSite {
    const site = { ...settings, changedAt: now };
    this.#tables.settings.write('site', site);
    this.#components.outbox.add({ kind: 'site' }, Date.parse(now), { urgent: true });
    // The default feeds carry the site's name and description.
    for (const extension of DEFAULT_FEEDS)
      this.#components.outbox.add({ kind: 'rendered', extension }, Date.parse(now));
    return site;
  }

  #change<Result>(work: (now: number) => Result): Result {
    const result = this.ctx.storage.transactionSync(() => work(Date.now()));
    this.#components.alarm.set();
    return result;
  }

  async #takedown(id: string, work: (now: number) => Takedown): Promise<Takedown> {
    const takedown = this.#change(work);
    if (takedown.found) await this.#flush({ kind: 'article', id });
    return takedown;
  }

  async #changeAndFlush<Result>(target: Target, work: (now: string) => Result): Promise<Result> {
    const result = this.#change((now) => {
      const done = work(new Date(now).toISOString());
      // Credentials that were replaced must not stay valid behind a backlog.
      this.#components.outbox.add(target, now, { urgent: true });
      return done;
    });
    await this.#flush(target);
    return result;
  }

  async #flush(target: Target): Promise<void> {
    await this.#components.outbox.flush(target);
    // The alarm announces what was written here.
    this.#components.alarm.set();
  }
}

/** Whether signatures are verified in the same way. */
function isSameSignature(one: SignatureSettings = DEFAULT_SIGNATURE, other: SignatureSettings): boolean {
  return (
    one.scheme === other.scheme &&
    one.header === other.header &&
    (one.bodyOnly ?? false) === (other.bodyOnly ?? false)
  );
}

/** When replaced credentials expire: `grace` seconds from now. */
const endOf = (grace: number): Instant => new Date(Date.now() + grace * 1_000).toISOString();
