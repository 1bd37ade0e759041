import type { Author, Related } from '../domain/article.ts';
import type { Image } from '../domain/blocks.ts';

/** Fields of an article that are found in its text or page, besides the body. */
export interface Findings {
  headline?: string;
  summary?: string;
  dateline?: string;
  credit?: string;
  language?: string;
  canonicalUrl?: string;
  section?: string;
  tags?: string[];
  authors?: Author[];
  image?: Image;
  publishedAt?: string;
  updatedAt?: string;
  related: Related[];
}
