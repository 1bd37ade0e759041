/**
 * The schema of `src/locales/{tag}.json`; docs/locales.md explains each field. Tests validate every file; the Worker
 * imports only the types.
 */
import * as v from 'valibot';

const tidy = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.check((text) => text === text.normalize('NFC'), 'must be in Unicode normalization form NFC'),
  v.check((text) => text === text.trim(), 'must not start or end with a space'),
);

/** A list without duplicates. */
const listOf = <Entry extends v.GenericSchema<string>>(entry: Entry) =>
  v.optional(
    v.pipe(
      v.array(entry),
      v.checkItems((item, index, list) => list.indexOf(item) === index, 'must not appear twice in this list'),
    ),
  );

const word = v.pipe(tidy, v.regex(/^[^\s*]+$/u, 'must be one word, without a *'));
const phrase = v.pipe(tidy, v.regex(/^[^*]+$/u, 'must not contain *: the whole line is compared'));
/** `updat*` matches every word with that beginning, `*gram` every word with that end. */
const pattern = v.pipe(tidy, v.regex(/^\*?[^*]+\*?$/u, 'must have * only at its start or end'));

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
 * The words that separate an article in the language from the boilerplate around it. Phrases are compared without case,
 * punctuation, joiners, nuktas and the like (`NOT_COMPARED`).
 */
const LexiconSchema = v.strictObject({
  /** Lines that label an advertisement. */
  advertisement: phrases,
  /** Lines that label players, share rows, comment boxes and other parts of a page. */
  boilerplate: phrases,
  /** Lines after which a page lists only other articles. */
  tail: phrases,
  /** How a line starts that asks readers to follow, subscribe or download. */
  prompts: phrases,
  /** How a line starts, before a colon or dash, that links to another article. */
  alsoRead: phrases,
  /** Captions that name only the kind of picture. */
  captions: phrases,
  /** How a caption starts, before a colon or dash, that credits a picture. */
  pictureCredits: phrases,
  /** News agencies, as credits and datelines name them. */
  agencies: phrases,
  /** "And" between two names; one that is attached to the following name ends in `*`. */
  conjunctions: patterns,
  /** How a credit starts, before a colon or an agency. */
  credits: phrases,
  /** How a line starts, before a colon or dash, that names the author. */
  bylines: phrases,
  /** How a line starts that states when a page was published or updated. */
  stamps: phrases,
  /** Names of months by number, where newsrooms differ from CLDR. */
  months: v.optional(MonthsSchema),
  /** Months of other calendars, and words for "month" itself. */
  otherMonths: words,
  /** Suffixes of the day in a date. */
  ordinalSuffixes: words,
  /** Words between the day, the month and the year of a date. */
  dateParticles: words,
  /** The halves of a day, after a time in 12 hours. */
  am: phrases,
  pm: phrases,
  /** Places that datelines often name. */
  places: phrases,
  /** Words that no place name contains: a short line before a colon with one of them is not a dateline. */
  stopWords: words,
  /** Abbreviations that end in a full stop, without it. */
  abbreviations: phrases,
});

/**
 * The words that a site writes around its articles in its own language, whatever the article's language. Every page is
 * searched for those of all files.
 */
const FrameSchema = v.strictObject({
  /** Words before an author's name, without a colon, that have no other meaning. */
  by: phrases,
  /** The same for words that also mean "from": only names may follow. */
  byOrFrom: phrases,
  /** Lower-case words within names. */
  nameParticles: words,
  /** Words that mark a time, or the class of its element, as that of an update. */
  updated: patterns,
  /** Headings of readers' comments, without their number. */
  commentHeadings: phrases,
  /** "Copyright" before a year. */
  copyright: patterns,
  /** "All rights reserved". */
  rightsReserved: patterns,
  /** Where newsrooms ask to be followed: channels, newsletters, apps. */
  followChannels: patterns,
  /** How they ask: only imperative forms. A line with both a channel and a request is boilerplate. */
  followRequests: patterns,
});

/** A phrase with a number, in the language's plural forms (CLDR plural rules). */
const PluralSchema = v.strictObject({
  zero: v.optional(tidy),
  one: v.optional(tidy),
  two: v.optional(tidy),
  few: v.optional(tidy),
  many: v.optional(tidy),
  other: tidy,
});

/** The interface strings of pages. `{…}` marks placeholders. */
const InterfaceSchema = v.strictObject({
  skip: tidy,
  home: tidy,
  sections: tidy,
  latest: tidy,
  /** The kind of a list page, shown above its name. */
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
  /** Says that the page cannot show an embed; a link to it follows. */
  unavailable: tidy,
  table: tidy,
  live: tidy,
  /** Above each advertisement. */
  advertisement: tidy,
  /** Before the links that share the article. */
  share: tidy,
  email: tidy,
  /** `{name}`: a section. */
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
  /** The language's name in the language itself. */
  name: tidy,
  englishName: tidy,
  /** The digits of its own script, if its newspapers use them: a CLDR numbering system such as `deva`. */
  digits: v.optional(v.pipe(v.string(), v.regex(/^[a-z]{3,8}$/))),
  typography: v.optional(
    v.strictObject({
      /** The style of its script (ISO 15924), if it is not the usual one: `Aran` is Nastaliq. */
      script: v.pipe(v.string(), v.regex(/^[A-Z][a-z]{3}$/)),
    }),
  ),
  /** Marks that end a sentence, in addition to `SENTENCE_MARKS` in src/text/sentences.ts. */
  sentenceEnds: listOf(v.pipe(tidy, v.regex(/^[\p{P}\p{S}]$/u, 'must be one punctuation mark or symbol'))),
  /** Replacements of spellings, applied in order to both texts and lists before they are compared. */
  spellings: v.optional(v.record(tidy, tidy)),
  guess: v.optional(GuessSchema),
  /** The tag of another language whose lexicon applies as well; it must have a file. */
  lexiconFallback: v.optional(tidy),
  interface: v.optional(InterfaceSchema),
  frame: v.optional(FrameSchema),
  lexicon: v.optional(LexiconSchema),
});

export type LocaleFile = v.InferOutput<typeof LocaleSchema>;
export type InterfaceStrings = v.InferOutput<typeof InterfaceSchema>;
export type Plural = v.InferOutput<typeof PluralSchema>;
export type LexiconLists = v.InferOutput<typeof LexiconSchema>;
/** The lists of words. */
export type WordList = Exclude<keyof LexiconLists, 'months'>;
export type FrameList = keyof v.InferOutput<typeof FrameSchema>;
