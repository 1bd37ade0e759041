/** A phrase with a number in it, in the forms the language has for numbers (CLDR plural rules). */
export type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

/** The words of the pages themselves in one language. `{…}` marks what is filled in. */
export interface Strings {
  skip: string;
  home: string;
  sections: string;
  latest: string;
  /** What a list page is a list of, above its name. */
  kinds: Record<'publishers' | 'sections' | 'tags' | 'languages' | 'authors', string>;
  empty: string;
  older: string;
  published: string;
  updated: string;
  /** `{minutes}`: a number. */
  readingTime: Plural;
  topics: string;
  related: string;
  translations: string;
  corrections: string;
  /** `{publisher}`. */
  original: string;
  /** `{provider}`: `YouTube`. */
  viewOn: string;
  /** An apology for an embed that the page cannot show; a link to it follows. */
  unavailable: string;
  table: string;
  live: string;
  /** Above each advertisement. */
  advertisement: string;
  /** In front of links by which a reader passes the article on. */
  share: string;
  email: string;
  /** `{name}`: of a section. */
  more: string;
  trending: string;
  licence: string;
  follow: string;
  feeds: string;
  withdrawnTitle: string;
  withdrawnText: string;
  notFoundTitle: string;
  notFoundText: string;
}
