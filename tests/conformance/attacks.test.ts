import { describe, expect, test } from 'vitest';
import { blockText } from '../../src/domain/blocks.ts';
import { articlePage } from '../../src/formats/amp/article-page.ts';
import { escapeAttribute, escapeText, scriptJson, xmlText } from '../../src/formats/escape.ts';
import { normalize } from '../../src/normalize/normalize.ts';
import { oneLine } from '../../src/text/text.ts';
import { site, urduVideo } from '../formats/articles.ts';
import { BODY_ELEMENTS, elements, PAGE_ELEMENTS, textContent } from '../formats/markup.ts';
import { draft, read } from '../normalize/drafts.ts';
import { turnOf } from '../thorough.ts';
import { code, dangers, harm, renderings, skeleton } from './attacks/judge.ts';
import { FAMILIES } from './attacks/registry.ts';

/** Hand-written attacks of all known families, through the normalizer and out in every rendered form. */

const attacks = Object.entries(FAMILIES).flatMap(([family, members]) =>
  members.map(({ name, html }) => [`${family}: ${name}`, html] as const),
);

/** The ways an attack may come in, one for each block of tests below. */
const WAYS = ['body', 'escaped', 'page', 'head', 'own words', 'fields', 'text'] as const;

/** Those that come in this way: all, or when there is less time, one in seven. */
const attacksBy = (way: (typeof WAYS)[number]) => turnOf(attacks, WAYS.indexOf(way), WAYS.length);

describe('the corpus and its judge are awake', () => {
  test('at least 220 attacks, no two alike', () => {
    expect(attacks.length).toBeGreaterThanOrEqual(220);
    expect(new Set(attacks.map(([, html]) => html)).size).toBe(attacks.length);
    expect(new Set(attacks.map(([name]) => name)).size).toBe(attacks.length);
  });

  // The others sleep: text that becomes markup only in another system, or once it is decoded or parsed again.
  test('nine in ten are refused as they stand, of every family at least some', () => {
    const isRefused = (html: string) => dangers(html, BODY_ELEMENTS).length > 0;
    const refused = attacks.filter(([, html]) => isRefused(html));
    expect(refused.length).toBeGreaterThan(attacks.length * 0.85);
    for (const members of Object.values(FAMILIES)) {
      expect(members.filter(({ html }) => isRefused(html)).length).toBeGreaterThan(members.length / 4);
    }
  });

  test.each([
    '<script>alert(1)</script>',
    '<style>@import "//evil.example"</style>',
    '<p onclick=alert(1)>',
    '<p style="x:url(//evil.example)">',
    '<a href="\u0001java\nscript:alert(1)">',
    '<img src="data:text/html,alert(1)">',
    '<iframe src=https://evil.example></iframe>',
    '<iframe srcdoc=alert(1)></iframe>',
    '<link rel=stylesheet href=//evil.example>',
    '<meta http-equiv=refresh content="0;url=//evil.example">',
    '<svg><a xlink:href="javascript:alert(1)">',
  ])('what would run or load in %s is found without any list', (html) => {
    expect(code(html)).not.toEqual([]);
  });

  test.each([
    ['', true],
    ['.text a[href^="a"]{margin:0}', false],
    ['p{position:fixed}', false],
    ['@import "//evil.example";', false],
    ['@media print{p{background:url(//evil.example)}}', false],
    ['@font-face{font-family:x}', false],
    ['}', false],
  ])('a page’s style sheet with %j in it is its own: %s', (rule, own) => {
    const html = articlePage({ article: urduVideo, site });
    const sheet = html.replace('<style amp-custom>', `$&${rule}`);
    expect(dangers(sheet, PAGE_ELEMENTS)).toEqual(own ? [] : ['<style> is not the page’s own']);
  });

  test('and nothing in words, pictures and links', () => {
    const html =
      '<p>alert(1)</p><a href="https://evil.example/?javascript:alert(1)">a</a><img src=/x.jpg alt="alert(1)">';
    expect(code(html)).toEqual([]);
  });
});

const HEADLINE = { headline: 'A headline', language: 'en' };
const STORY = '<p>Nine people read the first story aloud in the old library on Sunday.</p>';

/** What is wrong with the article that comes of a body. */
async function harmOf(format: 'html' | 'page', content: string): Promise<string[]> {
  return harm(await read(draft(format, content, HEADLINE)));
}

const page = (head: string, body: string) =>
  `<!doctype html><html><head>${head}<title>A headline</title></head><body><article>${body}</article></body></html>`;

describe('an attack in a body comes out tame in every form', () => {
  test.each(attacksBy('body'))('%s', async (_name, html) => {
    expect(await harmOf('html', html)).toEqual([]);
    expect(await harmOf('html', `${STORY}<ul><li>${html}</ul>`)).toEqual([]);
  });
});

