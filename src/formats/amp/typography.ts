import { scriptOf } from '../../locales/language-tag.ts';
import { localeOf } from '../../locales/locales.ts';

/**
 * The typography of each script. No web fonts: each system's fonts for its scripts are good and cost nothing. Every
 * element that declares its language resets the typography, so that an English card on a Hindi page looks English.
 */
interface Type {
  /** Font stacks for body text, and for small print and controls. */
  face: string;
  plain: string;
  /** The line height that its vowel signs and stacked letters need, and that of headlines. */
  leading: number;
  tight: number;
  /** Compensates for the apparent size of its letters. */
  scale?: number;
}

const LATIN: Type = {
  face: '"Iowan Old Style","Palatino Linotype",Palatino,"Noto Serif",Georgia,serif',
  plain: 'system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif',
  leading: 1.6,
  tight: 1.2,
};

/** Android and Linux have Noto, Apple its own fonts, Windows Nirmala UI for all scripts of India. */
const indic = (name: string, apple: string, type: Partial<Type> = {}): Type => ({
  face: `"Noto Serif ${name}","${apple}","Nirmala UI",serif`,
  plain: `"Noto Sans ${name}","${apple}","Nirmala UI",sans-serif`,
  leading: 1.75,
  tight: 1.4,
  ...type,
});

const cjk = (serif: string, sans: string): Type => ({
  face: `${serif},serif`,
  plain: `${sans},sans-serif`,
  leading: 1.8,
  tight: 1.4,
  scale: 0.97,
});

/** By ISO 15924 code. `Aran` is Arabic in the Nastaliq style, whose words slope down the line. */
const TYPES: Readonly<Record<string, Type>> = {
  Deva: indic('Devanagari', 'Kohinoor Devanagari'),
  Beng: indic('Bengali', 'Kohinoor Bangla', { scale: 1.03 }),
  Guru: indic('Gurmukhi', 'Gurmukhi MN'),
  Gujr: indic('Gujarati', 'Kohinoor Gujarati', { scale: 1.03 }),
  Orya: indic('Oriya', 'Oriya Sangam MN', { leading: 1.8 }),
  Taml: indic('Tamil', 'Tamil Sangam MN', { scale: 0.94 }),
  Telu: indic('Telugu', 'Kohinoor Telugu', { leading: 1.85, tight: 1.5 }),
  Knda: indic('Kannada', 'Kannada Sangam MN', { leading: 1.8, tight: 1.45, scale: 0.98 }),
  Mlym: indic('Malayalam', 'Malayalam Sangam MN', { leading: 1.8, tight: 1.45, scale: 0.93 }),
  Sinh: indic('Sinhala', 'Sinhala Sangam MN'),
  Arab: {
    face: '"Noto Naskh Arabic","Geeza Pro",Amiri,"Traditional Arabic",serif',
    plain: '"Noto Sans Arabic","Geeza Pro","Segoe UI",system-ui,sans-serif',
    leading: 1.85,
    tight: 1.5,
    scale: 1.08,
  },
  Aran: {
    face: '"Noto Nastaliq Urdu","Jameel Noori Nastaleeq","Urdu Typesetting","Awami Nastaliq","Geeza Pro",serif',
    plain: '"Noto Nastaliq Urdu","Jameel Noori Nastaleeq","Urdu Typesetting",system-ui,sans-serif',
    leading: 2.3,
    tight: 2,
  },
  Hans: cjk('"Noto Serif CJK SC","Songti SC",SimSun', '"Noto Sans CJK SC","PingFang SC","Microsoft YaHei"'),
  Hant: cjk(
    '"Noto Serif CJK TC","Songti TC",PMingLiU',
    '"Noto Sans CJK TC","PingFang TC","Microsoft JhengHei"',
  ),
  Jpan: cjk(
    '"Noto Serif CJK JP","Hiragino Mincho ProN","Yu Mincho"',
    '"Noto Sans CJK JP","Hiragino Sans","Yu Gothic"',
  ),
  Kore: cjk(
    '"Noto Serif CJK KR",AppleMyungjo,Batang',
    '"Noto Sans CJK KR","Apple SD Gothic Neo","Malgun Gothic"',
  ),
};

/** Scripts with upright and italic styles. */
const SLANTED = new Set(['Latn', 'Cyrl', 'Grek']);

/** The typography rules for the languages of a page: Latin by default, and a rule for each other script. */
export function typeRules(languages: Iterable<string>): string {
  const byScript = new Map<string, string[]>();
  for (const language of languages) {
    const hand = LANGUAGE_TAG.test(language) ? handOf(language) : undefined;
    if (hand === undefined || SLANTED.has(hand)) continue;
    byScript.set(hand, [...(byScript.get(hand) ?? []), `:lang(${language})`]);
  }
  const rules = [...byScript].map(([script, selectors]) => {
    const type = TYPES[script];
    return `${selectors.join()}{${type === undefined ? '' : `${properties(type)};`}--slant:normal}`;
  });
  return `[lang]{${properties(LATIN)};--scale:1;--slant:italic}${rules.join('')}`;
}

/** The script of a language, or the style that its file names unless the tag names another script (`ks-Deva`). */
function handOf(language: string): string | undefined {
  const { tag, typography } = localeOf(language);
  const script = scriptOf(language);
  return script === scriptOf(tag) ? (typography?.script ?? script) : script;
}

const LANGUAGE_TAG = /^[a-z0-9-]+$/i;

const properties = ({ face, plain, leading, tight, scale }: Type): string =>
  `--face:${face};--plain:${plain};--leading:${leading};--tight:${tight}${scale === undefined ? '' : `;--scale:${scale}`}`;
