/**
 * The words by which a newsroom's page tells its article from its boilerplate, in one language. Case, punctuation,
 * joiners, nuktas and the like (`NOT_COMPARED`) do not count when they are looked for. Lists may be empty.
 */
export interface LanguageWords {
  /** Lines that label an advertisement. */
  advertisement: readonly string[];
  /** Lines that label players, share rows, comment boxes and other parts of a page. */
  boilerplate: readonly string[];
  /** Lines after which a page has only lists of other articles. */
  tail: readonly string[];
  /** What a line opens with that asks readers to follow, subscribe or download. */
  prompts: readonly string[];
  /** What a line opens with, before a colon or dash, that leads to another article. */
  alsoRead: readonly string[];
  /** Captions that say nothing but what sort of picture it is. */
  captions: readonly string[];
  /** What a caption opens with, before a colon or dash, that says whose picture it is. */
  pictureCredits: readonly string[];
  /** News agencies, as credits and datelines name them. */
  agencies: readonly string[];
  /** What a credit opens with, before a colon or an agency. */
  credits: readonly string[];
  /** What a line opens with that says who wrote the article. */
  bylines: readonly string[];
  /** What a line opens with that says when a page was made. */
  stamps: readonly string[];
  /** Months, as newsrooms name them otherwise than CLDR (`monthNames`) does. */
  months: readonly string[];
  /** Places that news is often from. */
  places: readonly string[];
  /** Words that no place's name holds: a short line with one, before a colon, is no dateline. */
  stopWords: readonly string[];
  /** Abbreviations that end in a full stop, without it. */
  abbreviations: readonly string[];
}
