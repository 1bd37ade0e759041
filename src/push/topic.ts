import { decodeEtag } from '../feeds/etag.ts';
import { linkIn } from '../feeds/links.ts';
import type { Render } from './messages.ts';

/** The path of a feed; the part before the extension is its path in the Desk's announcements. */
const FEED = /^(\/feeds\/.+)\.[a-z]+$/;

/**
 * The path with which the Desk announces changes to a topic.
 * @returns undefined when the topic is not the `rel=self` URL of a feed of this site, or is an archive page, which never
 * has new entries
 */
export async function pathOfTopic(
  topic: string,
  origin: string,
  render: Render,
): Promise<string | undefined> {
  if (!topic.startsWith(`${origin}/feeds/`)) return undefined;
  const url = new URL(topic);
  const path = FEED.exec(url.pathname)?.[1];
  if (path === undefined || url.searchParams.has('before')) return undefined;
  const response = await render(topic.slice(origin.length));
  await response.body?.cancel();
  return response.ok && linkIn(response.headers.get('Link'), 'self') === topic ? path : undefined;
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
