/**
 * How large an article can become in any form in which Dateline shows it, computed from its blocks without rendering it.
 * Escaping decides that, not the size of its JSON: an ampersand is five bytes in HTML. Intake refuses what is larger than
 * `MAX_ARTICLE_BYTES`; feeds and pages show less of what was stored before that bound.
 */
import type { Article, ArticleContent, Card } from './article.ts';
import { type Block, type Image, type Inline, inlineText } from './blocks.ts';

/** The most bytes of an article, in UTF-8, as an item of a feed in any format, and as its part of a page. */
export const MAX_ARTICLE_BYTES = 2_000_000;

/** The longest excerpt of an article without a summary, in UTF-16 code units. */
export const MAX_EXCERPT_LENGTH = 1_500;

/** The most bytes of an article as an item of a feed, in every format, and as its part of a page. */
export interface ArticleSize {
  feed: number;
  page: number;
}

/** Upper bounds for the bytes of a text, by where it stands. */
interface Scale {
  /** In an element's content; the quotation marks of HTML in JSON included. */
  text(text: string): number;
  /** A value of an attribute. */
  attribute(text: string): number;
  /** A URL, which is serialized and then a value of an attribute. */
  url(text: string): number;
  /** Anywhere: escaped twice, percent-encoded, or in JSON within a script. */
  anywhere(text: string): number;
}

/** What serializing a URL can add to its length, besides encoding its characters: slashes, an IP address in full. */
const URL_EXTRA = 32;

/** The bytes of characters by their first 128 code points; of those beyond, below U+0800 and above. */
interface Weights {
  ascii: Uint8Array;
  twoByte: number;
  other: number;
}

function weights(plain: number, twoByte: number, other: number, special: Record<string, number>): Weights {
  const ascii = new Uint8Array(128).fill(plain);
  for (const [characters, bytes] of Object.entries(special)) {
    for (const character of characters) ascii[character.charCodeAt(0)] = bytes;
  }
  return { ascii, twoByte, other };
}

const CONTROLS = String.fromCharCode(...Array(32).keys());
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

// Text in HTML: `&amp;`, `&lt;`, `&gt;`; in JSON a quotation mark, a backslash and a line break have a backslash.
const TEXT = weights(1, 2, 3, { [CONTROLS]: 2, '"\\': 2, '<>': 4, '&': 5 });
const ATTRIBUTE = weights(1, 2, 3, { [CONTROLS]: 2, '\\': 2, '<>': 4, "&'": 5, '"': 6 });
// The host of a URL may become Punycode, everything else is percent-encoded; U+FDFA alone becomes 18 letters.
const URL_PARTS = weights(3, 36, 36, { [`${LETTERS}-._~!$()*+,;=:@/?#`]: 1, '<>': 4, "&'": 5, '"': 6 });
// `&amp;amp;`, `&amp;lt;`, `&quot;`, `\u0026`, `%E0%A4%95`.
const ANYWHERE = weights(3, 6, 9, { [LETTERS]: 1, [CONTROLS]: 6, '"': 6, "'": 5, '<>': 8, '&': 9 });

function weigh(text: string, { ascii, twoByte, other }: Weights): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    bytes += unit < 128 ? (ascii[unit] ?? 0) : unit < 0x800 ? twoByte : other;
  }
  return bytes;
}

/** Looks at every character. */
const EXACT: Scale = {
  text: (text) => weigh(text, TEXT),
  attribute: (text) => weigh(text, ATTRIBUTE),
  url: (text) => weigh(text, URL_PARTS) + URL_EXTRA,
  anywhere: (text) => weigh(text, ANYWHERE),
};

/** Looks at lengths only: enough for most articles, and free. */
const ROUGH: Scale = {
  text: (text) => text.length * 5,
  attribute: (text) => text.length * 6,
  url: (text) => text.length * 36 + URL_EXTRA,
  anywhere: (text) => text.length * 9,
};

// What renderers write around text, at most: element names, attributes, the backslashes before their quotation marks.
const INLINE_MARKUP = 40;
const LANGUAGE_MARKUP = 64;
const BLOCK_MARKUP = 64;
const CELL_MARKUP = 72;
const FIGURE_MARKUP = 320;
const FEED_EMBED_MARKUP = 160;
/** On a page, a table has a label, and an embed says where it can be seen, in the words of the page's language. */
const PAGE_TABLE_MARKUP = 600;
const PAGE_EMBED_MARKUP = 1_200;
/** A corrected time in words, in the longest script. */
const TIME_MARKUP = 300;
/** A link with its attributes. */
const LINK_MARKUP = 200;
/** The ids, dates and counts of an article, and the names of their elements. */
const FEED_FRAME = 8_000;
/** The same, with the addresses of the article on this site: the slug has at most 80 characters, the origin 255. */
const PAGE_FRAME = 24_000;

