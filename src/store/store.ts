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

/** The greatest age, in seconds, of a record that a request is authenticated by; a mismatch is checked with the Desk. */
const ACCOUNT_SECONDS = 10;

interface StoreEnv extends KvEnv {
  ORIGIN: string;
}

/** Bytes that lie in KV exactly as they are served, and what their headers are made of. */
interface Served<Metadata> {
  body: ReadableStream;
  metadata: Metadata;
}

/** What KV holds, as one request reads it. Fails as `KvReader.get` does. */
export class Store {
  readonly origin: string;
  readonly #reader: KvReader;

  constructor(env: StoreEnv, isolate: Isolate) {
    this.origin = env.ORIGIN;
    this.#reader = new KvReader(env, isolate);
  }

  /** Until when a response made of what was read so far may be served again; see `KvReader`. */
  get freshUntil(): number {
    return this.#reader.freshUntil;
  }

  /** The article or tombstone with this id, or null when KV holds neither. */
  async readArticle(id: string): Promise<Article | Tombstone | null> {
    const stored = await this.#reader.get<StoredArticle | Tombstone>(articleKey(id));
    return stored && withOrigin(this.origin, stored);
  }

  /** Those of up to 100 articles (KV's limit for a bulk read) that KV holds, by id. */
  async readArticles(ids: readonly string[]): Promise<Map<string, Article | Tombstone>> {
    const stored = await this.#reader.getMany<StoredArticle | Tombstone>(ids.map(articleKey));
    return new Map([...stored.values()].map((value) => [value.id, withOrigin(this.origin, value)]));
  }

  /** An article's JSON as it is served, unparsed; null when there is none for this origin, or only a tombstone. */
  readArticleBytes(id: string): Promise<Served<ArticleMetadata> | null> {
    return this.#readServed(articleKey(id));
  }

  /** A default feed as it is served; null when there is none for this origin. */
  readRenderedFeed(extension: DefaultFeed): Promise<Served<RenderedMetadata> | null> {
    return this.#readServed(renderedKey(extension));
  }

  /** A scope's first page, or null when nothing was ever in it. */
  readFeed(scope: Scope): Promise<StoredFeed | null> {
    return this.#reader.get(feedKey(scope), { parse: readStoredFeed });
  }

  readPublisher(id: string): Promise<PublisherRecord | null> {
    return this.#reader.get(publisherKey(id), { seconds: ACCOUNT_SECONDS, parse: parsePublisher });
  }

  /** Those of up to 100 publishers that KV holds, by id. */
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

  /** The bytes are passed on and never decoded: to make a string of a body and bytes again costs more than all else. */
  async #readServed<Metadata extends ServedMetadata>(key: string): Promise<Served<Metadata> | null> {
    const { body, metadata } = await this.#reader.getStream<Metadata>(key);
    if (body === null) return null;
    if (metadata?.origin === this.origin) return { body, metadata };
    await body.cancel();
    return null;
  }
}

/** An article or tombstone from the text that KV holds, or will hold, for it. */
export function parseArticle(origin: string, text: string): Article | Tombstone {
  return withOrigin(origin, JSON.parse(text) as StoredArticle | Tombstone);
}

/**
 * A publisher's record from the text that KV holds. Earlier releases wrote `furniture` for `boilerplate`, and KV holds
 * such a record until the Desk, once it has migrated its own, has rewritten it.
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
