import { escapeRegExp, Lexicon } from '../../text/lexicon.ts';
import { sentenceMarks } from '../../text/sentences.ts';
import { hasMoreWords } from '../../text/text.ts';

export interface Credit {
  /** The credit as written, without its brackets and dashes. */
  text: string;
  /** Its offset in the paragraph, in UTF-16 code units. */
  start: number;
}

const MAX_CREDIT_WORDS = 8;
const MAX_CREDIT_LENGTH = 120;

/** Brackets around a credit, also full-width ones, for classes of regular expressions. */
const OPEN = '(\\[\uFF08\uFF3B';
const CLOSE = ')\\]\uFF09\uFF3D';

const patternsOf = Lexicon.perLanguage((lexicon) => {
  const marks = sentenceMarks(lexicon).all;
  return {
    start: new RegExp(`^[\\s\\-–—${OPEN}]+`, 'u'),
    end: new RegExp(`(?<![\\s${CLOSE}${marks}])[\\s${CLOSE}${marks}]+$`, 'u'),
    bracket: new RegExp(`[${OPEN}]([^${OPEN}${CLOSE}]{2,100})[${CLOSE}]\\s*[${marks}]?\\s*$`, 'u'),
  };
});

/**
 * The agency credit that is an article's last paragraph, or ends it in brackets: `(PTI)`, `— Reuters`,
 * `With inputs from PTI`, `Source: …`. Undefined when there is none.
 */
export function creditOf(paragraph: string, lexicon: Lexicon): Credit | undefined {
  const { start, end, bracket } = patternsOf(lexicon);
  const whole = paragraph
    .slice(0, MAX_CREDIT_LENGTH * 2)
    .replace(start, '')
    .replace(end, '');
  if (isCredit(whole, lexicon)) return { text: whole, start: 0 };
  const tail = paragraph.slice(-MAX_CREDIT_LENGTH);
  const found = bracket.exec(tail);
  const inner = found?.[1]?.trim() ?? '';
  if (found === null || !isCredit(inner, lexicon)) return undefined;
  return { text: inner, start: paragraph.length - tail.length + found.index };
}

function isCredit(text: string, lexicon: Lexicon): boolean {
  if (text === '' || text.length > MAX_CREDIT_LENGTH || hasMoreWords(text, MAX_CREDIT_WORDS)) return false;
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
