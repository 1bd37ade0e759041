/** What the bench sends to its Worker, and asks of it: the types both sides share, free of either's globals. */
import type { Draft } from '../../src/domain/draft.ts';

/** Asks for articles in the benched Dateline. */
export interface Seeding {
  templates: Draft[];
  /** The numbers of the articles to make: each is the next template under a number of its own. */
  from: number;
  to: number;
  /** When article 0 was published, in milliseconds since the epoch, and how much later each further one. */
  start: number;
  step: number;
}

/** What a CMS of one's own would store of an article: its page's words as HTML. */
export interface Post {
  id: string;
  url: string;
  title: string;
  summary: string;
  html: string;
  publishedAt: string;
  authors: string[];
  tags: string[];
}

/** The packages that render the posts as RSS. */
export const PEERS = ['feed', 'feedsmith', '@astrojs/rss'] as const;

export type PeerName = (typeof PEERS)[number];
