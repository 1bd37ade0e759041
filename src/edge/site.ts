import type { PublisherProfile, Scope, Site } from '../domain/site.ts';
import type { Store } from '../store/store.ts';

/** The site's settings, and their version for validators. */
export async function siteOf(store: Store): Promise<{ site: Site; siteVersion: string }> {
  const { changedAt, ...settings } = await store.read('site');
  return { site: { ...settings, origin: store.origin }, siteVersion: changedAt };
}

/** The display name of a scope, and its version for validators; `all` has no name. */
export async function scopeName(store: Store, scope: Scope): Promise<{ text?: string; version: string }> {
  if (scope.kind === 'all') return { version: '' };
  if (scope.kind !== 'publishers') return { text: scope.name, version: '' };
  const publisher = (await store.readPublishers([scope.name], 'client')).get(scope.name);
  return { text: publisher?.name ?? scope.name, version: publisher?.changedAt ?? '' };
}

/** The publishers of articles, in one KV operation, and a version of their names for validators. */
export async function publishersOf(
  store: Store,
  articles: readonly { publisher: string }[],
): Promise<{ publishers: Map<string, PublisherProfile>; version: string }> {
  const ids = [...new Set(articles.map((article) => article.publisher))];
  const records = await store.readPublishers(ids);
  const version = [...records.values()].map((record) => record.changedAt).reduce(later, '');
  return { publishers: records, version };
}

const later = (one: string, other: string): string => (one > other ? one : other);
