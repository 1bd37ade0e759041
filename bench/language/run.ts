/**
 * `npm run bench:language`: how often Dateline, and every library that could run in a Worker, guesses the language of
 * undeclared text correctly. `-- tuning` uses the half of the texts with which the weights were tuned, and lists the
 * errors; never tune with the other half.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { primaryLanguage } from '../../src/locales/language-tag.ts';
import { CONTESTANTS, type Contestant } from './contestants.ts';
import { declaration, type Half, type Sample, samples, TAGS } from './texts.ts';

const half: Half = process.argv[2] === 'tuning' ? 'tuning' : 'reported';
const judged = samples(half);

/** The script may be absent: `sr` is right for `sr-Latn`, and `zh` for `zh-Hant`. */
const isRight = (guess: string, tag: string): boolean => primaryLanguage(guess) === primaryLanguage(tag);

/** The share of correct guesses; each language has the same weight, however many texts it has. */
function rate({ guess }: Contestant, texts: readonly Sample[], tags: readonly string[] = TAGS): number {
  const rates = tags.flatMap((tag) => {
    const own = texts.filter((each) => each.tag === tag);
    return own.length === 0 ? [] : [own.filter(({ text }) => isRight(guess(text), tag)).length / own.length];
  });
  return rates.reduce((sum, each) => sum + each, 0) / rates.length;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const GROUPS = (['news', 'declaration'] as const).flatMap((source) =>
  (['headline', 'paragraph'] as const).map((length) => ({
    name: `${source}, ${length}`,
    texts: judged.filter((each) => each.source === source && each.length === length),
  })),
);
const news = judged.filter(({ source }) => source === 'news');

/** The languages of which a contestant guesses at least one text correctly. */
function known({ guess }: Contestant): string[] {
  const all = [...samples('tuning'), ...samples('reported')];
  return TAGS.filter((tag) => all.some((each) => each.tag === tag && isRight(guess(each.text), tag)));
}

function microseconds({ guess }: Contestant): number {
  const texts = judged.filter(({ length }) => length === 'paragraph').map(({ text }) => text);
  for (const text of texts) guess(text);
  const start = performance.now();
  for (const text of texts) guess(text);
  return ((performance.now() - start) * 1000) / texts.length;
}

/** The size of a library's code in kB, bundled and compressed. */
function kilobytes(name: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'language-'));
  try {
    const entry = join(import.meta.dirname, `.entry-${process.pid}.mjs`);
    writeFileSync(entry, `export * from '${name}';`);
    const out = join(folder, 'out.mjs');
    try {
      execFileSync('npx', [
        ...['esbuild', entry, '--bundle', '--minify', '--format=esm', '--conditions=import,worker'],
        ...['--main-fields=module,main', '--log-level=error', `--outfile=${out}`],
      ]);
    } finally {
      rmSync(entry);
    }
    return gzipSync(readFileSync(out)).length / 1000;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The size of the guessing data in `src/locales`, in kB. */
function ownKilobytes(): number {
  const folder = join(import.meta.dirname, '../../src/locales');
  const tags = readFileSync(join(folder, 'files.ts'), 'utf8').matchAll(/'\.\/(.+)\.json'/g);
  const guesses = [...tags].map(
    ([, tag]) => JSON.parse(readFileSync(join(folder, `${tag}.json`), 'utf8')).guess,
  );
  return gzipSync(JSON.stringify(guesses)).length / 1000;
}

const row = (cells: readonly (string | number)[]): void => console.log(`| ${cells.join(' | ')} |`);

row([
  'right',
  ...GROUPS.map(({ name }) => name),
  'languages known',
  'news in those',
  'Dateline there',
  'µs a paragraph',
  'gzip',
]);
row(Array.from({ length: GROUPS.length + 6 }, () => '---'));
const [ours] = CONTESTANTS;
if (ours === undefined) throw new Error('no contestants');
for (const contestant of CONTESTANTS) {
  const tags = known(contestant);
  row([
    contestant.name,
    ...GROUPS.map(({ texts }) => percent(rate(contestant, texts))),
    tags.length,
    percent(rate(contestant, news, tags)),
    percent(rate(ours, news, tags)),
    microseconds(contestant).toFixed(0),
    `${(contestant.package === undefined ? ownKilobytes() : kilobytes(contestant.package)).toFixed(0)} kB`,
  ]);
}

/** The languages in Latin script with the most news, at which the libraries are best. */
const LATIN = 'en es fr de pt it nl id tr pl cs sv da no fi ro hu vi sk hr sl lt'.split(' ');

console.log('');
row([`right, ${LATIN.length} languages in Latin letters`, ...GROUPS.map(({ name }) => name)]);
row(Array.from({ length: GROUPS.length + 1 }, () => '---'));
for (const contestant of CONTESTANTS) {
  row([contestant.name, ...GROUPS.map(({ texts }) => percent(rate(contestant, texts, LATIN)))]);
}

/** How often Dateline guesses a language at all, and how often it is right then. */
function confidence(name: string, texts: readonly Sample[]): void {
  const answers = texts.map(({ text, tag }) => [ours?.guess(text) ?? 'und', tag] as const);
  const sure = answers.filter(([guess]) => guess !== 'und');
  const right = sure.filter(([guess, tag]) => isRight(guess, tag));
  row([name, texts.length, percent(sure.length / texts.length), percent(right.length / sure.length)]);
}

console.log('');
row(['Dateline', 'texts', 'answered', 'right of those']);
row(['---', '---', '---', '---']);
for (const { name, texts } of GROUPS) confidence(name, texts);

/** Languages in Latin and Cyrillic script that Dateline does not know: `und` is right. */
const FOREIGN = [
  'zu',
  'xh',
  'rn',
  'mi',
  'haw',
  'yo',
  'ig',
  'eo',
  'ga',
  'mt',
  'lb',
  'br',
  'fo',
  'ht',
  'ceb',
  'jv',
];
const FURTHER_FOREIGN = [
  'su',
  'mg',
  'ky',
  'tg',
  'tt',
  'qu',
  'ay',
  'gn',
  'wo',
  'ny',
  'ln',
  'sn',
  'tk-Latn',
  'fy',
];
const foreign = [...FOREIGN, ...FURTHER_FOREIGN].flatMap(declaration);
const refused = foreign.filter((text) => ours.guess(text.slice(0, 300)) === 'und').length;
console.log(
  `\nOf ${foreign.length} paragraphs in languages not known, ${percent(refused / foreign.length)} \`und\`.\n`,
);

row(['language', 'texts', 'right', 'taken for']);
row(['---', '---', '---', '---']);
for (const tag of TAGS) {
  const own = judged.filter((each) => each.tag === tag);
  const wrong = own.map(({ text }) => ours.guess(text)).filter((guess) => !isRight(guess, tag));
  const counts = Map.groupBy(wrong, (guess) => guess);
  const taken = [...counts].map(([guess, { length }]) => `${guess} ${length}`).join(', ');
  row([tag, own.length, percent(1 - wrong.length / own.length), taken]);
}
