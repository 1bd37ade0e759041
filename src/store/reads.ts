import type { Article, Tombstone } from '../domain/article.ts';
import type { Scope } from '../domain/site.ts';
import type { DefaultFeed } from '../feeds/feed.ts';
import { readStoredFeed, type StoredFeed } from '../feeds/stored-feed.ts';
import { READ_PATIENCE, read, readMany, type StoreEnv } from './cache.ts';
import { within } from './deadline.ts';
import {
  articleKey,
  feedKey,
  partnerKey,
  publisherKey,
  renderedKey,
  SITE_KEY,
  TRENDING_KEY,
} from './keys.ts';
import {
  type ArticleMetadata,
  type PartnerRecord,
  type PublisherRecord,
  type RenderedMetadata,
  type ServedMetadata,
  type StoredArticle,
  type StoredSite,
  type StoredTrending,
  withUrl,
} from './records.ts';

/** How old the record a webhook is checked against may be, in seconds: who finds it outdated asks the Desk. */
const ACCOUNT_SECONDS = 10;

type Env = StoreEnv & { ORIGIN: string };

/** The article or tombstone with this id, or null when KV holds neither. */
export async function readArticle(env: Env, id: string): Promise<Article | Tombstone | null> {
  const stored = await read<StoredArticle | Tombstone>(env, articleKey(id));
  return stored && hydrate(env.ORIGIN, stored);
}

/** An article's JSON as it is served, unparsed; null when there is none for this address, or only a tombstone. */
export const readArticleBytes = (env: Env, id: string): Promise<Served<ArticleMetadata> | null> =>
  readServed(env, articleKey(id));

/** A default feed as it is served; null when there is none for this address. */
export const readRendered = (env: Env, extension: DefaultFeed): Promise<Served<RenderedMetadata> | null> =>
  readServed(env, renderedKey(extension));

interface Served<Metadata> {
  body: ReadableStream;
  metadata: Metadata;
}

/**
 * What lies in KV as it is served, and what its headers follow from. One KV operation. Its bytes are passed on as
 * they come, never decoded: a body that becomes a string and bytes again costs more than all else of the answer.
 */
async function readServed<Metadata extends ServedMetadata>(
  env: Env,
  key: string,
): Promise<Served<Metadata> | null> {
  const { value: body, metadata } = await within(
    READ_PATIENCE,
    'KV GET',
    env.KV.getWithMetadata<Metadata>(key, 'stream'),
  );
  if (body === null) return null;
  if (metadata?.origin === env.ORIGIN) return { body, metadata };
  await body.cancel();
  return null;
}

/** Those of up to 100 articles (KV's limit for a bulk read) that KV holds, by id. */
export async function readArticles(
  env: Env,
  ids: readonly string[],
): Promise<Map<string, Article | Tombstone>> {
  const stored = await readMany<StoredArticle | Tombstone>(env, ids.map(articleKey));
  return new Map([...stored.values()].map((value) => [value.id, hydrate(env.ORIGIN, value)]));
}

function hydrate(origin: string, stored: StoredArticle | Tombstone): Article | Tombstone {
  return 'headline' in stored ? withUrl(origin, stored) : stored;
}

/** An article or tombstone from the text KV holds, or will hold, for it. */
export function fromStored(origin: string, text: string): Article | Tombstone {
  return hydrate(origin, JSON.parse(text) as StoredArticle | Tombstone);
}

/** A scope's first page, or null when nothing was ever in it. */
export const readFeed = (env: StoreEnv, scope: Scope): Promise<StoredFeed | null> =>
  read(env, feedKey(scope), { parse: readStoredFeed });

export const readPublisher = (env: StoreEnv, id: string): Promise<PublisherRecord | null> =>
  read(env, publisherKey(id), { seconds: ACCOUNT_SECONDS });

export const readPartner = (env: StoreEnv, id: string): Promise<PartnerRecord | null> =>
  read(env, partnerKey(id), { seconds: ACCOUNT_SECONDS });

/** Those of up to 100 publishers that KV holds, by id. */
export async function readPublishers(
  env: StoreEnv,
  ids: readonly string[],
): Promise<Map<string, PublisherRecord>> {
  const records = await readMany<PublisherRecord>(env, ids.map(publisherKey));
  return new Map([...records.values()].map((record) => [record.id, record]));
}

/** What is being read most, or null while nothing is. */
export const readStoredTrending = (env: StoreEnv): Promise<StoredTrending | null> => read(env, TRENDING_KEY);

/** The operator's settings, or null while the defaults hold. */
export const readSite = (env: StoreEnv): Promise<StoredSite | null> => read(env, SITE_KEY);
