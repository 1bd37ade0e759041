import * as v from 'valibot';
import { line, list, maybe } from './draft.ts';

/** What a publisher's pages put around its articles, in addition to what the lexicons already know. */
export interface Boilerplate {
  /** Whole lines to leave out, compared without case and punctuation. */
  words?: string[];
  /** Elements to leave out: `tag`, `.class`, `#id`, `[attribute]` or `[attribute=value]`. */
  selectors?: string[];
}

const MAX_ENTRIES = 100;
const MAX_LINE_LENGTH = 120;

// One simple selector: combinators cannot be matched against a stream of tags.
const SELECTOR = /^(?:[a-z][\w-]*|[.#][\w-]+|\[[a-z][\w:-]*(?:="?[^"'\]\\]+"?)?\])$/i;

const selector = v.pipe(
  line(MAX_LINE_LENGTH),
  v.regex(SELECTOR, 'must be one simple selector: tag, .class, #id, [attribute] or [attribute=value]'),
  v.check((text) => !/^(?:html|body)$/i.test(text), 'must not be html or body, which hold every article'),
);

/** A publisher's boilerplate as an operator sends it. */
export const boilerplateSchema = v.object(
  {
    words: maybe(list(line(MAX_LINE_LENGTH), MAX_ENTRIES)),
    selectors: maybe(list(selector, MAX_ENTRIES)),
  },
  'must be an object with words or selectors',
);
