/**
 * What stands in `src/locales/{tag}.json`; docs/locales.md explains each field to those who write the files. Tests
 * hold every file against this schema; the Worker takes only the types from here.
 */
import * as v from 'valibot';

const tidy = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.check((text) => text === text.normalize('NFC'), 'must be in Unicode’s form NFC'),
  v.check((text) => text === text.trim(), 'must have no space at its ends'),
);

/** A list, without an entry that stands in it twice. */
const listOf = <Entry extends v.GenericSchema<string>>(entry: Entry) =>
  v.optional(
    v.pipe(
      v.array(entry),
      v.checkItems((item, index, list) => list.indexOf(item) === index, 'stands in this list twice'),
    ),
  );

const word = v.pipe(tidy, v.regex(/^[^\s*]+$/u, 'must be one word, without a *'));
const phrase = v.pipe(tidy, v.regex(/^[^*]+$/u, 'must have no *: here the whole line is compared'));
/** `updat*` stands for every word that begins so, `*gram` for every word that ends so. */
const pattern = v.pipe(tidy, v.regex(/^\*?[^*]+\*?$/u, 'may have a * at its ends only'));

const words = listOf(word);
const phrases = listOf(phrase);
const patterns = listOf(pattern);

const MonthsSchema = v.strictObject({
  1: words,
  2: words,
  3: words,
  4: words,
  5: words,
  6: words,
  7: words,
  8: words,
  9: words,
  10: words,
  11: words,
  12: words,
});

/**
 * The words by which an article in the language is told from what stands around it. Case, punctuation, joiners,
 * nuktas and the like (`NOT_COMPARED`) do not count when a phrase is looked for.
 */
const LexiconSchema = v.strictObject({
  /** Lines that label an advertisement. */
  advertisement: phrases,
  /** Lines that label players, share rows, comment boxes and other parts of a page. */
  boilerplate: phrases,
  /** Lines after which a page has only lists of other articles. */
  tail: phrases,
  /** What a line opens with that asks readers to follow, subscribe or download. */
  prompts: phrases,
  /** What a line opens with, before a colon or dash, that leads to another article. */
  alsoRead: phrases,
  /** Captions that say nothing but what sort of picture it is. */
  captions: phrases,
  /** What a caption opens with, before a colon or dash, that says whose picture it is. */
  pictureCredits: phrases,
  /** News agencies, as credits and datelines name them. */
  agencies: phrases,
  /** "And" between two names; one that is written onto the name behind it ends in `*`. */
  conjunctions: patterns,
  /** What a credit opens with, before a colon or an agency. */
  credits: phrases,
  /** What a line opens with, before a colon or dash, that says who wrote the article. */
  bylines: phrases,
  /** What a line opens with that says when a page was made or changed. */
  stamps: phrases,
  /** Months by number, as newsrooms name them otherwise than CLDR. */
  months: v.optional(MonthsSchema),
  /** Months of other calendars, and words for "month" itself. */
  otherMonths: words,
  /** What is written onto the day of a date. */
  ordinalSuffixes: words,
  /** What stands between the day, the month and the year of a date. */
  dateParticles: words,
  /** The halves of a day, behind a time of 12 hours. */
  am: phrases,
  pm: phrases,
  /** Places that news is often from. */
  places: phrases,
  /** Words that no place's name holds: a short line with one, before a colon, is no dateline. */
  stopWords: words,
  /** Abbreviations that end in a full stop, without it. */
  abbreviations: phrases,
});

/**
 * The words that a site writes around its articles in its own language, whatever language an article is in: those of
 * all files are looked for on every page.
 */
const FrameSchema = v.strictObject({
  /** Words in front of an author's name, without a colon, that mean nothing else. */
  by: phrases,
  /** The same where they mean "from" as well: names and nothing else must follow. */
  byOrFrom: phrases,
  /** Words that stand within names in small letters. */
  nameParticles: words,
  /** What says that a time, or the class of its element, is that of a change. */
  updated: patterns,
  /** Lines that stand over readers' comments, without the number of them. */
  commentHeadings: phrases,
  /** "Copyright", in front of a year. */
  copyright: patterns,
  /** "All rights reserved". */
  rightsReserved: patterns,
  /** Where newsrooms ask to be followed: channels, letters, applications. */
  followChannels: patterns,
  /** How they ask: only in the form that asks. A line with both, the channel and this, is boilerplate. */
  followRequests: patterns,
});

