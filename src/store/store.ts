import type { Article, Tombstone } from '../domain/article.ts';
import type { Scope } from '../domain/site.ts';
import type { DefaultFeed } from '../feeds/feed.ts';
import { readStoredFeed, type StoredFeed } from '../feeds/stored-feed.ts';
import type { Isolate } from '../isolate.ts';
import { logFailure } from '../log.ts';
import { KvFailure } from './failures.ts';
import { type KvEnv, KvReader, type LookupBudget, type SourceOfRecord } from './kv-reader.ts';
import { LruCache } from './lru-cache.ts';
import {
  type ArticleMetadata,
  articleKey,
  feedKey,
  type PartnerRecord,
  type PublisherRecord,
  partnerKey,
  publisherKey,
  type RenderedMetadata,
  renderedKey,
  SERVED_FORM,
  type ServedMetadata,
  type SiteKey,
  type SiteRecords,
  type StoredArticle,
  withUrl,
} from './records.ts';

/** The maximum age, in seconds, of the record that authenticates a request; a mismatch is checked with the Desk. */
const ACCOUNT_SECONDS = 10;

/** Tombstones that an isolate remembers, and for how long: KV may serve feeds from before a withdrawal for 60 s. */
const MAX_TOMBSTONES = 5_000;
const TOMBSTONE_MS = 10 * 60_000;

/** The versions of the tombstones that this isolate has read, by the article's id. */
const tombstones = () =>
  new LruCache<number>({
    values: MAX_TOMBSTONES,
    bytes: Number.POSITIVE_INFINITY,
    bytesOf: () => 0,
    milliseconds: TOMBSTONE_MS,
  });

interface StoreEnv extends KvEnv {
  ORIGIN: string;
}

/** A KV value that is served unchanged, and the data of its response headers. */
interface Served<Metadata> {
  body: ReadableStream;
  metadata: Metadata;
}

/**
 * The contents of KV, as one request reads them; what KV lacks comes from the Desk. Null means that the Desk knows of no
 * such thing. Fails like `KvReader.get`: what could not be asked is an error.
 */
export class Store {
  readonly origin: string;
  readonly #reader: KvReader;
  readonly #tombstones: LruCache<number>;

  /** @param source the Desk; without it, KV alone is read */
  constructor(env: StoreEnv, isolate: Isolate, source?: SourceOfRecord) {
    this.origin = env.ORIGIN;
    this.#reader = new KvReader(env, isolate, source);
    this.#tombstones = isolate.get(tombstones);
  }

  /** How long a response built from the values read so far may be cached; see `KvReader`. */
  get freshUntil(): number {
    return this.#reader.freshUntil;
  }

