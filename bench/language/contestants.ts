/** Every library that can guess languages in a Worker, with its results as Dateline's tags. */
import { eld as eldExtraSmall } from 'eld/extrasmall';
import { eld as eldLarge } from 'eld/large';
import { franc } from 'franc';
import { franc as francMin } from 'franc-min';
import { detect } from 'tinyld';
import { detect as detectHeavy } from 'tinyld/heavy';
import { detect as detectLight } from 'tinyld/light';
import { guessLanguage } from '../../src/text/language.ts';

export interface Contestant {
  name: string;
  /** The module that a Worker would import; absent for Dateline. */
  package?: string;
  /** Returns a language tag, or `und`. */
  guess: (text: string) => string;
}

/** The ISO 639-3 codes that `franc` returns. */
const THREE_LETTERS: Readonly<Record<string, string>> = {
  afr: 'af',
  amh: 'am',
  arb: 'ar',
  azj: 'az',
  bel: 'be',
  bul: 'bg',
  bho: 'bho',
  ben: 'bn',
  bos: 'bs',
  cat: 'ca',
  ckb: 'ckb',
  ces: 'cs',
  cym: 'cy',
  dan: 'da',
  deu: 'de',
  ell: 'el',
  eng: 'en',
  spa: 'es',
  ekk: 'et',
  eus: 'eu',
  pes: 'fa',
  fin: 'fi',
  tgl: 'fil',
  fra: 'fr',
  glg: 'gl',
  guj: 'gu',
  hau: 'ha',
  heb: 'he',
  hin: 'hi',
  hrv: 'hr',
  hun: 'hu',
  hye: 'hy',
  ind: 'id',
  isl: 'is',
  ita: 'it',
  jpn: 'ja',
  kat: 'ka',
  kaz: 'kk',
  khm: 'km',
  kan: 'kn',
  kor: 'ko',
  pnb: 'lah',
  lao: 'lo',
  lit: 'lt',
  lvs: 'lv',
  mai: 'mai',
  mkd: 'mk',
  mal: 'ml',
  khk: 'mn',
  mar: 'mr',
  zlm: 'ms',
  mya: 'my',
  nep: 'ne',
  nld: 'nl',
  nob: 'no',
  nno: 'no',
  ori: 'or',
  pan: 'pa',
  pol: 'pl',
  pbu: 'ps',
  por: 'pt',
  ron: 'ro',
  rus: 'ru',
  san: 'sa',
  snd: 'sd',
  sin: 'si',
  slk: 'sk',
  slv: 'sl',
  som: 'so',
  als: 'sq',
  srp: 'sr',
  swe: 'sv',
  swh: 'sw',
  tam: 'ta',
  tel: 'te',
  tha: 'th',
  tur: 'tr',
  ukr: 'uk',
  urd: 'ur',
  uzn: 'uz',
  vie: 'vi',
  cmn: 'zh',
};
const ONLY = Object.keys(THREE_LETTERS);
const OTHER_NAMES: Readonly<Record<string, string>> = { tl: 'fil', nb: 'no', ku: 'ckb', '': 'und' };

const fromThree = (code: string): string => THREE_LETTERS[code] ?? 'und';
const renamed = (code: string): string => OTHER_NAMES[code] ?? code;

/** `franc` is listed twice: with its defaults, and restricted to Dateline's languages. */
export const CONTESTANTS: readonly Contestant[] = [
  { name: 'Dateline', guess: guessLanguage },
  {
    name: 'franc, our languages',
    package: 'franc',
    guess: (text) => fromThree(franc(text, { minLength: 1, only: ONLY })),
  },
  { name: 'franc', package: 'franc', guess: (text) => fromThree(franc(text, { minLength: 1 })) },
  { name: 'franc-min', package: 'franc-min', guess: (text) => fromThree(francMin(text, { minLength: 1 })) },
  { name: 'tinyld', package: 'tinyld', guess: (text) => renamed(detect(text)) },
  { name: 'tinyld/light', package: 'tinyld/light', guess: (text) => renamed(detectLight(text)) },
  { name: 'tinyld/heavy', package: 'tinyld/heavy', guess: (text) => renamed(detectHeavy(text)) },
  {
    name: 'eld/extrasmall',
    package: 'eld/extrasmall',
    guess: (text) => renamed(eldExtraSmall.detect(text).language),
  },
  { name: 'eld/large', package: 'eld/large', guess: (text) => renamed(eldLarge.detect(text).language) },
];
