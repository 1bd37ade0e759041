import * as v from 'valibot';
import { line, maybe } from './draft.ts';

/** What a publisher's own pages carry around its articles, beyond what every newsroom's do. */
export interface Furniture {
  /** Lines to leave out, each as it stands, whatever its case and punctuation. */
  words?: string[];
  /** Elements to leave out: `tag`, `.class`, `#id`, `[attribute]` or `[attribute=value]`. */
  selectors?: string[];
}

const MOST = 100;
const LONGEST_LINE = 120;

// One simple selector: with combinators a stream of tags could not tell whether an element matches.
const SELECTOR = /^(?:[a-z][\w-]*|[.#][\w-]+|\[[a-z][\w:-]*(?:="?[^"'\]\\]+"?)?\])$/i;

const selector = v.pipe(
  line(LONGEST_LINE),
  v.regex(SELECTOR, 'must be one simple selector: tag, .class, #id, [attribute] or [attribute=value]'),
  v.check((text) => !/^(?:html|body)$/i.test(text), 'would leave out every article'),
);

const most = `must have at most ${MOST} entries`;

/** A publisher's furniture as an operator sends it. */
export const furnitureSchema = v.object(
  {
    words: maybe(v.pipe(v.array(line(LONGEST_LINE), 'must be a list'), v.maxLength(MOST, most))),
    selectors: maybe(v.pipe(v.array(selector, 'must be a list'), v.maxLength(MOST, most))),
  },
  'must be an object with words or selectors',
);
