import type { Instant } from '../../domain/article.ts';
import type { Scope } from '../../domain/site.ts';
import type { DefaultFeed } from '../../feeds/feed.ts';
import {
  FEED_CARDS,
  MAX_FEED_BYTES,
  type StoredCard,
  type StoredFeedHead,
  writeStoredFeed,
} from '../../feeds/stored-feed.ts';
import { logFailure } from '../../log.ts';
import { isPlatformFailure } from '../../store/failures.ts';
import {
  type ArticleMetadata,
  DEFAULT_SETTINGS,
  INITIAL_SITE,
  SERVED_FORM,
  type StoredSite,
  type StoredTombstone,
  type StoredTrending,
  type Target,
  TRENDING_CARDS,
  withUrl,
} from '../../store/records.ts';
import { ByteBudget, fitsIn } from '../../text/bytes.ts';
import { detailJson } from '../contract/detail.ts';
import { filtersOf } from '../contract/filters.ts';
import type { Lookup } from '../contract/messages.ts';
import { type ArticleRecord, storedCard } from '../tables/articles.ts';
import type { Memberships } from '../tables/memberships.ts';
import type { Tables } from '../tables/tables.ts';
import type { BodyReader, EarlierBodies } from './body-reader.ts';
import type { KvValue, ValueSource } from './outbox.ts';
import { RenderedFeeds } from './rendered-feeds.ts';

type Sources = Omit<Tables, 'deliveryLog'>;

/** The articles in the last value of `trending`, with their versions, and since when. */
interface TrendingShown {
  listed: string;
  changedAt: Instant;
}

/** Computes the value of each key of KV from the current tables. */
export class Projection implements Pick<ValueSource, 'valueOf'> {
  readonly #tables: Sources;
  readonly #bodies: BodyReader;
  readonly #earlier: EarlierBodies;
  readonly #origin: string;
  readonly #rendered: RenderedFeeds;
  constructor(tables: Sources, bodies: BodyReader, earlier: EarlierBodies, origin: string) {
    this.#tables = tables;
    this.#bodies = bodies;
    this.#earlier = earlier;
    this.#origin = origin;
    this.#rendered = new RenderedFeeds({ ...tables, bodies, feedOf: (scope) => this.#feed(scope) }, origin);
  }

