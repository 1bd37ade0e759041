import type { ScopeKind } from '../../../article/site.ts';

/** The words of the pages themselves in one language. `{…}` marks what is filled in. */
export interface Strings {
  skip: string;
  home: string;
  sections: string;
  latest: string;
  /** What a list page is a list of, above its name. */
  kinds: Record<ScopeKind, string>;
  empty: string;
  older: string;
  published: string;
  updated: string;
  /** `{minutes}`: a number in the language's own digits. */
  readingTime: string;
  topics: string;
  related: string;
  translations: string;
  corrections: string;
  /** `{publisher}`. */
  original: string;
  /** `{provider}`: `YouTube`. */
  viewOn: string;
  table: string;
  feeds: string;
  withdrawnTitle: string;
  withdrawnText: string;
  notFoundTitle: string;
  notFoundText: string;
}
