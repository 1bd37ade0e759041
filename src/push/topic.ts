import { decodeEtag } from '../feeds/etag.ts';
import { linkIn } from '../feeds/links.ts';
import { PageUnavailable } from '../store/failures.ts';
import type { Render } from './messages.ts';

/** A longer topic is no feed: a query has at most 30 names. */
const MAX_LENGTH = 8_192;

/** The path of a feed; the part before the extension is its path in the Desk's announcements. */
const FEED = /^(\/feeds\/.+)\.[a-z]+$/;

/**
 * The path with which the Desk announces changes to a topic.
 * @returns undefined when the topic cannot be the URL of a feed of this site, or is an archive page, which never has new
 * entries
 */
export function pathOfTopic(topic: string, origin: string): string | undefined {
  if (topic.length > MAX_LENGTH || !topic.startsWith(`${origin}/feeds/`)) return undefined;
  const url = new URL(topic);
  return url.searchParams.has('before') ? undefined : FEED.exec(url.pathname)?.[1];
}

/**
 * The `rel=self` URL of the feed at a topic: the same for all spellings of its query. Undefined when there is none.
 * @throws PageUnavailable when the site cannot tell for now
 */
export async function canonicalTopic(
  topic: string,
  origin: string,
  render: Render,
): Promise<string | undefined> {
  if (pathOfTopic(topic, origin) === undefined) return undefined;
  const path = topic.slice(origin.length);
  const response = await render(path);
  await response.body?.cancel();
  if (response.status >= 500) throw new PageUnavailable(path, response.status);
  return response.ok ? linkIn(response.headers.get('Link'), 'self') : undefined;
}

/** Parameters that change a feed's presentation, not its articles. */
const PRESENTATION = new Set(['limit', 'content']);

/**
 * Whether a rendered feed contains the change with this sequence number. KV may serve the previous value for 60 s; the
 * ETag has the feed's sequence number. A combination of filters comes from the Desk itself and is never behind.
 * @returns undefined when the feed has no valid ETag
 */
export function showsChange(topic: string, headers: Headers, sequence: number): boolean | undefined {
  const tag = decodeEtag(headers.get('ETag') ?? '');
  if (tag === undefined) return undefined;
  const isFiltered = [...new URL(topic).searchParams.keys()].some((name) => !PRESENTATION.has(name));
  return isFiltered || tag.sequence >= sequence;
}
