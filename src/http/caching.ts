import type { Bindings } from '../bindings.ts';

/** For reads that any cache may keep for a moment. */
export function publicCaching(env: Pick<Bindings, 'MAX_AGE' | 'STALE_WHILE_REVALIDATE'>): string {
  return `public, max-age=${env.MAX_AGE}, stale-while-revalidate=${env.STALE_WHILE_REVALIDATE}`;
}

/**
 * Tags by which a cache in front can be purged. Names are percent-encoded: a tag holds no space and no comma, and
 * no more than 1,024 characters.
 */
export function cacheTags(tags: readonly string[]): string {
  return tags.map((tag) => encodeURIComponent(tag).replaceAll('%3A', ':').slice(0, 1_024)).join(',');
}
