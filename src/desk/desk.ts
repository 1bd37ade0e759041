import { DurableObject } from 'cloudflare:workers';
import type { Instant } from '../domain/article.ts';
import type { PartnerProfile } from '../domain/partner.ts';
import type { PublisherSettings } from '../domain/publisher.ts';
import type { Scope, ScopeKind } from '../domain/site.ts';
import type { Position } from '../feeds/cursor.ts';
import { DEFAULT_FEEDS } from '../feeds/feed.ts';
import {
  DEFAULT_SETTINGS,
  type PartnerRecord,
  type PublisherRecord,
  type SealedSecret,
  type SiteSettings,
  type StoredSite,
  type TokenDigest,
} from '../store/records.ts';
import { assemble, type DeskEnv, type Parts } from './composition.ts';
import type {
  ArchivedPage,
  Change,
  Day,
  Delivery,
  Filters,
  IdPage,
  LoggedDelivery,
  LogQuery,
  Receipt,
  Takedown,
} from './contract/messages.ts';
import type { RebuildProgress } from './jobs/rebuild.ts';
import type { Backlog } from './projection/outbox.ts';
import type { Subject } from './projection/target.ts';
import { tombstonesSince } from './projection/values.ts';
import { archivedDays, archivedPages, largestScopes } from './tables/archive.ts';
import { changesAfter } from './tables/changes.ts';
import { readSettings, writeSettings } from './tables/settings.ts';
import type { Views } from './tables/trending.ts';

/** Sitemaps in an index: the protocol takes 50,000, and a day may need several. */
const MAX_DAYS = 10_000;

/** How often views alone have the list of what is read written anew. */
const TRENDING_INTERVAL = 60_000;

/**
 * The one writer of a site. Everything that changes it is a synchronous transaction here; KV follows by the outbox,
 * which the alarm drains. Reads for the edge are indexed, bounded, and give ids only.
 */
export class Desk extends DurableObject<DeskEnv> {
  readonly #parts: Parts;

  constructor(ctx: DurableObjectState, env: DeskEnv) {
    super(ctx, env);
    this.#parts = assemble(ctx, env);
    // An alarm that threw six times is gone for good (Durable Objects, "Alarms"): whatever waits is armed again.
    this.#parts.alarm.set();
  }

  // --- what publishers do

  /** Takes a delivery. When this resolves, what it says is durable; KV follows. */
  receive(delivery: Delivery): Receipt {
    return this.#change((now) => this.#parts.editing.receive(delivery, now));
  }

  /** The publisher's delivery log, newest first. */
  deliveries(publisher: string, query: LogQuery): { deliveries: LoggedDelivery[]; next: number | null } {
    return this.#parts.deliveries.page(publisher, query);
  }

  // --- what the edge asks

  /** One page of the articles matching every filter, as ids. */
  page(filters: Filters, before: Position | undefined, limit: number): IdPage {
    return this.#parts.feeds.page(filters, before, limit, tombstonesSince(this.site(), Date.now()));
  }

  /** The days of which there are sitemaps, newest first. */
  archivedDays(): Day[] {
    return archivedDays(this.ctx.storage.sql, MAX_DAYS);
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
      const known = this.#parts.ledger.find(id);
      return (
        known !== undefined && (known.status !== 'published' || this.#parts.ledger.detail(id) !== undefined)
      );
    });
    const values = await Promise.all(held.map((id) => this.#parts.values.article(id)));
    return values.filter((value) => value !== null);
  }

  /** Counts what readers were sent since an isolate's last call. */
  countViews(views: Views): void {
    this.#change((now) => {
      if (this.#parts.trending.count(views, now))
        this.#parts.outbox.add({ kind: 'trending' }, now, { interval: TRENDING_INTERVAL });
    });
  }

  /** Every article's newest change after the sequence number `after`, oldest first. */
  changes(after: number, limit: number): { changes: Change[]; next: number | null } {
    return changesAfter(this.ctx.storage.sql, after, limit);
  }

  // --- what the operator does

  /** The operator's takedown. Resolves once KV has the tombstone. */
  async withdraw(id: string, reason?: string): Promise<Takedown> {
    return this.#takedown(id, (now) => this.#parts.editing.withdraw(id, reason, now));
  }

  /** Ends the operator's takedown. Resolves once KV has the article again. */
  async restore(id: string): Promise<Takedown> {
    return this.#takedown(id, (now) => this.#parts.editing.restore(id, now));
  }

  publishers(): PublisherRecord[] {
    return this.#parts.publishers.all();
  }