  /** The article or tombstone with this id, or null when there is neither. */
  async readArticle(id: string): Promise<Article | Tombstone | null> {
    const stored = await this.#reader.get<StoredArticle | Tombstone>(articleKey(id), {
      budget: 'client',
    });
    return stored && this.#read(stored);
  }

  /**
   * Reads up to 100 articles (KV's limit for a bulk read), each at the wanted version or a newer one: a client would keep
   * an older body that it got under a newer ETag. One KV operation; what KV has only older comes from the Desk.
   * @returns the existing ones, by id, in the wanted order
   */
  async readArticles(
    wanted: readonly { id: string; version: number }[],
  ): Promise<Map<string, Article | Tombstone>> {
    const stored = await this.#reader.getMany<StoredArticle | Tombstone>(
      wanted.map(({ id }) => articleKey(id)),
    );
    const older = wanted.filter(
      ({ id, version }) => (stored.get(articleKey(id))?.version ?? version) < version,
    );
    const newer = await this.#reader.ask(
      older.map(({ id }) => articleKey(id)),
      'site',
    );
    return new Map(
      wanted.flatMap(({ id }) => {
        const key = articleKey(id);
        const text = newer.get(key);
        const value = text === undefined ? stored.get(key) : (JSON.parse(text) as StoredArticle | Tombstone);
        return value === undefined ? [] : [[id, this.#read(value)]];
      }),
    );
  }

  /**
   * Leaves out the cards of articles whose tombstone, or a newer one, this isolate has read: a feed that KV serves may be
   * from before the withdrawal.
   */
  withoutWithdrawn<Card extends { id: string; version: number }>(cards: readonly Card[]): Card[] {
    return cards.filter(({ id, version }) => (this.#tombstones.get(id) ?? 0) < version);
  }

  /** An article's JSON, unparsed; null when KV has none for this origin, or only a tombstone. */
  readArticleBytes(id: string): Promise<Served<ArticleMetadata> | null> {
    return this.#readServed(articleKey(id));
  }

  /** A rendered default feed; null when KV has none for this origin: then it must be rendered. */
  async readRenderedFeed(extension: DefaultFeed): Promise<Served<RenderedMetadata> | null> {
    const key = renderedKey(extension);
    const served = await this.#readServed<RenderedMetadata>(key);
    if (served === null) await this.#reportMissing(key);
    return served;
  }

  /** A scope's first page, or null when the scope never had an article. */
  readFeed(scope: Scope): Promise<StoredFeed | null> {
    const budget = scope.kind === 'all' ? 'site' : 'client';
    return this.#reader.get(feedKey(scope), { parse: readStoredFeed, budget });
  }

  /** A publisher's record, or null while KV has none: the caller asks the Desk, within a budget of its own. */
  readPublisher(id: string): Promise<PublisherRecord | null> {
    const options = { seconds: ACCOUNT_SECONDS, parse: parsePublisher, budget: null };
    return this.#reader.get(publisherKey(id), options);
  }

  /** Reads up to 100 publishers. @returns the existing ones, by id */
  async readPublishers(
    ids: readonly string[],
    budget: LookupBudget = 'site',
  ): Promise<Map<string, PublisherRecord>> {
    const records = await this.#reader.getMany(ids.map(publisherKey), { parse: parsePublisher, budget });
    return new Map([...records.values()].map((record) => [record.id, record]));
  }

  readPartner(id: string): Promise<PartnerRecord | null> {
    return this.#reader.get(partnerKey(id), { seconds: ACCOUNT_SECONDS, budget: 'client' });
  }

  /** A record of which the site has one. Every site has it, so that without it nothing can be said. */
  async read<Key extends SiteKey>(key: Key): Promise<SiteRecords[Key]> {
    const value = await this.#reader.get<SiteRecords[Key]>(key);
    if (value === null) throw new KvFailure(`there is no ${key}`);
    return value;
  }

  /** Tells the Desk that KV lacks a key. The response does not depend on it. */
  async #reportMissing(key: string): Promise<void> {
    try {
      await this.#reader.ask([key], 'site');
    } catch (error) {
      logFailure('missing key not reported', error, { key });
    }
  }

  /** A stored article with its URL, or a tombstone, which is remembered. */
  #read(stored: StoredArticle | Tombstone): Article | Tombstone {
    if ('headline' in stored) return withUrl(this.origin, stored);
    this.#tombstones.set(stored.id, stored.version);
    return stored;
  }

  /** Passes the bytes on without decoding them: decoding and encoding a body costs more than everything else. */
  async #readServed<Metadata extends ServedMetadata>(key: string): Promise<Served<Metadata> | null> {
    const { body, metadata } = await this.#reader.getStream<Metadata>(key);
    if (body === null) return null;
    if (metadata?.origin === this.origin && metadata.form === SERVED_FORM) return { body, metadata };
    await body.cancel();
    return null;
  }
}

/**
 * Parses a publisher's record from its text in KV. Earlier releases wrote `furniture` for `boilerplate`; such a record
 * stays in KV until the Desk has migrated its own and rewritten it.
 */
export function parsePublisher(text: string): PublisherRecord {
  const { furniture, ...record } = JSON.parse(text) as PublisherRecord & {
    furniture?: PublisherRecord['boilerplate'];
  };
  return furniture === undefined ? record : { boilerplate: furniture, ...record };
}
