import { DurableObject } from 'cloudflare:workers';
import type { Instant } from '../article/article.ts';
import type { PartnerProfile } from '../article/partner.ts';
import type { PublisherSettings } from '../article/publisher.ts';
import type { Scope, ScopeKind } from '../article/site.ts';
import {
  DEFAULT_FEEDS,
  DEFAULT_SETTINGS,
  type PartnerRecord,
  type PublisherRecord,
  type SealedSecret,
  type SiteSettings,
  type StoredSite,
  type TokenDigest,
} from '../store/values.ts';
import { Accounts } from './accounts.ts';
import { Alarm } from './alarm.ts';
import { Announcements } from './announcements.ts';
import { type ArchivedPage, archivedDays, archivedPages, type Day, largestScopes } from './archive.ts';
import { changesAfter } from './changes.ts';
import { Deliveries } from './deliveries.ts';
import { Editing } from './editing.ts';
import { Feeds } from './feeds.ts';
import { Ledger } from './ledger.ts';
import type {
  Announcement,
  Change,
  Delivery,
  Filters,
  IdPage,
  LoggedDelivery,
  LogQuery,
  Partners,
  Position,
  Publishers,
  Receipt,
  Takedown,
} from './messages.ts';
import { type Backlog, Outbox, type Subject } from './outbox.ts';
import { Rebuild, type RebuildProgress } from './rebuild.ts';
import { migrate } from './schema.ts';
import { readSettings, writeSettings } from './settings.ts';
import { Trending, type Views } from './trending.ts';
import { tombstonesSince, Values } from './values.ts';

export interface DeskEnv {
  KV: KVNamespace;
  PUSH_QUEUE: Queue<Announcement>;
  ORIGIN: string;
}

/** Sitemaps in an index: the protocol takes 50,000, and a day may need several. */
const MOST_DAYS = 10_000;

/** How often the delivery log is pruned. */
const PRUNE_INTERVAL = 3_600_000;

/** How often views alone have the list of what is read written anew. */
const TRENDING_INTERVAL = 60_000;

/**
 * The one writer of a site. Everything that changes it is a synchronous transaction here; KV follows by the outbox,
 * which the alarm drains. Reads for the edge are indexed, bounded, and give ids only.
 */
export class Desk extends DurableObject<DeskEnv> {
  readonly #ledger: Ledger;
  readonly #feeds: Feeds;
  readonly #trending: Trending;
  readonly #deliveries: Deliveries;
  readonly #publishers: Publishers;
  readonly #partners: Partners;
  readonly #values: Values;
  readonly #announcements: Announcements;
  readonly #outbox: Outbox;
  readonly #editing: Editing;
  readonly #rebuild: Rebuild;
  readonly #alarm: Alarm;
  #prunedAt = 0;