  publisher(id: string): PublisherRecord | undefined {
    return this.#parts.publishers.find(id);
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
      const before = this.#parts.publishers.find(profile.id);
      // Feeds name their articles' publishers: a new name is a new version of all that the site says.
      if (before !== undefined && before.name !== profile.name)
        this.#saveSite(this.site() ?? DEFAULT_SETTINGS, now);
      const saved = this.#parts.publishers.save(profile, secret, now);
      if (saved.created || grace === undefined) return saved;
      const record = this.#parts.publishers.rotate(profile.id, secret, endOf(grace), now) ?? saved.record;
      return { created: false, record };
    });
  }

  /** Gives a publisher a new secret; the old ones are accepted for `grace` seconds. Resolves once KV has it. */
  rotateSecret(id: string, secret: SealedSecret, grace: number): Promise<PublisherRecord | undefined> {
    return this.#changeAndFlush({ kind: 'publisher', id }, (now) =>
      this.#parts.publishers.rotate(id, secret, endOf(grace), now),
    );
  }

  /** Forgets a publisher and its secrets; its articles stay. Resolves once KV has forgotten it, too. */
  removePublisher(id: string): Promise<boolean> {
    return this.#changeAndFlush({ kind: 'publisher', id }, () => this.#parts.publishers.remove(id));
  }

  partners(): PartnerRecord[] {
    return this.#parts.partners.all();
  }

  partner(id: string): PartnerRecord | undefined {
    return this.#parts.partners.find(id);
  }

  /** Creates or changes a partner; `token` becomes its own when it is new. Resolves once KV has it. */
  savePartner(
    profile: PartnerProfile,
    token: TokenDigest,
  ): Promise<{ created: boolean; record: PartnerRecord }> {
    const subject = { kind: 'partner', id: profile.id } as const;
    return this.#changeAndFlush(subject, (now) => this.#parts.partners.save(profile, token, now));
  }

  /** Gives a partner a new token; the old ones are accepted for `grace` seconds. Resolves once KV has it. */
  rotateToken(id: string, token: TokenDigest, grace: number): Promise<PartnerRecord | undefined> {
    return this.#changeAndFlush({ kind: 'partner', id }, (now) =>
      this.#parts.partners.rotate(id, token, endOf(grace), now),
    );
  }

  /** Forgets a partner and its tokens. Resolves once KV has forgotten it, too. */
  removePartner(id: string): Promise<boolean> {
    return this.#changeAndFlush({ kind: 'partner', id }, () => this.#parts.partners.remove(id));
  }

  /** The operator's settings; undefined while the defaults hold. */
  site(): StoredSite | undefined {
    return readSettings(this.ctx.storage.sql);
  }

  /** Resolves once KV has the settings. */
  async saveSite(settings: SiteSettings): Promise<StoredSite> {
    return this.#changeAndFlush({ kind: 'site' }, (now) => {
      return this.#saveSite(settings, now);
    });
  }

  /** Begins to write every feed in KV anew. */
  rebuild(): RebuildProgress {
    this.#change((now) => this.#parts.rebuild.begin(now));
    return this.#parts.rebuild.progress();
  }

  rebuildProgress(): RebuildProgress {
    return this.#parts.rebuild.progress();
  }

  /** What waits to be written to KV and then to be announced, and which of the alarm's pieces of work fail. */
  backlog(): Backlog & { unannounced: number; failingChores: string[] } {
    const unannounced = this.#parts.announcements.waiting();
    return { ...this.#parts.outbox.backlog(), unannounced, failingChores: this.#parts.alarm.failing };
  }

  // --- the alarm

  override alarm(): Promise<void> {
    return this.#parts.alarm.ring();
  }

  #saveSite(settings: SiteSettings, now: Instant): StoredSite {
    const site = { ...settings, changedAt: now };
    writeSettings(this.ctx.storage.sql, site);
    this.#parts.outbox.add({ kind: 'site' }, Date.parse(now));
    // Feeds that are kept as bytes say what the site says.
    for (const extension of DEFAULT_FEEDS)
      this.#parts.outbox.add({ kind: 'rendered', extension }, Date.parse(now));
    return site;
  }

  #change<Result>(work: (now: number) => Result): Result {
    const result = this.ctx.storage.transactionSync(() => work(Date.now()));
    this.#parts.alarm.set();
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
      this.#parts.outbox.add(subject, now);
      return done;
    });
    await this.#flush(subject);
    return result;
  }

  async #flush(subject: Subject): Promise<void> {
    await this.#parts.outbox.flush(subject);
    // What was written outside of the alarm has yet to be announced.
    this.#parts.alarm.set();
  }
}

/** When credentials that are being replaced end, `grace` seconds from now. */
const endOf = (grace: number): Instant => new Date(Date.now() + grace * 1_000).toISOString();