/** Renderers show nothing that is nested deeper than 128 levels. */
const MAX_DEPTH = 256;

/** Adds up the bytes of one article in both forms. */
class Measure {
  readonly #scale: Scale;
  readonly #originalUrl: string;
  feed = 0;
  page = 0;

  constructor(scale: Scale, originalUrl = '') {
    this.#scale = scale;
    this.#originalUrl = originalUrl;
  }

  both(bytes: number): void {
    this.feed += bytes;
    this.page += bytes;
  }

  /** Everything but the body. */
  entries(article: ArticleContent | Card): void {
    const { anywhere } = this.#scale;
    const all = (text = '') => anywhere(text);
    const { authors, tags, image, rights = {} } = article;
    this.feed += FEED_FRAME + 4 * all(article.headline) + 2 * all(summaryOf(article));
    this.page += PAGE_FRAME + 10 * all(article.headline) + 4 * all(summaryOf(article));
    this.both(4 * (all(article.dateline) + all(article.credit)) + 12 * all(article.section));
    this.both(6 * all(article.canonicalUrl) + 2 * all(article.publisher) + 4 * all(article.language));
    for (const { name, url } of authors) this.both(4 * all(name) + 2 * all(url) + LINK_MARKUP);
    for (const tag of tags) this.both(4 * all(tag) + LINK_MARKUP);
    for (const text of [image?.url, image?.alt, image?.caption, image?.credit]) this.both(4 * all(text));
    for (const text of [rights.copyright, rights.licence, rights.usageTerms]) this.both(4 * all(text));
    for (const name of [...(rights.territories ?? []), ...(rights.excludePartners ?? [])]) {
      this.feed += all(name) + 3;
    }
    if (!('body' in article)) return;
    for (const { note } of article.corrections) this.both(2 * all(note) + TIME_MARKUP);
    for (const { language, url } of article.translations) {
      this.both(2 * all(url) + 6 * all(language) + LINK_MARKUP);
    }
    for (const { title, url } of article.related) this.page += all(title) + all(url) + LINK_MARKUP;
  }

  blocks(blocks: readonly Block[], depth = 0): void {
    if (depth > MAX_DEPTH) return;
    for (const block of blocks) this.block(block, depth);
  }

