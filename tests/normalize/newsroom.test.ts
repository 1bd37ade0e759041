import { describe, expect, test } from 'vitest';
import { type Block, blockText } from '../../src/domain/blocks.ts';
import { htmlToBlocks } from '../../src/normalize/html/html.ts';
import { Warnings } from '../../src/normalize/warnings.ts';
import { guessLanguage } from '../../src/text/language.ts';
import { draft, read } from './drafts.ts';
import { ARTICLES } from './newsroom/articles.ts';
import { FURTHER_ARTICLES } from './newsroom/further-articles.ts';
import { SHELLS } from './newsroom/shells.ts';
import { SITES } from './newsroom/sites.ts';
import { wordF1 } from './newsroom/words.ts';

/** What every page must reach. */
const MIN_F1 = 0.99;

describe('a page’s article is found, whole and alone', () => {
  for (const [name, page] of Object.entries(SHELLS)) {
    test.each(ARTICLES.map((article) => [article.language, article] as const))(
      `${name}, in %s`,
      async (_, article) => {
        const found = await read(draft('page', page(article)));
        const wanted = article.body.map((text) => text.replace(/^## /, '')).join('\n');
        expect(wordF1(found.body.map(blockText).join('\n'), wanted)).toBeGreaterThanOrEqual(MIN_F1);
        expect(found).toMatchObject({ headline: article.headline, language: article.language });
      },
    );
  }
});

/** The least that these pages reach where nothing but the hours of a live blog, or words of a neighbour, are left. */
const MIN_F1_ON_SITES = 0.93;

describe('and among more that big sites put around it', () => {
  const words = (blocks: readonly Block[]) =>
    blocks
      .filter(({ type }) => type !== 'image')
      .map(blockText)
      .join('\n');
  for (const [name, page] of Object.entries({ ...SHELLS, ...SITES })) {
    // Where words are not parted by spaces, one word too many is a whole line.
    const articles = name in SHELLS ? FURTHER_ARTICLES : [...ARTICLES, ...FURTHER_ARTICLES];
    const spaced = articles.filter(({ language }) => !['zh', 'ja', 'th'].includes(language));
    test.each(spaced.map((article) => [article.language, article] as const))(
      `${name}, in %s`,
      async (_, a) => {
        const found = await read(draft('page', page(a)));
        const wanted = a.body.map((text) => text.replace(/^## /, '')).join('\n');
        expect(wordF1(words(found.body), wanted)).toBeGreaterThanOrEqual(MIN_F1_ON_SITES);
        expect(found).toMatchObject({ headline: a.headline, language: a.language });
      },
    );
  }

  test.each(['zh', 'ja', 'th'])('all of it in %s, whose words no space parts', async (language) => {
    const [article] = FURTHER_ARTICLES.filter((each) => each.language === language);
    if (article === undefined) throw new Error(language);
    const wanted = article.body.map((text) => text.replace(/^## /, '')).join('\n');
    for (const [name, page] of Object.entries({ ...SHELLS, ...SITES })) {
      const found = await read(draft('page', page(article)));
      const missing = wanted.split('\n').filter((line) => !words(found.body).includes(line));
      expect([name, missing]).toEqual([name, []]);
    }
  });
});

describe('the same articles as a page’s plain text', () => {
  test.each(ARTICLES.map((article) => [article.language, article] as const))('in %s', async (_, article) => {
    const { around } = article;
    const [first = '', second = '', ...rest] = article.body;
    const lines = [
      ...[article.headline, around.advertisement, '', article.headline, '', first, '', second, ''],
      ...[`${around.alsoRead}: ${around.others[0]}`, ''],
      ...rest.flatMap((text) => (text.startsWith('## ') ? [text.slice(3)] : [text, ''])),
      ...[around.share, '', around.latest, ...around.others.slice(1)],
    ];
    const found = await read(draft('page', lines.join('\n')));
    expect(found).toMatchObject({ headline: article.headline, language: article.language });
    expect(found.body.map((block) => (block.type === 'heading' ? '## ' : '') + blockText(block))).toEqual(
      article.body,
    );
    expect(found.related).toEqual([{ title: around.others[0] }]);
  });
});

test('a line is mostly enough to tell a language by: 80 of these 84', () => {
  const lines = ARTICLES.flatMap(({ language, headline, summary, body, around }) =>
    [headline, summary, ...body, ...around.others].map(
      (line) => [language, line.replace('## ', '')] as const,
    ),
  );
  expect(lines).toHaveLength(84);
  expect(lines.filter(([language, line]) => guessLanguage(line) === language).length).toBeGreaterThanOrEqual(
    80,
  );
});

describe('no word of a page is lost without being told', () => {
  const fold = (text: string) => text.replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ').trim();

  for (const [name, page] of Object.entries(SHELLS)) {
    test.each(ARTICLES.map((article) => [article.language, article] as const))(
      `${name}, in %s`,
      async (_, article) => {
        const html = page(article);
        const { warned, ...found } = await read(draft('page', html));
        const body = fold(found.body.map(blockText).join('\n'));
        const fields = fold(JSON.stringify(found));
        const told = warned.map((line) => fold(line.replace(/^[\w-]+: /, '')));
        // A warning names a region by its first words: what follows them, up to what is kept, is in it. An "also
        // read" line is named by its title.
        let inRegion = false;
        const lines = htmlToBlocks(html, undefined, new Warnings()).map((block) => fold(blockText(block)));
        for (const line of lines.filter(Boolean)) {
          if (body.includes(line)) inRegion = false;
          else if (!fields.includes(line)) {
            inRegion ||= told.some((words) => words.startsWith(line.slice(0, 25)) || line.endsWith(words));
            expect(inRegion, line).toBe(true);
          }
        }
      },
    );
  }
});
