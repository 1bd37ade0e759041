import type { Block, Direction, Image } from './blocks.ts';

export type { Direction } from './blocks.ts';
export const STATUSES = ['published', 'embargoed', 'withdrawn'] as const;
export type Status = (typeof STATUSES)[number];

/** An instant as `Date.prototype.toISOString` writes it: UTC, milliseconds, `Z`. */
export type Instant = string;

export interface Author {
  name: string;
  url?: string;
}

export interface Related {
  title: string;
  url?: string;
}

/** Who may show the article. Every list is of exact names; an absent one restricts nothing. */
export interface Rights {
  copyright?: string;
  licence?: string;
  usageTerms?: string;
  territories?: string[];
  excludePartners?: string[];
}

export interface Correction {
  at: Instant;
  note: string;
}

export interface Translation {
  language: string;
  url: string;
}

/**
 * What an article says, as the normalizer makes it: everything but what only the Desk can know (its version,
 * its status, when it was first received). Equal content has an equal content hash.
 */
export interface ArticleContent {
  publisher: string;
  sourceId: string;
  /** The publisher's own page. */
  canonicalUrl?: string;
  language: string;
  direction: Direction;
  headline: string;
  /** The dek or standfirst. */
  summary?: string;
  /** The place line lifted off the first paragraph, without its colon or dash. */
  dateline?: string;
  authors: Author[];
  section?: string;
  tags: string[];
  image?: Image;
  body: Block[];
  related: Related[];
  /** The agency or source line lifted off the text. */
  credit?: string;
  rights?: Rights;
  corrections: Correction[];
  translations: Translation[];
  publishedAt?: Instant;
  updatedAt?: Instant;
  embargoUntil?: Instant;
  expiresAt?: Instant;
  wordCount: number;
  readingMinutes: number;
}

/** An article as Dateline stores and serves it. Names follow schema.org NewsArticle and IPTC ninjs. */
export interface Article extends ArticleContent {
  id: string;
  /** 1, 2, 3 …, assigned by the Desk. */
  version: number;
  status: Status;
  /** Dateline's page, absolute. */
  url: string;
  publishedAt: Instant;
  updatedAt: Instant;
}

/** What lists need of an article: all but its body and what goes only with the body. */
export type Card = Omit<Article, 'body' | 'related' | 'corrections' | 'translations'>;

/** What remains of an article that was taken back. It holds none of the article's words. */
export interface Tombstone {
  id: string;
  version: number;
  status: 'withdrawn';
  withdrawnAt: Instant;
  /** The language of the page that says so, when it is known. */
  language?: string;
  reason?: string;
}

/** The card of an article. */
export function toCard(article: Article): Card {
  const {
    body: _body,
    related: _related,
    corrections: _corrections,
    translations: _translations,
    ...card
  } = article;
  return card;
}

/** Whether a stored value is what remains of a withdrawn article. */
export function isTombstone(value: { status: Status }): value is Tombstone {
  return value.status === 'withdrawn';
}