  block(block: Block, depth = 0): void {
    this.both(BLOCK_MARKUP);
    switch (block.type) {
      case 'paragraph':
      case 'heading':
        this.#language(block);
        this.#inline(block.content);
        break;
      case 'list':
        for (const item of block.items) {
          this.both(BLOCK_MARKUP);
          this.blocks(item, depth + 1);
        }
        break;
      case 'definitions':
        for (const { terms, descriptions } of block.items) {
          for (const term of terms) this.#inline(term);
          for (const each of descriptions) this.blocks(each, depth + 1);
          this.both(INLINE_MARKUP * (terms.length + descriptions.length));
        }
        break;
      case 'aside':
        this.blocks(block.blocks, depth + 1);
        break;
      case 'quote':
        this.#language(block);
        this.blocks(block.blocks, depth + 1);
        this.#inline(block.citation ?? []);
        break;
      case 'image':
        this.#figure(block);
        break;
      case 'gallery':
        for (const image of block.images) this.#figure(image);
        break;
      case 'table':
        this.feed += BLOCK_MARKUP;
        this.page += PAGE_TABLE_MARKUP;
        this.#inline(block.caption ?? []);
        for (const row of block.rows) {
          this.both(INLINE_MARKUP + CELL_MARKUP * row.length);
          for (const cell of row) this.#inline(cell.content);
        }
        break;
      case 'code':
        this.both(BLOCK_MARKUP + this.#scale.text(block.text));
        break;
      case 'embed': {
        const { url, attribute } = this.#scale;
        const shown = 3 * Math.max(url(block.url), url(this.#originalUrl)) + url(block.poster ?? '');
        this.feed += shown + FEED_EMBED_MARKUP;
        this.page += shown + attribute(block.id) + PAGE_EMBED_MARKUP;
        break;
      }
      case 'divider':
        break;
      default:
        block satisfies never;
    }
  }

  #inline(content: readonly Inline[], depth = 0): void {
    if (depth > MAX_DEPTH) return;
    for (const node of content) {
      if (node.type === 'text') {
        this.both(this.#scale.text(node.text));
        continue;
      }
      this.both(INLINE_MARKUP);
      if (node.type === 'break') continue;
      if (node.type === 'link') this.both(this.#scale.url(node.href));
      if (node.type === 'abbreviation') this.both(this.#scale.attribute(node.title));
      if (node.type === 'span') this.#language(node);
      this.#inline(node.content, depth + 1);
    }
  }

  /** A page has each of its languages in its style sheet as well. */
  #language({ language, direction }: { language?: string; direction?: string }): void {
    if (language === undefined && direction === undefined) return;
    this.both(LANGUAGE_MARKUP + 2 * this.#scale.attribute(language ?? ''));
  }

  #figure(image: Image): void {
    const { text, attribute, url } = this.#scale;
    this.both(FIGURE_MARKUP + url(image.url ?? '') + attribute(image.alt ?? ''));
    this.both(text(image.caption ?? '') + text(image.credit ?? ''));
  }
}

/** At least what stands for the summary: without one, an excerpt of the first paragraph that has words. */
function summaryOf(article: ArticleContent | Card): string {
  if (article.summary !== undefined || !('body' in article)) return article.summary ?? '';
  for (const block of article.body) {
    const text = block.type === 'paragraph' ? inlineText(block.content).trim() : '';
    if (text !== '') return `${text.slice(0, MAX_EXCERPT_LENGTH)}…`;
  }
  return '';
}

/** The most bytes that an article, or a card, has in each form: linear in its length, and never less than it has. */
export const sizeOf = (article: ArticleContent | Card): ArticleSize => measured(article, EXACT);

function measured(article: ArticleContent | Card, scale: Scale): ArticleSize {
  const measure = new Measure(scale, article.canonicalUrl);
  measure.entries(article);
  if ('body' in article) measure.blocks(article.body);
  return { feed: measure.feed, page: measure.page };
}

/** The markup of a card on a page: its address, its publisher, its time in words. */
const CARD_MARKUP = 5_000;

/** The most bytes of a card in a list on a page. */
export function cardSizeOf({ headline, summary = '', section = '', language, image }: Card): number {
  const { text, attribute, url, anywhere } = EXACT;
  const words = text(headline) + text(summary) + 4 * anywhere(section) + attribute(language);
  return CARD_MARKUP + words + url(image?.url ?? '') + attribute(image?.alt ?? '');
}

/** The cards from the first on that have at most `limit` bytes on a page together. */
export function cardsWithin<Shown extends Card>(limit: number, cards: readonly Shown[]): Shown[] {
  let total = 0;
  const end = cards.findIndex((card) => {
    total += cardSizeOf(card);
    return total > limit;
  });
  return end === -1 ? [...cards] : cards.slice(0, end);
}

/** The form in which an article exceeds `MAX_ARTICLE_BYTES`, with its size there; undefined when there is none. */
export function excessOf(
  article: ArticleContent,
): { form: 'an item of a feed' | 'a page'; bytes: number } | undefined {
  const exceeds = ({ feed, page }: ArticleSize) => Math.max(feed, page) > MAX_ARTICLE_BYTES;
  if (!exceeds(measured(article, ROUGH))) return undefined;
  const size = sizeOf(article);
  if (!exceeds(size)) return undefined;
  return size.feed > size.page
    ? { form: 'an item of a feed', bytes: size.feed }
    : { form: 'a page', bytes: size.page };
}

/** The article with as many of its first blocks as its page can show, and whether that is all of them. */
export function cutForPage(article: Article): { article: Article; isWhole: boolean } {
  if (excessOf(article) === undefined) return { article, isWhole: true };
  const measure = new Measure(EXACT, article.canonicalUrl);
  measure.entries(article);
  const end = article.body.findIndex((block) => {
    measure.block(block);
    return measure.page > MAX_ARTICLE_BYTES;
  });
  return end === -1
    ? { article, isWhole: true }
    : { article: { ...article, body: article.body.slice(0, end) }, isWhole: false };
}
