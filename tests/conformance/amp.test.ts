import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AmpValidator, ampValidator } from '../../scripts/amp-validator.ts';
import { toCard } from '../../src/article/article.ts';
import { SCOPE_KINDS, type Scope } from '../../src/article/site.ts';
import { articlePage } from '../../src/formats/amp/article-page.ts';
import { listPage } from '../../src/formats/amp/list-page.ts';
import { noticePage } from '../../src/formats/amp/notice-page.ts';
import { articles, english, hindi, publisher, site, urduVideo } from '../formats/articles.ts';
import { hostileArticle } from '../formats/hostile.ts';

/** The official AMP validator's word on every kind of page. */

let validator: AmpValidator;
// The first run on a machine fetches the validator from the package registry.
beforeAll(async () => {
  validator = await ampValidator();
}, 180_000);

function expectValid(html: string): void {
  expect(validator.validateString(html)).toEqual({ status: 'PASS', errors: [] });
}

/** The scripts that run: JSON-LD is data. */
const scripts = (html: string) =>
  [...html.matchAll(/<script async(?: custom-element="([\w-]+)")? src="([^"]+)"><\/script>/g)].map(
    ([, name, url]) => name ?? url,
  );

test('the validator is awake: it refuses what AMP forbids', () => {
  const broken = articlePage({ article: hindi, site }).replace('</body>', '<script>alert(1)</script></body>');
  expect(validator.validateString(broken).status).toBe('FAIL');
  expect(validator.validateString('<!doctype html><title>x</title>').status).toBe('FAIL');
});

describe('an article’s page is valid AMP', () => {
  test.each(articles.map((article) => [article.language, article.id, article] as const))(
    '%s %s',
    (_, __, article) => {
      expectValid(articlePage({ article, site, publisher, sections: ['संस्कृति', 'Science', 'شہر'] }));
    },
  );

  test('in a language without an interface of its own', () => {
    expectValid(articlePage({ article: { ...hindi, language: 'sw' }, site }));
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
      expect(scripts(html)).toEqual(['https://cdn.ampproject.org/v0.js', component]);
    }
  });

  test('whatever its publisher wrote into it', () => {
    fc.assert(
      fc.property(hostileArticle, (article) => expectValid(articlePage({ article, site, publisher }))),
      { numRuns: 100 },
    );
  });
});

describe('a list page is valid AMP', () => {
  const scopes: Scope[] = [{ kind: 'all' }, ...SCOPE_KINDS.map((kind) => ({ kind, name: 'संस्कृति' }))];
  const cards = articles.map(toCard);

  test.each(scopes)('$kind', (scope) => {
    for (const language of ['hi', 'ur', 'sw']) {
      const input = { site, scope, title: 'संस्कृति', language, sections: ['संस्कृति'] };
      expectValid(listPage({ ...input, cards, nextUrl: 'https://news.example/?before=a&limit=2' }));
      expectValid(listPage({ ...input, cards: [] }));
    }
  });
});

describe('a notice is valid AMP', () => {
  test.each(['withdrawn', 'not-found'] as const)('%s', (kind) => {
    for (const language of ['hi', 'ur', 'sw']) {
      expectValid(noticePage({ site, language, kind, reason: 'On the <desk>’s word' }));
    }
  });
});

describe('scripts and boilerplate', () => {
  const boilerplate = /amp-boilerplate/;

  test('a page without components has neither', () => {
    const pages = [
      ...articles
        .filter((article) => article !== english && article !== urduVideo)
        .map((article) => articlePage({ article, site })),
      listPage({
        site,
        scope: { kind: 'all' },
        title: site.name,
        language: 'hi',
        cards: articles.map(toCard),
      }),
      noticePage({ site, language: 'hi', kind: 'not-found' }),
    ];
    for (const html of pages) {
      expect(html.match(/<script(?! type="application\/ld\+json")/g)).toBeNull();
      expect(html).not.toMatch(boilerplate);
    }
  });

  test('a page with components has the runtime, the boilerplate, and exactly the scripts of those', () => {
    const runtime = 'https://cdn.ampproject.org/v0.js';
    const two = articlePage({ article: english, site });
    expect(scripts(two)).toEqual([runtime, 'amp-youtube', 'amp-twitter']);
    expect(two).toMatch(boilerplate);
    expect(scripts(articlePage({ article: urduVideo, site }))).toEqual([runtime, 'amp-youtube']);
  });
});
