import { describe, expect, test } from 'vitest';
import { coloursOf, contrast, SCHEMES } from '../../../src/domain/colours.ts';
import { articlePage } from '../../../src/formats/amp/article-page.ts';
import { paletteRules } from '../../../src/formats/amp/palette.ts';
import { StyleSheet } from '../../../src/formats/amp/style-sheet.ts';
import { styles } from '../../../src/formats/amp/styles.ts';
import { articles, publisher, site } from '../articles.ts';

const EVERY = 'hi bn pa gu or ta te kn ml si ur ar en zh-Hant zh ja ko und'.split(' ');

describe('the style sheet', () => {
  const cssOf = (html: string) => /<style amp-custom>(.*?)<\/style>/s.exec(html)?.[1] ?? '';
  const pages = articles.map((article) => articlePage({ article, site, publisher }));

  test('weighs less than 8 KB on a page, and reaches for nothing outside it', () => {
    for (const css of pages.map(cssOf)) {
      expect(new TextEncoder().encode(css).length).toBeLessThan(8 * 1024);
      expect(css).not.toMatch(/@import|url\(|!important|<\/|animation|transition/);
      expect(css.split('{').length).toBe(css.split('}').length);
      expect(css).toContain('@media (prefers-color-scheme:dark){:root{--paper:');
      expect(css).toContain('width:min(72rem,100% - 2rem)');
    }
  });

  test('sets each script in its own faces and line height, and only those of the page', () => {
    const css = styles(undefined, EVERY, '');
    for (const [language, face] of [
      ['hi', 'Devanagari'],
      ['bn', 'Bengali'],
      ['pa', 'Gurmukhi'],
      ['gu', 'Gujarati'],
      ['or', 'Oriya'],
      ['ta', 'Tamil'],
      ['te', 'Telugu'],
      ['kn', 'Kannada'],
      ['ml', 'Malayalam'],
      ['ar', 'Naskh'],
      ['ur', 'Nastaliq'],
      ['zh', 'CJK SC'],
      ['zh-Hant', 'CJK TC'],
      ['ja', 'CJK JP'],
      ['ko', 'CJK KR'],
    ]) {
      expect(css).toMatch(
        new RegExp(`:lang\\(${language}\\)\\{--face:[^;]*${face}[^;]*;[^}]*--leading:[12]\\.`),
      );
    }
    expect(styles(undefined, ['en'], '')).not.toContain(':lang(');
  });

  test('takes no language into a selector that is not one', () => {
    expect(styles(undefined, ['hi){}*{display:none', 'ur-\u2028', ''], '')).not.toContain(':lang(');
  });
});

describe('rules for what a page does not have are left out', () => {
  const sheet = new StyleSheet(`
    p, td > b { margin: 0 }
    .card:not(.first) img { width: 7rem; height: 5rem; }
    .card h2 a::after, a:hover { inset: 0; }
    .first:has(img) { display: grid; }

    @media (min-width: 40rem) {
      .card { display: block; }
    }
  `);

  test.each([
    ['<p>', 'p{margin:0}'],
    ['<td><p>', 'p{margin:0}'],
    ['<td><b>', 'td>b{margin:0}'],
    ['<a href="x">', 'a:hover{inset:0}'],
    [
      '<div class="card"><img src="x">',
      '.card:not(.first) img{width:7rem;height:5rem}@media (min-width:40rem){.card{display:block}}',
    ],
    ['<div class="first">', ''],
    ['<div class="x first"><img>', '.first:has(img){display:grid}'],
    [
      '<div class="card"><h2><a>',
      '.card h2 a::after,a:hover{inset:0}@media (min-width:40rem){.card{display:block}}',
    ],
    ['<div title="a">', ''],
  ])('%s', (html, css) => expect(sheet.usedIn(html)).toBe(css));

  test('a line that is no rule is a mistake', () => {
    expect(() => new StyleSheet('p { margin: 0')).toThrow('p { margin: 0');
  });
});

describe('the colours', () => {
  const property = (rules: string, name: string) =>
    [...rules.matchAll(new RegExp(`--${name}:(#[0-9a-f]{6})`, 'g'))].map(([, colour = '']) => colour);

  const SETS = [
    undefined,
    { light: { background: '#ffffff', text: '#767676', accent: '#767676' } },
    { light: { background: '#ffe08a', text: '#3a2a00', accent: '#7a1f00' }, dark: { accent: '#8fd0ff' } },
  ];

  test.each(SETS.map((set) => [set]))(
    '%j: every text can be read on every ground (WCAG 2.2, 1.4.3)',
    (set) => {
      const rules = paletteRules(set);
      for (const front of ['ink', 'soft', 'accent']) {
        for (const back of ['paper', 'tint']) {
          const fronts = property(rules, front);
          const backs = property(rules, back);
          expect(fronts).toHaveLength(2);
          for (const [at, colour] of fronts.entries()) {
            expect([front, back, contrast(colour, backs[at] ?? '') >= 4.5]).toEqual([front, back, true]);
          }
        }
      }
    },
  );

  test('contrast is what WCAG says it is', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#ffffff', '#ffffff')).toBe(1);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 3);
    expect(contrast('#ff0000', '#ffffff')).toBeCloseTo(3.998, 3);
  });

  test('what an operator leaves out stays as it is', () => {
    for (const scheme of SCHEMES) {
      const own = coloursOf(undefined, scheme);
      expect(coloursOf({ [scheme]: { accent: '#0000aa' } }, scheme)).toEqual({ ...own, accent: '#0000aa' });
    }
  });
});
