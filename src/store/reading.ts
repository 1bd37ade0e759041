import type { Article, Tombstone } from '../article/article.ts';
import type { Scope } from '../article/site.ts';
import { articleKey, feedKey, partnerKey, publisherKey, SITE_KEY, TRENDING_KEY } from './keys.ts';
import {
  type PartnerRecord,
  type PublisherRecord,
  type StoredArticle,
  type StoredFeed,
  type StoredSite,
  type StoredTrending,
  withUrl,
} from './values.ts';

/** The article or tombstone with this id, or null when KV holds neither. One KV operation. */
export async function readArticle(
  kv: KVNamespace,
  origin: string,
  id: string,
): Promise<Article | Tombstone | null> {
  const stored = await kv.get<StoredArticle | Tombstone>(articleKey(id), 'json');
  return stored && hydrate(origin, stored);
}

/** Those of up to 100 articles (KV's limit for a bulk read) that KV holds, by id. One KV operation. */
export async function readArticles(
  kv: KVNamespace,
  origin: string,
  ids: readonly string[],
): Promise<Map<string, Article | Tombstone>> {
  if (ids.length === 0) return new Map();
  const stored = await kv.get<StoredArticle | Tombstone>(ids.map(articleKey), 'json');
  const found = new Map<string, Article | Tombstone>();
  for (const value of stored.values()) if (value !== null) found.set(value.id, hydrate(origin, value));
  return found;
}

function hydrate(origin: string, stored: StoredArticle | Tombstone): Article | Tombstone {
  return 'headline' in stored ? withUrl(origin, stored) : stored;
}

/** An article or tombstone from the text KV holds, or will hold, for it. */
export function fromStored(origin: string, text: string): Article | Tombstone {
  return hydrate(origin, JSON.parse(text) as StoredArticle | Tombstone);
}

/** A scope's first page, or null when nothing was ever in it. One KV operation. */
export async function readFeed(kv: KVNamespace, scope: Scope): Promise<StoredFeed | null> {
  return kv.get<StoredFeed>(feedKey(scope), 'json');
}

/** One KV operation. */
export async function readPublisher(kv: KVNamespace, id: string): Promise<PublisherRecord | null> {
  return kv.get<PublisherRecord>(publisherKey(id), 'json');
}

/** One KV operation. */
export async function readPartner(kv: KVNamespace, id: string): Promise<PartnerRecord | null> {
  return kv.get<PartnerRecord>(partnerKey(id), 'json');
}

/** Those of up to 100 publishers that KV holds, by id. One KV operation. */
export async function readPublishers(
  kv: KVNamespace,
  ids: readonly string[],
): Promise<Map<string, PublisherRecord>> {
  if (ids.length === 0) return new Map();
  const records = await kv.get<PublisherRecord>(ids.map(publisherKey), 'json');
  return new Map([...records.values()].flatMap((record) => (record === null ? [] : [[record.id, record]])));
}

/** What is being read most, or null while nothing is. One KV operation. */
export async function readStoredTrending(kv: KVNamespace): Promise<StoredTrending | null> {
  return kv.get<StoredTrending>(TRENDING_KEY, 'json');
}

/** The operator's settings, or null while the defaults hold. One KV operation. */
export async function readSite(kv: KVNamespace): Promise<StoredSite | null> {
  return kv.get<StoredSite>(SITE_KEY, 'json');
}
