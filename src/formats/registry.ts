import { atom } from './atom.ts';
import type { FeedFormat } from './feed.ts';
import { jsonFeed } from './json-feed.ts';
import { ninjs } from './ninjs.ts';
import { rss } from './rss.ts';

/** The formats that feed readers subscribe to; pages link to these. */
export const READER_FORMATS: readonly FeedFormat[] = [rss, atom, jsonFeed];

/** All feed formats. A new one is a file beside this one and a line here or above. */
export const FEED_FORMATS: readonly FeedFormat[] = [...READER_FORMATS, ninjs];

/** The format of an extension such as `rss`; undefined when there is none. */
export function feedFormat(extension: string): FeedFormat | undefined {
  return FEED_FORMATS.find((format) => format.extension === extension);
}
