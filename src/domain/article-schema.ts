/** Schemas of articles as `/articles/{id}` returns them: for the API's document, and for tests that validate responses. */
import * as v from 'valibot';
import { type Article, type Card, STATUSES, type Tombstone } from './article.ts';
import type { Block, Image, Inline } from './blocks.ts';

const text = v.string();
const optionalText = v.exactOptional(text);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const instant = v.pipe(v.string(), v.isoTimestamp());
const direction = v.picklist(['ltr', 'rtl']);

const languageChange = { language: optionalText, direction: v.exactOptional(direction) };

const inlines = v.array(v.lazy((): v.GenericSchema<Inline> => inlineSchema));
const blocks = v.array(v.lazy((): v.GenericSchema<Block> => blockSchema));

const inlineSchema: v.GenericSchema<Inline> = v.pipe(
  v.variant('type', [
    v.strictObject({ type: v.literal('text'), text }),
    v.strictObject({
      type: v.picklist(['strong', 'em', 'code', 'sub', 'sup', 'mark', 'quote', 'ruby', 'reading']),
      content: inlines,
    }),
    v.strictObject({ type: v.literal('link'), href: text, content: inlines }),
    v.strictObject({ type: v.literal('abbreviation'), title: text, content: inlines }),
    v.strictObject({
      type: v.literal('span'),
      language: optionalText,
      direction: v.exactOptional(v.picklist(['ltr', 'rtl', 'auto'])),
      content: inlines,
    }),
    v.strictObject({ type: v.literal('break') }),
  ]),
  v.title('Inline'),
  v.description('Inline content: a closed tree in which only `text` contains words.'),
);

const imageEntries = {
  width: v.exactOptional(count),
  height: v.exactOptional(count),
  alt: optionalText,
  caption: optionalText,
  credit: optionalText,
};

const imageSchema: v.GenericSchema<Image> = v.pipe(
  v.strictObject({ url: optionalText, ...imageEntries }),
  v.title('Image'),
  v.description('The lead image; only a caption when `url` is absent.'),
);

const blockSchema: v.GenericSchema<Block> = v.pipe(
  v.variant('type', [
    v.strictObject({ type: v.literal('paragraph'), content: inlines, ...languageChange }),
    v.strictObject({
      type: v.literal('heading'),
      level: v.picklist([2, 3, 4, 5, 6]),
      content: inlines,
      ...languageChange,
    }),
    v.strictObject({
      type: v.literal('list'),
      ordered: v.boolean(),
      start: v.exactOptional(v.pipe(v.number(), v.integer())),
      items: v.array(blocks),
    }),
    v.strictObject({
      type: v.literal('definitions'),
      items: v.array(v.strictObject({ terms: v.array(inlines), descriptions: v.array(blocks) })),
    }),
    v.strictObject({
      type: v.literal('quote'),
      blocks,
      citation: v.exactOptional(inlines),
      ...languageChange,
    }),
    v.strictObject({ type: v.literal('aside'), blocks }),
    v.strictObject({ type: v.literal('image'), url: text, ...imageEntries }),
    v.strictObject({
      type: v.literal('gallery'),
      images: v.array(v.strictObject({ url: text, ...imageEntries })),
    }),
    v.strictObject({
      type: v.literal('table'),
      caption: v.exactOptional(inlines),
      rows: v.array(
        v.array(
          v.strictObject({
            header: v.exactOptional(v.literal(true)),
            columnSpan: v.exactOptional(count),
            rowSpan: v.exactOptional(count),
            content: inlines,
          }),
        ),
      ),
    }),
    v.strictObject({ type: v.literal('code'), text, language: optionalText }),
    v.strictObject({
      type: v.literal('embed'),
      provider: text,
      id: text,
      url: text,
      poster: optionalText,
    }),
    v.strictObject({ type: v.literal('divider') }),
  ]),
  v.title('Block'),
  v.description('A part of an article’s body. No part of an article is an HTML string.'),
);

const rights = v.pipe(
  v.strictObject({
    copyright: optionalText,
    licence: optionalText,
    usageTerms: optionalText,
    territories: v.exactOptional(v.array(text)),
    excludePartners: v.exactOptional(
      v.pipe(
        v.array(text),
        v.description('The partners from which it is withheld; only in the publisher’s preview.'),
      ),
    ),
  }),
  v.title('Rights'),
  v.description('Who may publish the article. Lists contain exact names; an absent list restricts nothing.'),
);

const cardEntries = {
  id: v.pipe(text, v.examples(['0123456789abcdef'])),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  status: v.picklist(STATUSES),
  url: v.pipe(text, v.description('The article’s page on this site.')),
  publisher: text,
  sourceId: v.pipe(text, v.description('The article’s id in the publisher’s system.')),
  canonicalUrl: v.exactOptional(v.pipe(text, v.description('The article’s page on the publisher’s site.'))),
  language: v.pipe(text, v.description('A BCP 47 tag; `und` when unknown.'), v.examples(['hi'])),
  direction,
  headline: text,
  summary: optionalText,
  dateline: v.exactOptional(
    v.pipe(text, v.description('The place line, moved here from the first paragraph.')),
  ),
  authors: v.array(v.pipe(v.strictObject({ name: text, url: optionalText }), v.title('Author'))),
  section: optionalText,
  tags: v.array(text),
  image: v.exactOptional(imageSchema),
  credit: v.exactOptional(
    v.pipe(text, v.description('The agency or source line, moved here from the text.')),
  ),
  rights: v.exactOptional(rights),
  publishedAt: instant,
  updatedAt: instant,
  embargoUntil: v.exactOptional(instant),
  expiresAt: v.exactOptional(instant),
  wordCount: count,
  readingMinutes: count,
};

/** Members that a card omits. */
const bodyEntries = {
  body: v.array(blockSchema),
  related: v.array(v.strictObject({ title: text, url: optionalText })),
  corrections: v.array(v.pipe(v.strictObject({ at: instant, note: text }), v.title('Correction'))),
  translations: v.array(v.pipe(v.strictObject({ language: text, url: text }), v.title('Translation'))),
};

export const articleSchema: v.GenericSchema<Article> = v.pipe(
  v.strictObject({ ...cardEntries, ...bodyEntries }),
  v.title('Article'),
);

export const cardSchema: v.GenericSchema<Card> = v.pipe(
  v.strictObject(cardEntries),
  v.title('Card'),
  v.description('An article without its body.'),
);

export const tombstoneSchema: v.GenericSchema<Tombstone> = v.pipe(
  v.strictObject({
    id: text,
    version: v.pipe(v.number(), v.integer(), v.minValue(1)),
    status: v.literal('withdrawn'),
    withdrawnAt: instant,
    language: optionalText,
    reason: optionalText,
  }),
  v.title('Tombstone'),
  v.description('What remains of a withdrawn article. It contains none of its text.'),
);

/** Members that JSON feeds use under the same names. */
export const {
  rights: rightsEntry,
  corrections: correctionsEntry,
  translations: translationsEntry,
} = {
  ...cardEntries,
  ...bodyEntries,
};
