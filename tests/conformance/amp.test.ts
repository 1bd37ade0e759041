import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AmpValidator, ampValidator } from '../../scripts/amp-validator.ts';
import type { Article } from '../../src/domain/article.ts';
import { toCard } from '../../src/domain/article.ts';
import type { Block } from '../../src/domain/blocks.ts';
import { SCOPE_KINDS, type Scope, type Site } from '../../src/domain/site.ts';
import { type ArticlePageInput, articlePage } from '../../src/formats/amp/article-page.ts';
import { listPage, trendingPage } from '../../src/formats/amp/list-page.ts';
import { noticePage } from '../../src/formats/amp/notice-page.ts';
import { articles, english, hindi, publisher, site, urduVideo } from '../formats/articles.ts';
import { hostileArticle } from '../formats/hostile.ts';
import { attribute, elements, textContent } from '../formats/markup.ts';
import { boxCards, furnishedSite } from '../formats/sites.ts';
import { runs } from '../thorough.ts';
import { bodiesIn, TONGUES } from './laws/bodies.ts';

/** The official AMP validator's word on every kind of page, and what it lets pass but readers would not. */

let validator: AmpValidator;
// The first run on a machine fetches the validator from the package registry.
beforeAll(async () => {
  validator = await ampValidator();
});

function expectValid(html: string): void {
  expect(validator.validateString(html)).toEqual({ status: 'PASS', errors: [] });
  expectSound(html);
}

const RUNTIME = 'https://cdn.ampproject.org/v0.js';

/** The scripts that run: JSON-LD is data. */
const scripts = (html: string) =>
  [...html.matchAll(/<script async(?: custom-element="([\w-]+)")? src="([^"]+)"><\/script>/g)].map(
    ([, name, url]) => name ?? url,
  );

/** What the validator does not ask: a title, sizes of pictures, data that parses, and no script without need. */
function expectSound(html: string): void {
  const all = elements(html);
  const title = all.find(({ tagName }) => tagName === 'title');
  expect(title && textContent(title).trim()).toBeTruthy();
  for (const img of all.filter(({ tagName }) => tagName === 'img')) {
    expect(attribute(img, 'src')).toMatch(/^https:/);
    expect(Number(attribute(img, 'width'))).toBeGreaterThan(0);
    expect(Number(attribute(img, 'height'))).toBeGreaterThan(0);
    expect(attribute(img, 'alt')).toBeDefined();
  }
  for (const data of all.filter((element) => attribute(element, 'type') === 'application/ld+json')) {
    expect(JSON.parse(textContent(data))).toMatchObject({ '@context': 'https://schema.org' });
  }
  const used = new Set(all.map(({ tagName }) => tagName).filter((name) => name.startsWith('amp-')));
  expect(scripts(html).sort()).toEqual([...(used.size > 0 ? [RUNTIME] : []), ...used].sort());
  expect(/<style amp-boilerplate>/.test(html)).toBe(used.size > 0);
  expect(html.match(/<script(?! type="application\/ld\+json")/g)?.length ?? 0).toBe(scripts(html).length);
}

test('the validator is awake: it refuses what AMP forbids', () => {
  const broken = articlePage({ article: hindi, site }).replace('</body>', '<script>alert(1)</script></body>');
  expect(validator.validateString(broken).status).toBe('FAIL');
  expect(validator.validateString('<!doctype html><title>x</title>').status).toBe('FAIL');
});

const mirrored = (article: Article): Article => ({
  ...article,
  direction: article.direction === 'ltr' ? 'rtl' : 'ltr',
});
const bothWays = articles.flatMap((article) => [article, mirrored(article)]);
const named = bothWays.map((article) => [article.id, article.direction, article] as const);

/** An article long enough for everything that may stand in it. */
const lengthened = (article: Article): Article => {
  const paragraph: Block = {
    type: 'paragraph',
    content: [{ type: 'text', text: 'word '.repeat(60).trim() }],
  };
  return { ...article, body: [...article.body, ...Array<Block>(30).fill(paragraph)] };
};

