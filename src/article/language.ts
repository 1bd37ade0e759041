import type { Direction } from './article.ts';
import { codeUnitAt, LETTER_OR_MARK, SCRIPTS, type Script, scriptIn, traitsAt } from './characters.ts';

/** The language each script most likely stands for when nobody has said. */
const USUAL: Readonly<Record<Script, string>> = {
  Devanagari: 'hi',
  Bengali: 'bn',
  Gurmukhi: 'pa',
  Gujarati: 'gu',
  Oriya: 'or',
  Tamil: 'ta',
  Telugu: 'te',
  Kannada: 'kn',
  Malayalam: 'ml',
  Sinhala: 'si',
  Arabic: 'ar',
  Hebrew: 'he',
  Thai: 'th',
  Hangul: 'ko',
  Hiragana: 'ja',
  Katakana: 'ja',
  Han: 'zh',
  Cyrillic: 'ru',
  Greek: 'el',
  Latin: 'en',
};

/** What texts in a language hold more of than texts in others that share its script. */
interface Signs {
  /** Its commonest words, of those that the others do not write. */
  words?: string;
  /** Letters and parts of words that the others hardly have. */
  parts?: RegExp;
}

/** By the language that the script stands for otherwise. */
const SHARED: Readonly<Record<string, Readonly<Record<string, Signs>>>> = {
  hi: {
    hi: { words: 'है हैं और का की के में से नहीं था थे थी कि ने को' },
    mr: {
      words: 'आहे आहेत आणि नाही होते होता होती केली केला केले यांनी या झाली झाला झाले',
      parts: /ळ|ऱ|च्या|ांनी|ांना|मध्ये|साठी/g,
    },
    ne: { words: 'छ छन् छैन र हो थियो थिए गरेको भएको पनि लागि गर्न', parts: /हरू|हरु|लाई/g },
  },
  // Assamese has two letters of its own.
  bn: { bn: { parts: /র/g }, as: { parts: /[ৰৱ]/g } },
  ar: {
    ar: { words: 'في من على إلى أن التي الذي هذا هذه عن مع كان قال بعد' },
    ur: { parts: /[ٹڈڑںےھہۂ]/g },
    fa: { words: 'است این که را از با برای آن شد شده می‌شود خود' },
    ps: { parts: /[ټډړښځڅېۍ]/g },
    sd: { parts: /[ٻڀٺٽڦڄڃڇڌڏڊڍڙڪڳڱڻ]/g },
  },
  ru: { ru: { parts: /[ыэъё]/g }, uk: { parts: /[іїєґ]/g } },
  en: {
    en: { words: 'the of and to is that for was with from has were by' },
    es: { words: 'el los las del una y con por más fue como pero según' },
    fr: { words: 'le les des et est une dans pour du au aux qui sur pas' },
    de: { words: 'der die das und ist nicht ein eine mit von den dem auf für' },
    pt: { words: 'os da do das dos em um uma não com mais foi ao pela são' },
    id: { words: 'yang dan di untuk dengan ini itu pada dari tidak akan oleh' },
    it: { words: 'il che di della è per una nel gli sono alla più anche' },
    nl: { words: 'de het een van en niet zijn op dat voor met aan ook' },
    tr: { words: 've bir bu için ile olarak olan daha çok ancak', parts: /[ğışİ]/g },
  },
};

const OUTLINES = 2_048;

/** A number of a word's length, first and last letter: few words need to be cut out and looked up that are not common. */
const outlineOf = (text: string, start: number, end: number): number =>
  (codeUnitAt(text, start) * 41 + codeUnitAt(text, end - 1) * 5 + end - start) % OUTLINES;

/** What tells apart the languages of a script. */
interface Commonest {
  /** The languages that a word speaks for. */
  byWord: ReadonlyMap<string, readonly string[]>;
  longest: number;
  /** By its outline, 1 where there is such a word. */
  outlines: Uint8Array;
}

/** By the script's usual language. */
const COMMONEST: ReadonlyMap<string, Commonest> = new Map(
  Object.entries(SHARED).map(([usual, languages]) => {
    const byWord = new Map<string, string[]>();
    for (const [language, { words = '' }] of Object.entries(languages)) {
      for (const word of words.split(' ')) byWord.set(word, [...(byWord.get(word) ?? []), language]);
    }
    const outlines = new Uint8Array(OUTLINES);
    for (const word of byWord.keys()) outlines[outlineOf(word, 0, word.length)] = 1;
    const longest = Math.max(...[...byWord.keys()].map((word) => word.length));
    return [usual, { byWord, longest, outlines }] as const;
  }),
);

/** Enough to tell a language by: some two hundred words. */
const SAMPLE = 1_200;

/**
 * A BCP 47 tag guessed from the script most of `text` is written in and, for some, from its commonest words;
 * `und` when it holds no letters.
 */
