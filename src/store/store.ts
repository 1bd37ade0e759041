import type { Article, Card, Tombstone } from '../domain/article.ts';
import type { Scope } from '../domain/site.ts';
import type { DefaultFeed } from '../feeds/feed.ts';
import { readStoredFeed, type StoredCard, type StoredFeed } from '../feeds/stored-feed.ts';
import type { Isolate } from '../isolate.ts';
import { logFailure } from '../log.ts';
import { KvFailure, ValueUnavailable } from './failures.ts';
import { type KvEnv, KvReader, type LookupBudget, type SourceOfRecord } from './kv-reader.ts';
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
  type StoredTombstone,
  withUrl,
} from './records.ts';
import { type Removals, removals } from './removals.ts';

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

/**
 * The contents of KV, as one request reads them; what KV lacks comes from the Desk. Null means that the Desk knows of no
 * such thing. Fails like `KvReader.get`: what could not be asked is an error.
 */
export class Store {
  readonly origin: string;
  readonly #reader: KvReader;
  readonly #removals: Removals;

  /** @param source the Desk; without it, KV alone is read */
  constructor(env: StoreEnv, isolate: Isolate, source?: SourceOfRecord) {
    this.origin = env.ORIGIN;
    this.#reader = new KvReader(env, isolate, source);
    this.#removals = isolate.get(removals);
  }

  /** How long a response built from the values read so far may be cached; see `KvReader`. */
  get freshUntil(): number {
    return this.#reader.freshUntil;
  }

  /** The article or tombstone with this id, or null when there is neither. */
  async readArticle(id: string): Promise<Article | Tombstone | null> {
    const stored = await this.#reader.get<StoredArticle | StoredTombstone>(articleKey(id), {
      budget: 'client',
    });
    return stored && this.#read(stored);
  }

  /**
   * Reads up to 100 articles (KV's limit for a bulk read), each at the wanted version or a newer one: a client would keep
   * an older body that it got under a newer ETag. One KV operation; what KV has only older comes from the Desk.
   * @returns the existing ones, by id, in the wanted order; the card of one whose body the Desk has lost
   */
  async readArticles(
    wanted: readonly { id: string; version: number }[],
  ): Promise<Map<string, Article | Card | Tombstone>> {
    const stored = await Promise.all(wanted.map(({ id }) => this.#readListed(id)));
    const older = wanted.filter(({ version }, index) => (stored[index]?.version ?? version) < version);
    const newer = await this.#reader.ask(
      older.map(({ id }) => articleKey(id)),
      'site',
    );
    // What the Desk was asked for and does not have is shown no longer.
    const denied = new Set(this.#reader.hasSource ? older.map(({ id }) => id) : []);
    return new Map(
      wanted.flatMap(({ id }, index) => {
        const answer = newer.get(articleKey(id));
        const kept = denied.has(id) ? null : stored[index];
        const value = answer === undefined ? kept : parseListed(answer);
        return value == null ? [] : [[id, this.#read(value)]];
      }),
    );
  }

  async #readListed(id: string): Promise<Listed | null> {
    try {
      return await this.#reader.get<Listed>(articleKey(id));
    } catch (error) {
      if (error instanceof ValueUnavailable) return parseListed(error);
      throw error;
    }
  }

  /**
   * Leaves out the cards of articles that this isolate knows to be no longer shown: a feed that KV serves may be from
   * before a withdrawal.
   */
  withoutWithdrawn<Card extends { id: string; version: number }>(cards: readonly Card[]): Card[] {
    return cards.filter(({ id, version }) => !this.#removals.has(id, version));
  }

  /** An article's JSON, unparsed; null when KV has none for this origin, or only a tombstone. */
  readArticleBytes(id: string): Promise<Served<ArticleMetadata> | null> {
    return this.#readServed(articleKey(id));
  }

  /**
   * A rendered default feed; null when it must be rendered: KV has none for this origin, or one from before a removal that
   * this isolate knows of.
   */
  async readRenderedFeed(extension: DefaultFeed): Promise<Served<RenderedMetadata> | null> {
    const key = renderedKey(extension);
    const served = await this.#readServed<RenderedMetadata>(key);
    if (served === null) await this.#reportMissing(key);
    else if (served.metadata.sequence < this.#removals.newest) {
      await served.body.cancel();
      return null;
    }
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

  /** A stored article or card with its URL, or a tombstone, which is remembered. */
  #read<Stored extends StoredArticle | StoredCard>(
    stored: Stored | StoredTombstone,
  ): (Stored & { url: string }) | Tombstone {
    if ('headline' in stored) return withUrl(this.origin, stored);
    const { sequence, ...tombstone } = stored;
    this.#removals.add(tombstone.id, tombstone.version, sequence);
    return tombstone;
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

type Listed = StoredArticle | StoredCard | StoredTombstone;

/** What the Desk has of an article that is on a list; its card when its body is lost. @throws ValueUnavailable */
function parseListed(answer: string | ValueUnavailable): Listed {
  const text = typeof answer === 'string' ? answer : answer.card;
  if (text === undefined) throw answer;
  return JSON.parse(text) as Listed;
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