describe('an article’s page is valid AMP', () => {
  test.each(named)('%s %s, on a site with the defaults', (_, __, article) => {
    expectValid(articlePage({ article, site, publisher, sections: ['संस्कृति', 'Science', 'شہر'] }));
  });

  test.each(named)('%s %s, with all that may stand on it', (_, __, article) => {
    const cardLists = { more: boxCards, trending: boxCards };
    const html = articlePage({ article: lengthened(article), site: furnishedSite, publisher, ...cardLists });
    expectValid(html);
    expect(html.match(/<amp-ad /g)).toHaveLength(8);
  });

  test('in a language without an interface of its own', () => {
    expectValid(articlePage({ article: { ...hindi, language: 'sw' }, site: furnishedSite }));
  });

  test('with nothing but what every article has', () => {
    const { image: _image, summary: _summary, dateline: _dateline, section: _section, ...bare } = hindi;
    expectValid(articlePage({ article: { ...bare, body: [] }, site }));
  });

  test('with every component there is', () => {
    const embeds = [
      ['youtube', 'M7lc1UVf-VE', 'amp-youtube'],
      ['vimeo', '27246366', 'amp-vimeo'],
      ['dailymotion', 'x2m8jpp', 'amp-dailymotion'],
      ['x', '20', 'amp-twitter'],
      ['instagram', '1totVhIFXl', 'amp-instagram'],
      ['tiktok', '6718335390845095173', 'amp-tiktok'],
      ['facebook', 'coast/posts/1', 'amp-facebook'],
      ['facebook', 'coast/videos/1', 'amp-facebook'],
      ['reddit', 'abc123', 'amp-reddit'],
      ['pinterest', '99360735500167749', 'amp-pinterest'],
      ['soundcloud', 'tracks/243169232', 'amp-soundcloud'],
      ['soundcloud', 'playlists/173211206', 'amp-soundcloud'],
      ['video', 'https://media.example/a.mp4', 'amp-video'],
      ['audio', 'https://media.example/a.mp3', 'amp-audio'],
    ] as const;
    for (const [provider, id, component] of embeds) {
      const poster = 'http://media.example/a.jpg';
      const body = [
        { type: 'embed', provider, id, url: `https://${provider}.example/${id}`, poster } as const,
      ];
      const html = articlePage({ article: { ...hindi, body: [...body, ...body] }, site });
      expectValid(html);
      expect(scripts(html)).toEqual([RUNTIME, component]);
    }
  });

  test('whatever its publisher wrote into it', () => {
    fc.assert(
      fc.property(hostileArticle, (article) => expectValid(articlePage({ article, site, publisher }))),
      { numRuns: runs(100, 30) },
    );
  });
});

/** 2,000 take half a minute. */
const MADE_UP = runs(2_000, 120);

describe(`${MADE_UP} articles made up of every kind of block`, () => {
  const sites: Site[] = [site, furnishedSite, { ...site, localDigits: false, language: 'ur' }];

  test.each(TONGUES)(
    'in $language',
    (tongue) => {
      const { kinds, blocks } = bodiesIn(tongue);
      const generated: fc.Arbitrary<ArticlePageInput> = fc
        .record({
          body: fc.array(
            fc.oneof(
              blocks,
              kinds.embed.map((embed) => [embed]),
              kinds.divider.map((block) => [block]),
            ),
            {
              maxLength: 6,
            },
          ),
          sample: fc.constantFrom(...bothWays),
          on: fc.constantFrom(...sites),
          split: fc.nat(boxCards.length),
        })
        .map(({ body, sample, on, split }) => ({
          article: { ...sample, language: tongue.language, body: body.flat() },
          site: on,
          more: boxCards.slice(0, split),
          trending: boxCards.slice(split),
        }));
      fc.assert(
        fc.property(generated, (input) => expectValid(articlePage(input))),
        { numRuns: Math.ceil(MADE_UP / TONGUES.length) },
      );
    },
    600_000,
  );
});

describe('a list page is valid AMP', () => {
  const scopes: Scope[] = [{ kind: 'all' }, ...SCOPE_KINDS.map((kind) => ({ kind, name: 'संस्कृति' }))];
  const cards = bothWays.map(toCard);

  test.each(scopes)('$kind', (scope) => {
    for (const language of ['hi', 'ur', 'sw']) {
      for (const on of [site, furnishedSite]) {
        const input = { site: on, scope, title: 'संस्कृति', language, sections: ['संस्कृति'] };
        const nextUrl = 'https://news.example/?before=a&limit=2';
        expectValid(listPage({ ...input, cards, trending: boxCards, nextUrl }));
        expectValid(listPage({ ...input, cards: [] }));
      }
    }
  });

  test('of what is read most', () => {
    for (const language of ['hi', 'ur', 'sw']) {
      expectValid(trendingPage({ site, language, cards }));
      expectValid(trendingPage({ site: furnishedSite, language, cards: [] }));
    }
  });
});

describe('a notice is valid AMP, and shows no advertisement', () => {
  test.each(['withdrawn', 'not-found'] as const)('%s', (kind) => {
    for (const language of ['hi', 'ur', 'sw']) {
      for (const on of [site, furnishedSite]) {
        const html = noticePage({ site: on, language, kind, reason: 'On the <desk>’s word' });
        expectValid(html);
        expect(html).not.toContain('amp-ad');
      }
    }
  });
});

test('scripts: none on a page without components, else the runtime and exactly those of the components', () => {
  expect(scripts(articlePage({ article: hindi, site }))).toEqual([]);
  expect(scripts(articlePage({ article: english, site }))).toEqual([RUNTIME, 'amp-youtube', 'amp-twitter']);
  expect(scripts(articlePage({ article: urduVideo, site }))).toEqual([RUNTIME, 'amp-youtube']);
});