export function guessLanguage(text: string): string {
  const sample = text.slice(0, SAMPLE);
  const usual = usualLanguage(sample);
  if (usual === undefined) return 'und';
  const common = COMMONEST.get(usual);
  if (common === undefined) return usual;
  const votes = votesIn(sample, common);
  for (const [language, { parts }] of Object.entries(SHARED[usual] ?? {})) {
    const found = parts === undefined ? 0 : (sample.match(parts)?.length ?? 0);
    if (found > 0) votes.set(language, (votes.get(language) ?? 0) + found);
  }
  return mostVoted(Object.keys(SHARED[usual] ?? {}), votes) ?? usual;
}

const NONE: readonly string[] = [];

function usualLanguage(text: string): string | undefined {
  return usualOfMost(text) ?? usualByCount(text);
}

/** By the script that the first letter and more than half of all are of; undefined when there is none. */
function usualOfMost(text: string): string | undefined {
  const { length } = text;
  let first = 0;
  let lead = 0;
  let index = 0;
  // What is left cannot outweigh a lead longer than it.
  for (; index < length && lead <= length - index; index += 1) {
    const script = scriptIn(traitsAt(text, index));
    if (first === 0) first = script;
    lead += script === first ? Number(script !== 0) : -Number(script !== 0);
  }
  const script = SCRIPTS[first];
  // Whether Chinese characters are Chinese, others have to tell.
  return script === undefined || script === 'Han' || lead <= 0 ? undefined : USUAL[script];
}

function usualByCount(text: string): string | undefined {
  const counts = new Map<string, number>();
  const letters = new Int32Array(SCRIPTS.length);
  for (let index = 0, { length } = text; index < length; index += 1) {
    const script = scriptIn(traitsAt(text, index));
    letters[script] = (letters[script] ?? 0) + 1;
  }
  SCRIPTS.forEach((script, index) => {
    const found = letters[index] ?? 0;
    if (script !== undefined && found > 0)
      counts.set(USUAL[script], (counts.get(USUAL[script]) ?? 0) + found);
  });
  // Japanese is written with as many Chinese characters as letters of its own; Chinese has none of those.
  if ((counts.get('ja') ?? 0) * KANA_IN_HAN > (counts.get('zh') ?? 0)) counts.delete('zh');
  return mostVoted([...counts.keys()], counts);
}

const KANA_IN_HAN = 10;

/** The first of those with the most votes; undefined when none has any. */
function mostVoted(languages: readonly string[], votes: ReadonlyMap<string, number>): string | undefined {
  let best: string | undefined;
  for (const language of languages) {
    if ((votes.get(language) ?? 0) > (best === undefined ? 0 : (votes.get(best) ?? 0))) best = language;
  }
  return best;
}

/** How often each language is spoken for by a text's words, its runs of letters and marks, in lower case. */
function votesIn(text: string, { byWord, longest, outlines }: Commonest): Map<string, number> {
  const votes = new Map<string, number>();
  const lower = text.toLowerCase();
  let start = 0;
  for (let index = 0, { length } = lower; index <= length; index += 1) {
    if (index < length && (traitsAt(lower, index) & LETTER_OR_MARK) !== 0) continue;
    if (index > start && index - start <= longest && outlines[outlineOf(lower, start, index)] === 1) {
      for (const language of byWord.get(lower.slice(start, index)) ?? NONE)
        votes.set(language, (votes.get(language) ?? 0) + 1);
    }
    start = index + 1;
  }
  return votes;
}

/** The canonical form of a BCP 47 tag (`HI-in` → `hi-IN`), or undefined when it is not one. */
export function canonicalLanguage(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}

const RIGHT_TO_LEFT = new Set(['Arab', 'Hebr', 'Syrc', 'Thaa', 'Nkoo', 'Adlm', 'Rohg']);

/** The direction of a language's usual script; a script subtag (`ks-Deva`, `az-Arab`) decides first. */
export function languageDirection(language: string): Direction {
  return RIGHT_TO_LEFT.has(scriptOf(language) ?? '') ? 'rtl' : 'ltr';
}

/** Whether two languages are usually written in the same script. */
export function sameScript(one: string, other: string): boolean {
  const script = scriptOf(one);
  return script !== undefined && script === scriptOf(other);
}

// Asking `Intl` takes long beside looking up, and a site has few languages; bounded, for tags come from outside.
const scripts = new Map<string, string | undefined>();
const MOST_SCRIPTS = 500;

/** ISO 15924 code of the script a language is usually written in, or that its tag names. */
export function scriptOf(language: string): string | undefined {
  if (scripts.has(language)) return scripts.get(language);
  if (scripts.size >= MOST_SCRIPTS) scripts.clear();
  const script = maximizedScript(language);
  scripts.set(language, script);
  return script;
}

function maximizedScript(language: string): string | undefined {
  try {
    return new Intl.Locale(language).maximize().script;
  } catch {
    return undefined;
  }
}

/** `hi-IN` → `hi`. */
export function primaryLanguage(language: string): string {
  return language.split('-', 1)[0] ?? language;
}
