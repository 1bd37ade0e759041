import type { AppContext } from '../bindings.ts';
import type { FeedFormat } from '../formats/feed.ts';
import { respond } from '../http/conditional.ts';
import { readRendered } from '../store/reads.ts';
import { DEFAULT_FEEDS, type DefaultFeed } from '../store/records.ts';
import { type FeedLinks, feedHeaders } from './feed-response.ts';

/** Headers that ask for another answer than the plain bytes: only what is new, or a page for a browser. */
const ASKS_FOR_MORE = ['A-IM', 'Sec-Fetch-Dest'] as const;

/**
 * The feed of everything as the Desk keeps it ready, streamed from KV; undefined when there is none, or when more is
 * asked for than the plain feed.
 */
export async function serveDefaultFeed(
  c: AppContext,
  format: FeedFormat,
  caching: Record<string, string>,
): Promise<Response | undefined> {
  if (!isDefault(format.extension) || c.req.url.includes('?')) return undefined;
  if (ASKS_FOR_MORE.some((name) => c.req.header(name) !== undefined)) return undefined;
  const held = await readRendered(c.env, format.extension);
  if (held === null) return undefined;
  const { body, metadata } = held;
  const { origin, sequence, siteVersion, changedAt, next } = metadata;
  const selfUrl = `${origin}/feeds/all.${format.extension}`;
  const links: FeedLinks = {
    self: selfUrl,
    hub: `${origin}/hub`,
    ...(next !== undefined && { first: selfUrl, next: `${selfUrl}?before=${next}` }),
  };
  return respond(c, {
    sequence,
    versions: [siteVersion, '', selfUrl],
    lastModified: changedAt,
    headers: feedHeaders(format, caching, links),
    body,
  });
}

const isDefault = (extension: string): extension is DefaultFeed =>
  (DEFAULT_FEEDS as readonly string[]).includes(extension);