  constructor(ctx: DurableObjectState, env: DeskEnv) {
    super(ctx, env);
    migrate(ctx.storage);
    const { sql } = ctx.storage;
    this.#ledger = new Ledger(sql);
    this.#feeds = new Feeds(sql);
    this.#trending = new Trending(sql);
    this.#deliveries = new Deliveries(sql);
    this.#publishers = new Accounts(sql, 'publishers');
    this.#partners = new Accounts(sql, 'partners');
    this.#values = new Values(
      {
        ledger: this.#ledger,
        feeds: this.#feeds,
        trending: this.#trending,
        publishers: this.#publishers,
        partners: this.#partners,
        site: () => this.#site(),
      },
      env.KV,
      env.ORIGIN,
    );
    this.#announcements = new Announcements(
      sql,
      { ledger: this.#ledger, feeds: this.#feeds },
      env.PUSH_QUEUE,
    );
    const values = {
      valueOf: (subject: Subject) => this.#values.valueOf(subject),
      written: (subject: Subject, now: number) => {
        this.#values.written(subject, now);
        this.#announcements.add(subject, now);
      },
    };
    this.#outbox = new Outbox(sql, env.KV, values, { wake: () => this.#alarm.set() });
    this.#editing = new Editing(
      {
        ledger: this.#ledger,
        feeds: this.#feeds,
        trending: this.#trending,
        deliveries: this.#deliveries,
        outbox: this.#outbox,
      },
      env.ORIGIN,
    );
    const atomically = (work: () => void) => ctx.storage.transactionSync(work);
    this.#rebuild = new Rebuild({
      ...{ sql, ledger: this.#ledger, feeds: this.#feeds, outbox: this.#outbox, editing: this.#editing },
      atomically,
      records: () => [
        ...this.#publishers.all().map(({ id }): Subject => ({ kind: 'publisher', id })),
        ...this.#partners.all().map(({ id }): Subject => ({ kind: 'partner', id })),
        { kind: 'site' },
        { kind: 'trending' },
      ],
    });
    this.#alarm = new Alarm(ctx.storage, {
      settle: { due: () => this.#ledger.nextDue(), do: (now) => this.#editing.settleDue(now, atomically) },
      write: { due: () => this.#outbox.nextDue(), do: () => this.#outbox.drain() },
      announce: { due: () => this.#announcements.nextDue(), do: () => this.#announcements.send() },
      rebuild: { due: (now) => this.#rebuild.nextDue(now), do: (now) => this.#rebuild.step(now) },
      prune: { due: () => this.#ledger.nextPruning(), do: (now) => this.#prune(now) },
    });
    // An alarm that threw six times is gone for good (Durable Objects, "Alarms"): whatever waits is armed again.
    this.#alarm.set();
  }

  // --- what publishers do

  /** Takes a delivery. When this resolves, what it says is durable; KV follows. */
  receive(delivery: Delivery): Receipt {
    return this.#change((now) => this.#editing.receive(delivery, now));
  }

  /** The publisher's delivery log, newest first. */
  deliveries(publisher: string, query: LogQuery): { deliveries: LoggedDelivery[]; next: number | null } {
    return this.#deliveries.page(publisher, query);
  }

  // --- what the edge asks

  /** One page of the articles matching every filter, as ids. */
  page(filters: Filters, before: Position | undefined, limit: number): IdPage {
    return this.#feeds.page(filters, before, limit, tombstonesSince(this.#site(), Date.now()));
  }

  /** The days of which there are sitemaps, newest first. */
  archivedDays(): Day[] {
    return archivedDays(this.ctx.storage.sql, MOST_DAYS);
  }

  /** What a sitemap needs of what was published from one instant to before another, newest first. */
  archivedPages(from: Instant, to: Instant, limit: number, offset: number): ArchivedPage[] {
    return archivedPages(this.ctx.storage.sql, from, to, limit, offset);
  }

  /** The scopes of each kind that hold the most, at most `limit` of a kind. */
  largestScopes(kinds: ScopeKind[], limit: number): Scope[] {
    return kinds.flatMap((kind) => largestScopes(this.ctx.storage.sql, kind, limit));
  }

  /**
   * Those of these articles that were acknowledged a moment ago, and tombstones, as KV will hold them: KV may go on
   * serving a miss for 60 s after the write. Nothing of what is unknown, embargoed, or long since in KV.
   */
  async articles(ids: string[]): Promise<string[]> {
    const held = ids.filter((id) => {
      const known = this.#ledger.find(id);
      return known !== undefined && (known.status !== 'published' || this.#ledger.detail(id) !== undefined);
    });
    const values = await Promise.all(held.map((id) => this.#values.article(id)));
    return values.filter((value) => value !== null);
  }

  /** Counts what readers were sent since an isolate's last call. */
  countViews(views: Views): void {
    this.#change((now) => {
      if (this.#trending.count(views, now)) this.#outbox.add({ kind: 'trending' }, now, TRENDING_INTERVAL);
    });
  }

  /** Every article's newest change after the sequence number `after`, oldest first. */
  changes(after: number, limit: number): { changes: Change[]; next: number | null } {
    return changesAfter(this.ctx.storage.sql, after, limit);
  }

  // --- what the operator does

  /** The operator's takedown. Resolves once KV has the tombstone. */
  async withdraw(id: string, reason?: string): Promise<Takedown> {
    return this.#takedown(id, (now) => this.#editing.withdraw(id, reason, now));
  }

  /** Ends the operator's takedown. Resolves once KV has the article again. */
  async restore(id: string): Promise<Takedown> {
    return this.#takedown(id, (now) => this.#editing.restore(id, now));
  }

  publishers(): PublisherRecord[] {
    return this.#publishers.all();
  }

  publisher(id: string): PublisherRecord | undefined {
    return this.#publishers.find(id);
  }

  /**
   * Creates or changes a publisher; `secret` becomes its own when it is new, or else, when a `grace` is given, takes
   * the place of the others, which are accepted for that many seconds. Resolves once KV has it.
   */
  savePublisher(
    profile: PublisherSettings,
    secret: SealedSecret,
    grace?: number,
  ): Promise<{ created: boolean; record: PublisherRecord }> {
    const subject = { kind: 'publisher', id: profile.id } as const;
    return this.#changeAndFlush(subject, (now) => {
      const before = this.#publishers.find(profile.id);
      // Feeds name their articles' publishers: a new name is a new version of all that the site says.
      if (before !== undefined && before.name !== profile.name)
        this.#saveSite(this.#site() ?? DEFAULT_SETTINGS, now);
      const saved = this.#publishers.save(profile, secret, now);
      if (saved.created || grace === undefined) return saved;
      const record = this.#publishers.rotate(profile.id, secret, endOf(grace), now) ?? saved.record;
      return { created: false, record };
    });
  }

  /** Gives a publisher a new secret; the old ones are accepted for `grace` seconds. Resolves once KV has it. */
  rotateSecret(id: string, secret: SealedSecret, grace: number): Promise<PublisherRecord | undefined> {
    return this.#changeAndFlush({ kind: 'publisher', id }, (now) =>
      this.#publishers.rotate(id, secret, endOf(grace), now),
    );
  }

  /** Forgets a publisher and its secrets; its articles stay. Resolves once KV has forgotten it, too. */
  removePublisher(id: string): Promise<boolean> {
    return this.#changeAndFlush({ kind: 'publisher', id }, () => this.#publishers.remove(id));
  }

  partners(): PartnerRecord[] {
    return this.#partners.all();
  }

  partner(id: string): PartnerRecord | undefined {
    return this.#partners.find(id);
  }

  /** Creates or changes a partner; `token` becomes its own when it is new. Resolves once KV has it. */
  savePartner(
    profile: PartnerProfile,
    token: TokenDigest,
  ): Promise<{ created: boolean; record: PartnerRecord }> {
    const subject = { kind: 'partner', id: profile.id } as const;
    return this.#changeAndFlush(subject, (now) => this.#partners.save(profile, token, now));
  }

  /** Gives a partner a new token; the old ones are accepted for `grace` seconds. Resolves once KV has it. */
  rotateToken(id: string, token: TokenDigest, grace: number): Promise<PartnerRecord | undefined> {
    return this.#changeAndFlush({ kind: 'partner', id }, (now) =>
      this.#partners.rotate(id, token, endOf(grace), now),
    );
  }

  /** Forgets a partner and its tokens. Resolves once KV has forgotten it, too. */
  removePartner(id: string): Promise<boolean> {
    return this.#changeAndFlush({ kind: 'partner', id }, () => this.#partners.remove(id));
  }

  /** The operator's settings; undefined while the defaults hold. */
  site(): StoredSite | undefined {
    return this.#site();
  }

  /** Resolves once KV has the settings. */
  async saveSite(settings: SiteSettings): Promise<StoredSite> {
    return this.#changeAndFlush({ kind: 'site' }, (now) => {
      return this.#saveSite(settings, now);
    });
  }

  /** Begins to write every feed in KV anew. */
  rebuild(): RebuildProgress {
    this.#change((now) => this.#rebuild.begin(now));
    return this.#rebuild.progress();
  }

  rebuildProgress(): RebuildProgress {
    return this.#rebuild.progress();
  }

  /** What waits to be written to KV and then to be announced, and which of the alarm's pieces of work fail. */
  backlog(): Backlog & { unannounced: number; failingChores: string[] } {
    const unannounced = this.#announcements.waiting();
    return { ...this.#outbox.backlog(), unannounced, failingChores: this.#alarm.failing };
  }

  // --- the alarm

  override alarm(): Promise<void> {
    return this.#alarm.ring();
  }

  #saveSite(settings: SiteSettings, now: Instant): StoredSite {
    const site = { ...settings, changedAt: now };
    writeSettings(this.ctx.storage.sql, site);
    this.#outbox.add({ kind: 'site' }, Date.parse(now));
    // Feeds that are kept as bytes say what the site says.
    for (const extension of DEFAULT_FEEDS) this.#outbox.add({ kind: 'rendered', extension }, Date.parse(now));
    return site;
  }

  #site(): StoredSite | undefined {
    return readSettings(this.ctx.storage.sql);
  }

  #prune(now: number): void {
    this.#ledger.pruneDetails(now);
    this.#trending.prune(now);
    if (now - this.#prunedAt < PRUNE_INTERVAL) return;
    this.#feeds.pruneWithdrawn(tombstonesSince(this.#site(), now));
    if (!this.#deliveries.prune(now)) this.#prunedAt = now;
  }

  #change<Result>(work: (now: number) => Result): Result {
    const result = this.ctx.storage.transactionSync(() => work(Date.now()));
    this.#alarm.set();
    return result;
  }

  async #takedown(id: string, work: (now: number) => Takedown): Promise<Takedown> {
    const takedown = this.#change(work);
    if (takedown.found) await this.#flush({ kind: 'article', id });
    return takedown;
  }

  async #changeAndFlush<Result>(subject: Subject, work: (now: string) => Result): Promise<Result> {
    const result = this.#change((now) => {
      const done = work(new Date(now).toISOString());
      this.#outbox.add(subject, now);
      return done;
    });
    await this.#flush(subject);
    return result;
  }

  async #flush(subject: Subject): Promise<void> {
    await this.#outbox.flush(subject);
    // What was written outside of the alarm has yet to be announced.
    this.#alarm.set();
  }
}

/** When credentials that are being replaced end, `grace` seconds from now. */
const endOf = (grace: number): Instant => new Date(Date.now() + grace * 1_000).toISOString();
