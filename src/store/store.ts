import type { Article, Tombstone } from '../domain/article.ts';
import type { Scope } from '../domain/site.ts';
import type { DefaultFeed } from '../feeds/feed.ts';
import { readStoredFeed, type StoredFeed } from '../feeds/stored-feed.ts';
import type { Isolate } from '../isolate.ts';
import { type KvEnv, KvReader } from './kv-reader.ts';
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
  type ServedMetadata,
  type SiteKey,
  type SiteRecords,
  type StoredArticle,
  withUrl,
} from './records.ts';

/** The maximum age, in seconds, of the record that authenticates a request; a mismatch is checked with the Desk. */
const ACCOUNT_SECONDS = 10;

interface StoreEnv extends KvEnv {
  ORIGIN: string;
}

/** A KV value that is served unchanged, and the data of its response headers. */
interface Served<Metadata> {
  body: ReadableStream;
  metadata: Metadata;
}

/** The contents of KV, as one request reads them. Fails like `KvReader.get`. */
export class Store {
  readonly origin: string;
  readonly #reader: KvReader;

  constructor(env: StoreEnv, isolate: Isolate) {
    this.origin = env.ORIGIN;
    this.#reader = new KvReader(env, isolate);
  }

  /** How long a response built from the values read so far may be cached; see `KvReader`. */
  get freshUntil(): number {
    return this.#reader.freshUntil;
  }

  /** The article or tombstone with this id, or null when KV has neither. */
  async readArticle(id: string): Promise<Article | Tombstone | null> {
    const stored = await this.#reader.get<StoredArticle | Tombstone>(articleKey(id));
    return stored && withOrigin(this.origin, stored);
  }

  /** Reads up to 100 articles (KV's limit for a bulk read). @returns those that KV has, by id */
  async readArticles(ids: readonly string[]): Promise<Map<string, Article | Tombstone>> {
    const stored = await this.#reader.getMany<StoredArticle | Tombstone>(ids.map(articleKey));
    return new Map([...stored.values()].map((value) => [value.id, withOrigin(this.origin, value)]));
  }

  /** An article's JSON, unparsed; null when there is none for this origin, or only a tombstone. */
  readArticleBytes(id: string): Promise<Served<ArticleMetadata> | null> {
    return this.#readServed(articleKey(id));
  }

  /** A rendered default feed; null when there is none for this origin. */
  readRenderedFeed(extension: DefaultFeed): Promise<Served<RenderedMetadata> | null> {
    return this.#readServed(renderedKey(extension));
  }

  /** A scope's first page, or null when the scope never had an article. */
  readFeed(scope: Scope): Promise<StoredFeed | null> {
    return this.#reader.get(feedKey(scope), { parse: readStoredFeed });
  }

  readPublisher(id: string): Promise<PublisherRecord | null> {
    return this.#reader.get(publisherKey(id), { seconds: ACCOUNT_SECONDS, parse: parsePublisher });
  }

  /** Reads up to 100 publishers. @returns those that KV has, by id */
  async readPublishers(ids: readonly string[]): Promise<Map<string, PublisherRecord>> {
    const records = await this.#reader.getMany(ids.map(publisherKey), { parse: parsePublisher });
    return new Map([...records.values()].map((record) => [record.id, record]));
  }

  readPartner(id: string): Promise<PartnerRecord | null> {
    return this.#reader.get(partnerKey(id), { seconds: ACCOUNT_SECONDS });
  }

  /** A record of which the site has one, or null while KV has none; `SiteRecords` says what that means. */
  read<Key extends SiteKey>(key: Key): Promise<SiteRecords[Key] | null> {
    return this.#reader.get(key);
  }

  /** Passes the bytes on without decoding them: decoding and encoding a body costs more than everything else. */
  async #readServed<Metadata extends ServedMetadata>(key: string): Promise<Served<Metadata> | null> {
    const { body, metadata } = await this.#reader.getStream<Metadata>(key);
    if (body === null) return null;
    if (metadata?.origin === this.origin) return { body, metadata };
    await body.cancel();
    return null;
  }
}

/** Parses an article or tombstone from its text in KV. */
export function parseArticle(origin: string, text: string): Article | Tombstone {
  return withOrigin(origin, JSON.parse(text) as StoredArticle | Tombstone);
}

/**
 * Parses a publisher's record from its text in KV. Earlier releases wrote `furniture` for `boilerplate`; such a record
 * stays in KV until the Desk has migrated its own and rewritten it.
 */
function parsePublisher(text: string): PublisherRecord {
  const { furniture, ...record } = JSON.parse(text) as PublisherRecord & {
    furniture?: PublisherRecord['boilerplate'];
  };
  return furniture === undefined ? record : { boilerplate: furniture, ...record };
}

function withOrigin(origin: string, stored: StoredArticle | Tombstone): Article | Tombstone {
  return 'headline' in stored ? withUrl(origin, stored) : stored;
}