  /**
   * The value of a target's key (`ValueSource`). With `maxBytes`, lists have fewer articles, and an article has no body if
   * it would be larger. The records of accounts and of the site are small, and stay whole.
   */
  valueOf(
    target: Target,
    maxBytes = Number.POSITIVE_INFINITY,
  ): Promise<KvValue | null | undefined> | KvValue | null {
    switch (target.kind) {
      case 'publisher':
        return json(this.#tables.publishers.find(target.id));
      case 'partner':
        return json(this.#tables.partners.find(target.id));
      case 'site':
        return json(this.#tables.settings.site() ?? INITIAL_SITE);
      case 'feed':
        return value(within(maxBytes, (cardBytes) => this.#feed(target.scope, cardBytes)));
      case 'trending':
        return value(within(maxBytes, (cardBytes) => JSON.stringify(this.#trending(cardBytes))));
      case 'article':
        return this.#article(target.id, maxBytes);
      case 'rendered':
        return this.#rendered.valueOf(target.extension, maxBytes);
    }
  }

  /**
   * Looks up a target for an isolate. Of a rendered feed there is no value here: isolates render it themselves.
   * @throws ArchiveFailure when a body is in R2, which does not answer; an error when one is damaged
   */
  async lookUp(target: Target): Promise<Lookup> {
    if (target.kind === 'rendered') return null;
    const found = await this.valueOf(target);
    if (found) return found.text;
    if (target.kind !== 'article') return null;
    const { articles, bodies, memberships } = this.#tables;
    if (found === undefined) {
      const isArchived = bodies.archived([target.id])[0] !== undefined;
      const unavailable = `${isArchived ? 'R2 has lost' : 'The Desk does not have'} the body of ${target.id}.`;
      return { unavailable, ...this.cardOf(target) };
    }
    const article = articles.find(target.id);
    if (article?.status !== 'embargoed' || article.sequence === null) return null;
    return { hiddenBefore: article.version, sequence: leftBy(article, memberships) };
  }

  /** The JSON of the card of a published article, if it has one that can be read. */
  cardOf(target: Target): { card?: string } {
    const card = target.kind === 'article' ? this.#cardOf(target.id) : undefined;
    return card?.status === 'published' ? { card: JSON.stringify(card) } : {};
  }

  /**
   * The article or tombstone that KV should have when this resolves; null when there is nothing to show, undefined when
   * the article's body is nowhere and KV must stay as it is.
   */
  async #article(id: string, maxBytes: number): Promise<KvValue | null | undefined> {
    const { articles } = this.#tables;
    for (;;) {
      const article = articles.find(id);
      if (article === undefined || article.status === 'embargoed') return null;
      const { version, sequence } = article;
      // A tombstone overwrites the body that an earlier release left in KV only.
      if (article.status === 'withdrawn') await this.#earlier.take([id]);
      if (article.status !== 'published') this.#bodies.forget(id);
      const made = await settled(
        article.status === 'withdrawn'
          ? json(tombstone(article, leftBy(article, this.#tables.memberships)))
          : this.#published(article, maxBytes),
      );
      const now = articles.find(id);
      // The object of a body that was archived is deleted when the article is withdrawn.
      if (now?.version !== version || now.sequence !== sequence) continue;
      if ('error' in made) throw made.error;
      return made.value;
    }
  }

  /** Whether a rendered feed lacks bodies that R2 did not answer when its value was last made. */
  isPartial(extension: DefaultFeed): boolean {
    return this.#rendered.isPartial(extension);
  }

  async #published(article: ArticleRecord, maxBytes: number): Promise<KvValue | undefined> {
    const card = storedCard(article);
    const detail = await this.#detailOf(article);
    if (card === undefined || detail === undefined) return undefined;
    const metadata: ArticleMetadata = {
      form: SERVED_FORM,
      origin: this.#origin,
      version: card.version,
      updatedAt: card.updatedAt,
    };
    // Joins the members of two objects into an `Article`; the detail is JSON already.
    const members = JSON.stringify(withUrl(this.#origin, card)).slice(0, -1);
    const text = `${members},${detail.slice(1)}`;
    return { text: fitsIn(maxBytes, text) ? text : `${members},${NO_DETAIL.slice(1)}`, metadata };
  }

  /** The detail of an article as JSON; undefined when its body is missing. Throws when it is damaged, or R2 fails. */
  async #detailOf({ id, version }: ArticleRecord): Promise<string | undefined> {
    const details = await this.#bodies.read([{ id, version }], (_id, error) => {
      if (!isPlatformFailure(error)) this.#earlier.miss([id]);
      throw error;
    });
    const isMissing =
      !details.has(id) && this.#tables.bodies.lacking([id]).some((each) => each.version === version);
    if (isMissing) this.#earlier.miss([id]);
    return details.get(id);
  }

  /** The most read articles. They have changed when others are listed, or in another order or version. */
  #trending(cardBytes: number): StoredTrending {
    const budget = new ByteBudget(cardBytes);
    const items = this.#tables.trending.top(TRENDING_CARDS).flatMap(({ id, standing }) => {
      const card = this.#cardOf(id);
      if (card?.status !== 'published' || !budget.take(JSON.stringify(card))) return [];
      return [{ card, standing }];
    });
    const listed = items.map(({ card }) => `${card.id}-${card.version}`).join();
    // Kept in the database: a restart or a restore changes nothing that readers see, so no `Last-Modified` either.
    const { settings } = this.#tables;
    let shown = settings.read<TrendingShown>('trending');
    if (listed !== (shown?.listed ?? '')) {
      shown = { listed, changedAt: new Date().toISOString() };
      settings.write('trending', shown);
    }
    // Nothing has changed before anything is read.
    return { changedAt: shown?.changedAt ?? new Date(0).toISOString(), items };
  }

  /** An article's card; undefined when there is none, or when it is corrupt, so that it stops no list. */
  #cardOf(id: string): StoredCard | undefined {
    try {
      const article = this.#tables.articles.find(id);
      return article && storedCard(article);
    } catch (error) {
      logFailure('card left out of a list', error, { id });
      return undefined;
    }
  }

  /** The value that KV should have for a scope; undefined when the scope never had an article. */
  #feed(scope: Scope, cardBytes = MAX_FEED_BYTES): string | undefined {
    const change = this.#tables.memberships.changeOf(scope);
    if (change === undefined) return undefined;
    const since = withdrawnSince(this.#tables.settings.site(), Date.now());
    const { listed, isCut } = this.#tables.memberships.newest(scope, FEED_CARDS + 1, cardBytes);
    const shown = listed.slice(0, FEED_CARDS);
    const head: StoredFeedHead = {
      ...change,
      bytes: shown.map(({ bytes }) => bytes),
      sequences: shown.map(({ sequence }) => sequence),
      withdrawn: this.#tables.memberships.withdrawn(filtersOf(scope), since),
      more: isCut || listed.length > FEED_CARDS,
    };
    return writeStoredFeed(
      head,
      shown.map(({ card }) => card),
    );
  }
}

/** The instant from which feeds list withdrawals. */
export function withdrawnSince(site: StoredSite | undefined, now: number): Instant {
  const { tombstoneHours } = { ...DEFAULT_SETTINGS, ...site };
  return new Date(now - tombstoneHours * 3_600_000).toISOString();
}

/** The detail of an article that is too large for KV. */
const NO_DETAIL = detailJson({ body: [], related: [], corrections: [], translations: [] });

/** A text of at most `maxBytes`, with half as many bytes of cards until it has no more, or no cards. */
function within<Text extends string | undefined>(maxBytes: number, write: (cardBytes: number) => Text): Text {
  let cardBytes = Math.min(MAX_FEED_BYTES, maxBytes);
  let text = write(cardBytes);
  while (text !== undefined && cardBytes > 0 && !fitsIn(maxBytes, text)) {
    cardBytes = Math.floor(cardBytes / 2);
    text = write(cardBytes);
  }
  return text;
}

/** The result or the error of work. */
async function settled<Value>(work: Promise<Value> | Value): Promise<{ value: Value } | { error: unknown }> {
  try {
    return { value: await work };
  } catch (error) {
    return { error };
  }
}

const value = (text: string | undefined): KvValue | null => (text === undefined ? null : { text });

const json = (object: object | undefined): KvValue | null => value(object && JSON.stringify(object));

function tombstone(article: ArticleRecord, sequence: number): StoredTombstone {
  return {
    id: article.id,
    version: article.version,
    status: 'withdrawn',
    withdrawnAt: article.withdrawnAt ?? article.changedAt,
    ...(article.language !== null && { language: article.language }),
    ...(article.reason !== null && { reason: article.reason }),
    sequence,
  };
}

/** The sequence number by which an article that is on no list had left the feed of all articles. */
const leftBy = ({ sequence }: ArticleRecord, memberships: Memberships): number =>
  Math.min(sequence ?? 0, memberships.changeOf({ kind: 'all' })?.sequence ?? 0);