describe('an attack escaped once too often comes out tame, repaired or not', () => {
  test.each(attacksBy('escaped'))('%s', async (_name, html) => {
    expect(await harmOf('html', escapeText(`${STORY}${html}`))).toEqual([]);
  });
});

describe('an attack in a whole page comes out tame in every form', () => {
  test.each(attacksBy('page'))('in its body: %s', async (_name, html) => {
    expect(await harmOf('page', page('', STORY + html + STORY))).toEqual([]);
  });

  const inHead = async (_name: string, html: string) => {
    const given = draft('page', page(html, STORY), HEADLINE);
    const result = await normalize(given, { id: 'p', name: 'P' });
    // A head that swallows the body leaves no article, and a delivery without one is refused.
    if ('content' in result) expect(harm(result.content)).toEqual([]);
    else expect(result.issues).toMatchObject([{ path: 'body.content' }]);
  };

  test.each(attacksBy('head'))('in its head: %s', inHead);
});

describe('an attack in a page’s own words of itself stays text', () => {
  test.each(attacksBy('own words'))('%s', async (_name, html) => {
    const meta = [
      'og:title',
      'description',
      'author',
      'article:section',
      'article:tag',
      'og:image:alt',
      'og:image',
    ]
      .map((name) => `<meta property="${name}" content="${escapeAttribute(html)}">`)
      .join('');
    expect(await harmOf('page', page(meta, STORY))).toEqual([]);
    const article = {
      '@type': 'NewsArticle',
      ...{
        headline: html,
        description: html,
        articleSection: html,
        keywords: html,
        url: html,
        articleBody: html,
      },
      ...{ author: { name: html, url: html }, image: { url: html, caption: html } },
    };
    const jsonLd = `<script type="application/ld+json">${scriptJson(article)}</script>`;
    expect(await harmOf('page', page(jsonLd, STORY))).toEqual([]);
  });
});

describe('an attack in every field leaves the markup as it is with a harmless word there', () => {
  // A name is at most 120 characters long.
  const fields = (words: string) => ({
    language: 'en',
    headline: words.slice(0, 500),
    summary: words,
    dateline: words.slice(0, 120),
    section: words.slice(0, 120),
    tags: [words.slice(0, 120)],
    authors: [{ name: words.slice(0, 120), url: 'https://publisher.example/desk' }],
    image: {
      ...{ url: 'https://publisher.example/x.jpg', width: 640, height: 360 },
      ...{ alt: words, caption: words, credit: words.slice(0, 500) },
    },
    related: [{ title: words.slice(0, 500), url: 'https://publisher.example/2' }],
    credit: words.slice(0, 500),
    rights: { copyright: words.slice(0, 500), licence: words.slice(0, 120), usageTerms: words },
    corrections: [{ at: '2026-11-22T10:00:00Z', note: words }],
  });

  const harmless = read(draft('html', STORY, fields('word'))).then(renderings);

  test.each(attacksBy('fields'))('%s', async (_name, html) => {
    const content = await read(draft('html', STORY, fields(html)));
    expect(harm(content)).toEqual([]);
    const rendered = renderings(content);
    expect(rendered.map((each) => skeleton(each.html))).toEqual(
      (await harmless).map((each) => skeleton(each.html)),
    );
    const amp = elements(rendered[0]?.html ?? '');
    const shown = (name: string) =>
      letters(
        amp
          .filter(({ tagName }) => tagName === name)
          .map(textContent)
          .join(''),
      );
    expect(shown('h1')).toBe(letters(fields(html).headline));
    expect(shown('figcaption')).toContain(letters(html));
  });
});

describe('an attack in a text body stays text', () => {
  test.each(attacksBy('text'))('%s', async (_name, html) => {
    const content = await read(draft('text', html, HEADLINE));
    expect(harm(content)).toEqual([]);
    const shown = renderings(content).find(({ form }) => form === 'JSON Feed content_html')?.html ?? '';
    // A place line is written bold and with a colon, whatever it was lifted from.
    const tags = skeleton(shown.replace(/^<p><strong>(.*?)<\/strong>/, '<p>$1'));
    expect(new Set(tags)).toEqual(new Set(['p']));
    const words = [content.dateline, ...content.body.map(blockText)].join('');
    expect(letters(words).replace(/[:-]/g, '')).toBe(letters(html).replace(/[:-]/g, ''));
  });
});

/** The text as it may be shown, without its white space. */
function letters(text: string): string {
  return xmlText(oneLine(text.replaceAll('\u0000', ''))).replace(/\s/g, '');
}
