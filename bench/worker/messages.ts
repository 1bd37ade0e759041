/** The messages between the bench and its Worker: types without the globals of either side. */
import type { Draft } from '../../src/domain/draft.ts';

/** A request to seed the Dateline under test with articles. */
export interface Seeding {
  templates: Draft[];
  /** The numbers of the articles to make. Each uses the next template and a number of its own. */
  from: number;
  to: number;
  /** When article 0 was published, in milliseconds since the epoch, and how much later each next one. */
  start: number;
  step: number;
}

/** An article as a simple CMS would store it, with its body as HTML. */
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
