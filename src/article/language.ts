import type { Direction } from './article.ts';

/** What a text in a language holds more of than texts in others. */
type Sign = readonly [letters: RegExp, language: string];

/** Scripts and the language each most likely stands for when nobody has said. */
const SCRIPTS: readonly Sign[] = [
  [/\p{Script=Devanagari}/gu, 'hi'],
  [/\p{Script=Bengali}/gu, 'bn'],
  [/\p{Script=Gurmukhi}/gu, 'pa'],
  [/\p{Script=Gujarati}/gu, 'gu'],
  [/\p{Script=Oriya}/gu, 'or'],
  [/\p{Script=Tamil}/gu, 'ta'],
  [/\p{Script=Telugu}/gu, 'te'],
  [/\p{Script=Kannada}/gu, 'kn'],
  [/\p{Script=Malayalam}/gu, 'ml'],
  [/\p{Script=Sinhala}/gu, 'si'],
  [/\p{Script=Arabic}/gu, 'ar'],
  [/\p{Script=Hebrew}/gu, 'he'],
  [/\p{Script=Thai}/gu, 'th'],
  [/\p{Script=Hangul}/gu, 'ko'],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 'ja'],
  [/\p{Script=Han}/gu, 'zh'],
  [/\p{Script=Cyrillic}/gu, 'ru'],
  [/\p{Script=Greek}/gu, 'el'],
  [/\p{Script=Latin}/gu, 'en'],
];

/**
 * What tells languages in one script apart, by the language the script stands for otherwise: letters of their own,
 * and the commonest words of each that the others do not write.
 */
const SHARED: Readonly<Record<string, readonly Sign[]>> = {
  hi: [
    [whole('है हैं और का की के में से नहीं था थे थी कि ने को'), 'hi'],
    // And a letter and endings that Hindi and Nepali hardly have.
    [
      whole('आहे आहेत आणि नाही होते होता होती केली केला केले यांनी या झाली झाला झाले', 'ळ|ऱ|च्या|ांनी|ांना|मध्ये|साठी'),
      'mr',
    ],
    [whole('छ छन् छैन र हो थियो थिए गरेको भएको पनि लागि गर्न', 'हरू|हरु|लाई'), 'ne'],
  ],
  // Assamese has two letters of its own.
  bn: [
    [/র/gu, 'bn'],
    [/[ৰৱ]/gu, 'as'],
  ],
  ar: [
    [whole('في من على إلى أن التي الذي هذا هذه عن مع كان قال بعد'), 'ar'],
    [/[ٹڈڑںےھہۂ]/gu, 'ur'],
    [whole('است این که را از با برای آن شد شده می‌شود خود'), 'fa'],
    [/[ټډړښځڅېۍ]/gu, 'ps'],
    [/[ٻڀٺٽڦڄڃڇڌڏڊڍڙڪڳڱڻ]/gu, 'sd'],
  ],
  en: [
    [whole('the of and to is that for was with from has were by'), 'en'],
    [whole('el los las del una y con por más fue como pero según'), 'es'],
    [whole('le les des et est une dans pour du au aux qui sur pas'), 'fr'],
    [whole('der die das und ist nicht ein eine mit von den dem auf für'), 'de'],
    [whole('os da do das dos em um uma não com mais foi ao pela são'), 'pt'],
    [whole('yang dan di untuk dengan ini itu pada dari tidak akan oleh'), 'id'],
    [whole('il che di della è per una nel gli sono alla più anche'), 'it'],
    [whole('de het een van en niet zijn op dat voor met aan ook'), 'nl'],
    [whole('ve bir bu için ile olarak olan daha çok ancak'), 'tr'],
  ],
};

/** Any of `words`, each whole, or any of `parts` of words. */
function whole(words: string, parts?: string): RegExp {
  const pattern = `(?<![\\p{L}\\p{M}])(?:${words.replaceAll(' ', '|')})(?![\\p{L}\\p{M}])`;
  return new RegExp(parts === undefined ? pattern : `${pattern}|${parts}`, 'giu');
}

const SAMPLE = 4_000;

/**
 * A BCP 47 tag guessed from the script most of `text` is written in and, for some, from its commonest words;
 * `und` when it holds no letters.
 */
export function guessLanguage(text: string): string {
  const sample = text.slice(0, SAMPLE);
  const script = mostFrequent(sample, SCRIPTS) ?? 'und';
  return mostFrequent(sample, SHARED[script] ?? []) ?? script;
}

/** The language whose sign `text` holds most of; undefined when it holds none. */
function mostFrequent(text: string, signs: readonly Sign[]): string | undefined {
  let best: string | undefined;
  let most = 0;
  for (const [letters, language] of signs) {
    const count = text.match(letters)?.length ?? 0;
    if (count > most) [best, most] = [language, count];
  }
  return best;
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

/** ISO 15924 code of the script a language is usually written in, or that its tag names. */
function scriptOf(language: string): string | undefined {
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