/** A phrase with a number in it, in the forms the language has for numbers (CLDR plural rules). */
const PluralSchema = v.strictObject({
  zero: v.optional(tidy),
  one: v.optional(tidy),
  two: v.optional(tidy),
  few: v.optional(tidy),
  many: v.optional(tidy),
  other: tidy,
});

/** The words of the pages themselves. `{…}` marks what is filled in. */
const InterfaceSchema = v.strictObject({
  skip: tidy,
  home: tidy,
  sections: tidy,
  latest: tidy,
  /** What a list page is a list of, above its name. */
  kinds: v.strictObject({ publishers: tidy, sections: tidy, tags: tidy, languages: tidy, authors: tidy }),
  empty: tidy,
  older: tidy,
  published: tidy,
  updated: tidy,
  /** `{minutes}`: a number. */
  readingTime: PluralSchema,
  topics: tidy,
  related: tidy,
  translations: tidy,
  corrections: tidy,
  /** `{publisher}`. */
  original: tidy,
  /** `{provider}`: `YouTube`. */
  viewOn: tidy,
  /** An apology for an embed that the page cannot show; a link to it follows. */
  unavailable: tidy,
  table: tidy,
  live: tidy,
  /** Above each advertisement. */
  advertisement: tidy,
  /** In front of links by which a reader passes the article on. */
  share: tidy,
  email: tidy,
  /** `{name}`: of a section. */
  more: tidy,
  trending: tidy,
  licence: tidy,
  follow: tidy,
  feeds: tidy,
  withdrawnTitle: tidy,
  withdrawnText: tidy,
  notFoundTitle: tidy,
  notFoundText: tidy,
});

const spaced = v.optional(
  v.pipe(
    tidy,
    v.regex(/^[^A-Z,;]+$/, 'must be small letters, with spaces between'),
    v.check(
      (text) => !/ {2}|[\u2018\u2019\u02BB\u02BC]/.test(text),
      "must have single spaces, and ' for an apostrophe",
    ),
    v.check(
      (text) => new Set(text.split(' ')).size === text.split(' ').length,
      'has an entry that stands there twice',
    ),
  ),
);

/** By what text is known to be in the language, among others of its script. What is common in it counts, not what is odd. */
const GuessSchema = v.strictObject({
  /** The commonest words of its news, in small letters, with spaces between: some 60 to 100. */
  words: spaced,
  /** How its words end, at most six letters each. */
  endings: spaced,
  /** Letters besides `a` to `z` that it writes and other languages of its script may not; without spaces. */
  letters: v.optional(
    v.pipe(
      tidy,
      v.check((text) => new Set(text).size === [...text].length, 'has a letter that stands there twice'),
    ),
  ),
});

export const LocaleSchema = v.strictObject({
  /** What the language calls itself. */
  name: tidy,
  englishName: tidy,
  /** The digits of its own script, where its newspapers write them: a CLDR numbering system, `deva`. */
  digits: v.optional(v.pipe(v.string(), v.regex(/^[a-z]{3,8}$/))),
  typography: v.optional(
    v.strictObject({
      /** The hand it is set in (ISO 15924), where that is not its script's usual one: `Aran` is Nastaliq. */
      script: v.pipe(v.string(), v.regex(/^[A-Z][a-z]{3}$/)),
    }),
  ),
  /** Marks that end a sentence, besides those of `SENTENCE_MARKS` in src/text/sentences.ts. */
  sentenceEnds: listOf(v.pipe(tidy, v.regex(/^[\p{P}\p{S}]$/u, 'must be one mark'))),
  /** Spellings to be taken for others, one after the other; both a text's and a list's words are read so. */
  spellings: v.optional(v.record(tidy, tidy)),
  guess: v.optional(GuessSchema),
  /** The language whose lexicon is looked into as well: its tag, which has a file. */
  lexiconFallback: v.optional(tidy),
  interface: v.optional(InterfaceSchema),
  frame: v.optional(FrameSchema),
  lexicon: v.optional(LexiconSchema),
});

export type LocaleFile = v.InferOutput<typeof LocaleSchema>;
export type InterfaceStrings = v.InferOutput<typeof InterfaceSchema>;
export type Plural = v.InferOutput<typeof PluralSchema>;
export type LexiconLists = v.InferOutput<typeof LexiconSchema>;
/** The lists that are nothing but words. */
export type WordList = Exclude<keyof LexiconLists, 'months'>;
export type FrameList = keyof v.InferOutput<typeof FrameSchema>;
