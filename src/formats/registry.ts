import { atom } from './atom.ts';
import type { FeedFormat } from './feed.ts';
import { jsonFeed } from './json-feed.ts';
import { ninjs } from './ninjs.ts';
import { rss } from './rss.ts';

/** What feed readers subscribe to: pages offer these. */
export const READER_FORMATS: readonly FeedFormat[] = [rss, atom, jsonFeed];

/** Every dialect a feed is served in. A new one is a file beside this one and a line here or above. */
export const FEED_FORMATS: readonly FeedFormat[] = [...READER_FORMATS, ninjs];

/** The dialect of an extension (`rss`), or undefined when Dateline does not speak it. */
export function feedFormat(extension: string): FeedFormat | undefined {
  return FEED_FORMATS.find((format) => format.extension === extension);
}
