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

/** Who may publish the article. Lists contain exact names; an absent list restricts nothing. */
export interface Rights {
  copyright?: string;
  licence?: string;
  usageTerms?: string;
  territories?: string[];
  /** Ids and names of partners from which it is withheld. Not in anything public: see `withUrl`. */
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
 * An article as the normalizer returns it: everything except what only the Desk knows (its version, its status, when it
 * was first received). Equal content has an equal content hash.
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
  /** The place line, moved here from the first paragraph, without its colon or dash. */
  dateline?: string;
  authors: Author[];
  section?: string;
  tags: string[];
  image?: Image;
  body: Block[];
  related: Related[];
  /** The agency or source line, moved here from the text. */
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
  /** The absolute URL of the article's page on this site. */
  url: string;
  publishedAt: Instant;
  updatedAt: Instant;
}

/** What lists need of an article: everything but its body and what only the full article shows. */
export type Card = Omit<Article, 'body' | 'related' | 'corrections' | 'translations'>;

/** What remains of a withdrawn article. It contains none of the article's text. */
export interface Tombstone {
  id: string;
  version: number;
  status: 'withdrawn';
  withdrawnAt: Instant;
  /** The language of the notice page, when it is known. */
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

/** Whether a stored value is the tombstone of a withdrawn article. */
export function isTombstone(value: { status: Status }): value is Tombstone {
  return value.status === 'withdrawn';
}
