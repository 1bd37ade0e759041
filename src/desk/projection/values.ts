import { type Instant, isTombstone, type Tombstone } from '../../domain/article.ts';
import type { Scope } from '../../domain/site.ts';
import { FEED_CARDS, type StoredFeedHead, writeStoredFeed } from '../../feeds/stored-feed.ts';
import { articleKey } from '../../store/keys.ts';
import type { Kv } from '../../store/kv.ts';
import {
  type ArticleMetadata,
  DEFAULT_SETTINGS,
  type StoredArticle,
  type StoredSite,
  type StoredTrending,
  TRENDING_CARDS,
  withUrl,
} from '../../store/records.ts';
import { filtersOf } from '../contract/filters.ts';
import type { Partners, Publishers } from '../tables/accounts.ts';
import { type Entry, type Ledger, storedCard } from '../tables/articles.ts';
import type { Feeds } from '../tables/feeds.ts';
import type { Trending } from '../tables/trending.ts';
import type { Value, Values as ValuesPort } from './outbox.ts';
import { RenderedFeeds } from './rendered.ts';
import type { Subject } from './target.ts';

/**
 * How long a body stays with the Desk after KV has it: KV may serve a miss, or the copy before, for 60 s, and
 * whoever needs the body in that time must not find it nowhere.
 */
const DETAIL_KEPT = 5 * 60_000;

interface Held {
  ledger: Ledger;
  feeds: Feeds;
  trending: Trending;
  publishers: Publishers;
  partners: Partners;
  site(): StoredSite | undefined;
}

/** What belongs under each key of KV, from what the Desk holds at that moment. */
export class Values implements ValuesPort {
  readonly #tables: Held;
  readonly #kv: Kv;
  readonly #origin: string;
  readonly #rendered: RenderedFeeds;

  constructor(tables: Held, kv: Kv, origin: string) {
    this.#tables = tables;
    this.#kv = kv;
    this.#origin = origin;
    this.#rendered = new RenderedFeeds({ ...tables, values: this }, { kv, origin });
  }

  valueOf(subject: Subject): Promise<Value | null> | Value | null {
    switch (subject.kind) {
      case 'publisher':
        return json(this.#tables.publishers.find(subject.id));
      case 'partner':
        return json(this.#tables.partners.find(subject.id));
      case 'site':
        return json(this.#tables.site());
      case 'feed':
        return value(this.feed(subject.scope));
      case 'trending':
        return json(this.#trending());
      case 'article':
        return this.#article(subject.id);
      case 'rendered':
        return this.#rendered.valueOf(subject.extension);
    }
  }

  written(subject: Subject, now: number): void {
    if (subject.kind !== 'article') return;
    const entry = this.#tables.ledger.find(subject.id);
    // An embargoed article's body is nowhere else yet, and one the operator withdrew may be restored.
    if (entry === undefined || entry.status === 'embargoed' || entry.operatorWithdrew) return;
    this.#tables.ledger.releaseDetail(subject.id, now + DETAIL_KEPT);
  }

  /** The article or tombstone with this id as KV should hold it; null when there is nothing to show. */
  async article(id: string): Promise<string | null> {
    return (await this.#article(id))?.text ?? null;
  }

  async #article(id: string): Promise<Value | null> {
    const { ledger } = this.#tables;
    const found = ledger.find(id);
    if (found?.operatorWithdrew && found.card !== null && ledger.detail(id) === undefined) {
      await this.#rescueDetail(found);
    }
    const entry = ledger.find(id);
    if (entry === undefined || entry.status === 'embargoed') return null;
    if (entry.status === 'withdrawn') return json(tombstone(entry));
    const card = storedCard(entry);
    const detail = ledger.detail(id);
    if (card === undefined || detail === undefined) throw new Error(`The body of ${id} is gone.`);
    const metadata: ArticleMetadata = {
      origin: this.#origin,
      version: card.version,
      updatedAt: card.updatedAt,
    };
    // An `Article`: both are objects with members, one as JSON already.
    const members = JSON.stringify(withUrl(this.#origin, card)).slice(0, -1);
    return { text: `${members},${detail.slice(1)}`, metadata };
  }

  /** The operator may restore what is about to become a tombstone: its body comes back from KV before that. */
  async #rescueDetail(entry: Entry): Promise<void> {
    const text = await this.#kv.get(articleKey(entry.id));
    const stored = text === null ? null : (JSON.parse(text) as StoredArticle | Tombstone);
    if (stored === null || isTombstone(stored)) return;
    const { body, related, corrections, translations, version } = stored;
    // The takedown itself was one version; anything else is not the content it took down.
    if (version !== entry.version - 1) return;
    this.#tables.ledger.keepDetail(
      entry.id,
      JSON.stringify({ body, related, corrections, translations } satisfies Detail),
    );
  }

  #trending(): StoredTrending | undefined {
    const items = this.#tables.trending.top(TRENDING_CARDS).flatMap(({ id, standing }) => {
      const entry = this.#tables.ledger.find(id);
      const card = entry && storedCard(entry);
      return card?.status === 'published' ? [{ card, standing }] : [];
    });
    return items.length === 0 ? undefined : { changedAt: new Date().toISOString(), items };
  }

  /** A scope's first page as KV should hold it; undefined when nothing was ever in it. */
  feed(scope: Scope): string | undefined {
    const change = this.#tables.feeds.changeOf(scope);
    if (change === undefined) return undefined;
    const since = tombstonesSince(this.#tables.site(), Date.now());
    const listed = this.#tables.feeds.newest(scope, FEED_CARDS + 1);
    const shown = listed.slice(0, FEED_CARDS);
    const head: StoredFeedHead = {
      ...change,
      bytes: shown.map(({ bytes }) => bytes),
      sequences: shown.map(({ sequence }) => sequence),
      withdrawn: this.#tables.feeds.withdrawn(filtersOf(scope), since),
      more: listed.length > FEED_CARDS,
    };
    return writeStoredFeed(
      head,
      shown.map(({ card }) => card),
    );
  }
}

/** From when on feeds speak of what was taken back. */
export function tombstonesSince(site: StoredSite | undefined, now: number): Instant {
  const { tombstoneHours } = { ...DEFAULT_SETTINGS, ...site };
  return new Date(now - tombstoneHours * 3_600_000).toISOString();
}

type Detail = Pick<StoredArticle, 'body' | 'related' | 'corrections' | 'translations'>;

const value = (text: string | undefined): Value | null => (text === undefined ? null : { text });

const json = (object: object | undefined): Value | null => value(object && JSON.stringify(object));

function tombstone(entry: Entry): Tombstone {
  return {
    id: entry.id,
    version: entry.version,
    status: 'withdrawn',
    withdrawnAt: entry.withdrawnAt ?? entry.changedAt,
    ...(entry.card && { language: entry.card.language }),
    ...(entry.reason !== null && { reason: entry.reason }),
  };
}
