import type { Bindings } from '../bindings.ts';

/** `Cache-Control` of public reads: any cache may store them for a short time. */
export function publicCaching(env: Pick<Bindings, 'MAX_AGE' | 'STALE_WHILE_REVALIDATE'>): string {
  return `public, max-age=${env.MAX_AGE}, stale-while-revalidate=${env.STALE_WHILE_REVALIDATE}`;
}

/**
 * `Cache-Tag`: the tags by which a cache in front can be purged. Names are percent-encoded, because a tag must not
 * contain a space or a comma, and cut to the maximum of 1,024 characters.
 */
export function cacheTags(tags: readonly string[]): string {
  return tags.map((tag) => encodeURIComponent(tag).replaceAll('%3A', ':').slice(0, 1_024)).join(',');
}
