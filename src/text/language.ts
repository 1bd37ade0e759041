import {
  codeUnitAt,
  KNOWN,
  LETTER_OR_MARK,
  meet,
  SCRIPTS,
  type Script,
  scriptIn,
  TRAITS,
  traitsAt,
} from './characters.ts';

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

/** A common word, and the number of the language that it speaks for. */
interface Common {
  word: string;
  language: number;
}

/** What tells apart the languages of a script. */
interface Shared {
  languages: readonly string[];
  parts: readonly (RegExp | undefined)[];
  /** Their commonest words, by outline. */
  common: readonly (Common[] | undefined)[];
}

/** By the script's usual language. */
const TOLD_APART: ReadonlyMap<string, Shared> = new Map(
  Object.entries(SHARED).map(([usual, signs]) => {
    const common = Array.from({ length: OUTLINES }, (): Common[] | undefined => undefined);
    Object.values(signs).forEach(({ words }, language) => {
      for (const word of words?.split(' ') ?? []) {
        const outline = outlineOf(word, 0, word.length);
        common[outline] = [...(common[outline] ?? []), { word, language }];
      }
    });
    const parts = Object.values(signs).map((each) => each.parts);
    return [usual, { languages: Object.keys(signs), parts, common }] as const;
  }),
);

/** Enough to tell a language by, in UTF-16 code units: some two hundred words; and what is enough nearly always. */
const SAMPLE = 1_200;
const BEGINNING = 400;

/**
 * A BCP 47 tag guessed from the script most of `text` is written in and, for some, from its commonest words;
 * `und` when it holds no letters.
 */
export function guessLanguage(text: string): string {
  const sample = text.slice(0, SAMPLE);
  const usual = usualLanguage(sample);
  if (usual === undefined) return 'und';
  const shared = TOLD_APART.get(usual);
  if (shared === undefined) return usual;
  const early = votesFor(sample.slice(0, BEGINNING), shared);
  return mostVoted(shared.languages, isClear(early) ? early : votesFor(sample, shared)) ?? usual;
}

/** How much of a text speaks for each of the languages. */
function votesFor(text: string, { languages, parts, common }: Shared): number[] {
  const votes = votesIn(text, common, languages.length);
  parts.forEach((each, language) => {
    if (each !== undefined) votes[language] = (votes[language] ?? 0) + (text.match(each)?.length ?? 0);
  });
  return votes;
}

const MIN_VOTES = 8;

/** Whether one language has many votes, and thrice as many as any other. */
function isClear(votes: readonly number[]): boolean {
  const most = Math.max(...votes);
  return most >= MIN_VOTES && votes.filter((each) => each * 3 > most).length === 1;
}

function usualLanguage(text: string): string | undefined {
  return usualOfMost(text) ?? usualByCount(text);
}

/** By the script that the first letter and more than half of all are of; undefined when there is none. */
function usualOfMost(text: string): string | undefined {
  const { length } = text;
  let first = 0;
  let lead = 0;
  let known = KNOWN;
  // What is left cannot outweigh a lead longer than it.
  for (let index = 0; index < length && lead <= length - index; index += 1) {
    const traits = TRAITS[codeUnitAt(text, index)] as number;
    const script = scriptIn(traits);
    if (first === 0) first = script;
    lead += script === first ? Number(script !== 0) : -Number(script !== 0);
    known &= traits;
  }
  if (known === 0) {
    meet(text);
    return usualOfMost(text);
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
  return mostVoted([...counts.keys()], [...counts.values()]);
}

const KANA_IN_HAN = 10;

/** The first of those with the most votes, which are in the same order; undefined when none has any. */
function mostVoted(languages: readonly string[], votes: readonly number[]): string | undefined {
  const most = Math.max(...votes);
  return most > 0 ? languages[votes.indexOf(most)] : undefined;
}

/** How often each language is spoken for by a text's words, its runs of letters and marks, in lower case. */
function votesIn(text: string, common: Shared['common'], languages: number): number[] {
  const votes = Array.from({ length: languages }, () => 0);
  const lower = text.toLowerCase();
  let start = 0;
  let known = KNOWN;
  for (let index = 0, { length } = lower; index <= length; index += 1) {
    const traits = index < length ? (TRAITS[codeUnitAt(lower, index)] as number) : KNOWN;
    known &= traits;
    if ((traits & LETTER_OR_MARK) !== 0) continue;
    const alike = index > start ? common[outlineOf(lower, start, index)] : undefined;
    if (alike !== undefined) vote(alike, lower, start, index, votes);
    start = index + 1;
  }
  if (known !== 0) return votes;
  meet(lower);
  return votesIn(text, common, languages);
}

/** Words are compared where they stand: to cut each out and look it up would take longer than all else here. */
function vote(alike: readonly Common[], text: string, start: number, end: number, votes: number[]): void {
  for (const { word, language } of alike) {
    if (word.length === end - start && text.startsWith(word, start))
      votes[language] = (votes[language] ?? 0) + 1;
  }
}
