import * as v from 'valibot';
import { line, maybe } from './draft.ts';

/** What a publisher's own pages carry around its articles, beyond what every newsroom's do. */
export interface Boilerplate {
  /** Lines to leave out, each as it stands, whatever its case and punctuation. */
  words?: string[];
  /** Elements to leave out: `tag`, `.class`, `#id`, `[attribute]` or `[attribute=value]`. */
  selectors?: string[];
}

const MAX_ENTRIES = 100;
const MAX_LINE_LENGTH = 120;

// One simple selector: with combinators a stream of tags could not tell whether an element matches.
const SELECTOR = /^(?:[a-z][\w-]*|[.#][\w-]+|\[[a-z][\w:-]*(?:="?[^"'\]\\]+"?)?\])$/i;

const selector = v.pipe(
  line(MAX_LINE_LENGTH),
  v.regex(SELECTOR, 'must be one simple selector: tag, .class, #id, [attribute] or [attribute=value]'),
  v.check((text) => !/^(?:html|body)$/i.test(text), 'would leave out every article'),
);

const most = `must have at most ${MAX_ENTRIES} entries`;

/** A publisher's boilerplate as an operator sends it. */
export const boilerplateSchema = v.object(
  {
    words: maybe(v.pipe(v.array(line(MAX_LINE_LENGTH), 'must be a list'), v.maxLength(MAX_ENTRIES, most))),
    selectors: maybe(v.pipe(v.array(selector, 'must be a list'), v.maxLength(MAX_ENTRIES, most))),
  },
  'must be an object with words or selectors',
);
