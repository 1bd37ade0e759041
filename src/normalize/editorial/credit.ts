import { escapeRegExp, Lexicon } from '../../text/lexicon.ts';
import { countWords } from '../../text/text.ts';

export interface Credit {
  /** The credit as written, without its brackets and dashes. */
  text: string;
  /** Its offset in the paragraph, in UTF-16 code units. */
  start: number;
}

const MAX_WORDS = 8;
const MAX_CREDIT_LENGTH = 120;

/**
 * The agency credit that is an article's last paragraph, or ends it in brackets: `(PTI)`, `— Reuters`,
 * `With inputs from PTI`, `Source: …`. Undefined when there is none.
 */
export function creditOf(paragraph: string, lexicon: Lexicon): Credit | undefined {
  const whole = bare(paragraph);
  if (isCredit(whole, lexicon)) return { text: whole, start: 0 };
  const end = paragraph.slice(-MAX_CREDIT_LENGTH);
  const bracket = /[([]([^()[\]]{2,100})[)\]]\s*[।.]?\s*$/u.exec(end);
  const inner = bracket?.[1]?.trim() ?? '';
  if (bracket === null || !isCredit(inner, lexicon)) return undefined;
  return { text: inner, start: paragraph.length - end.length + bracket.index };
}

const bare = (text: string): string =>
  text
    .slice(0, MAX_CREDIT_LENGTH * 2)
    .replace(/^[\s\-–—([]+/u, '')
    .replace(/[\s)\]।.]+$/u, '');

function isCredit(text: string, lexicon: Lexicon): boolean {
  if (text === '' || text.length > MAX_CREDIT_LENGTH || countWords(text) > MAX_WORDS) return false;
  if (areAgencies(text, lexicon)) return true;
  if (lexicon.restAfter('credits', text) !== undefined) return true;
  const words = text.split(/\s+/);
  return words.some(
    (_word, index) =>
      lexicon.has('credits', words.slice(0, index).join(' ')) &&
      areAgencies(words.slice(index).join(' '), lexicon),
  );
}

/** What separates two agencies: a sign, or the "and" of the language's file. */
const separatorOf = Lexicon.perLanguage((lexicon) => {
  const words = lexicon.words('conjunctions').map((word) => {
    const written = escapeRegExp(word.replace(/\*$/, ''));
    return word.endsWith('*') ? `\\s${written}\\s?` : `\\s${written}\\s`;
  });
  return new RegExp(['[/,،&|+]', ...words].join('|'), 'iu');
});

/** Whether a text consists only of names of news agencies. */
export const areAgencies = (text: string, lexicon: Lexicon): boolean =>
  lexicon.has('agencies', text) ||
  text.split(separatorOf(lexicon)).every((name) => lexicon.has('agencies', name));
