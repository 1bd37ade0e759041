import { primaryLanguage } from '../language-tag.ts';
import type { LanguageWords } from './words.ts';

// By script and likeness: the bundle is 4 kB smaller where compression finds like words together.
// Arabic:

import { ar } from './ar.ts';
import { ur } from './ur.ts';

// Devanagari:

import { hi } from './hi.ts';
import { mr } from './mr.ts';
import { ne } from './ne.ts';

// Bengali:

import { as } from './as.ts';
import { bn } from './bn.ts';

// The south of India:

import { kn } from './kn.ts';
import { ta } from './ta.ts';
import { te } from './te.ts';

// Its other scripts:

import { gu } from './gu.ts';
import { ml } from './ml.ts';
import { or } from './or.ts';
import { pa } from './pa.ts';

// Scripts of their own:

import { ja } from './ja.ts';
import { ko } from './ko.ts';
import { ru } from './ru.ts';
import { th } from './th.ts';
import { zh } from './zh.ts';

// Latin: Malay and Turkish:

import { id } from './id.ts';
import { tr } from './tr.ts';

// English:

import { en } from './en.ts';

// German, French and Italian:

import { de } from './de.ts';
import { fr } from './fr.ts';
import { it } from './it.ts';

// Spanish and Portuguese:

import { es } from './es.ts';
import { pt } from './pt.ts';

const LANGUAGES: Readonly<Record<string, LanguageWords>> = {
  ar,
  as,
  bn,
  de,
  en,
  es,
  fr,
  gu,
  hi,
  id,
  it,
  ja,
  kn,
  ko,
  ml,
  mr,
  ne,
  or,
  pa,
  pt,
  ru,
  ta,
  te,
  th,
  tr,
  ur,
  zh,
};

/**
 * The words to look for in an article in `language` (BCP 47): its own, and English, which pages everywhere put
 * around articles in other languages.
 */
export function wordsFor(language: string): readonly LanguageWords[] {
  const own = Object.hasOwn(LANGUAGES, primaryLanguage(language))
    ? LANGUAGES[primaryLanguage(language)]
    : undefined;
  return own === undefined || own === en ? [en] : [own, en];
}
