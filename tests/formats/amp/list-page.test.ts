import { describe, expect, test } from 'vitest';
import { type ListPageInput, listPage, trendingPage } from '../../../src/formats/amp/list-page.ts';
import { publisher, site } from '../articles.ts';
import { cards } from '../feeds.ts';
import { attribute, elements, textContent } from '../markup.ts';
import { furnishedSite } from '../sites.ts';

const front: ListPageInput = { site, scope: { kind: 'all' }, title: site.name, language: 'hi', cards };
const culture: ListPageInput = {
  ...front,
  scope: { kind: 'sections', name: 'संस्कृति' },
  title: 'संस्कृति',
  sections: ['संस्कृति', 'शहर'],
};

const named = (html: string, tagName: string) =>
  elements(html).filter((element) => element.tagName === tagName);
const words = (html: string, tagName: string) => named(html, tagName).map(textContent);

describe('a page of headlines', () => {
  test('each card speaks its own language inside the page’s', () => {
    const html = listPage(front);
    expect(named(html, 'article').map((card) => [attribute(card, 'lang'), attribute(card, 'dir')])).toEqual(
      cards.map((card) => [card.language, card.direction]),
    );
    expect(html).toMatch(/^<!doctype html><html amp lang="hi" dir="ltr">/);
    expect(listPage({ ...front, language: 'ur' })).toMatch(/^<!doctype html><html amp lang="ur" dir="rtl">/);
  });

  test('every card links to its article; the first is the lead', () => {
    const html = listPage(front);
    expect(words(html, 'h3')).toEqual(cards.map((card) => card.headline));
    for (const card of cards) expect(html).toContain(`<a href="${card.url}">`);
    expect(named(html, 'article').map((card) => attribute(card, 'class'))).toEqual(
      cards.map((_, index) => (index === 0 ? 'card first' : 'card')),
    );
  });

  test('the front page is headed by the site’s name, another by its own and its kind', () => {
    expect(words(listPage(front), 'h1')).toEqual(['दैनिक दिशा']);
    expect(words(listPage(front), 'title')).toEqual(['दैनिक दिशा']);
    expect(words(listPage(culture), 'h1')).toEqual(['संस्कृति']);
    expect(words(listPage(culture), 'title')).toEqual(['संस्कृति · दैनिक दिशा']);
    expect(words(listPage(culture), 'h2')).toEqual(cards.map((card) => card.headline));
    const author = listPage({
      ...front,
      scope: { kind: 'authors', name: 'Coast desk' },
      title: 'Coast desk',
    });
    expect(author).toContain('<p class="kicker">लेखक</p>');
  });

  test('the bar of sections marks where the reader is', () => {
    const here = named(listPage(culture), 'a').filter((link) => attribute(link, 'aria-current') === 'page');
    expect(here.map(textContent)).toEqual(['संस्कृति']);
  });

  test('a card names its section, but not on that section’s own page', () => {
    const kickers = (input: ListPageInput) =>
      named(listPage(input), 'p')
        .filter((element) => attribute(element, 'class') === 'kicker')
        .map(textContent);
    expect(kickers({ ...front, cards: cards.slice(0, 2) })).toEqual(['संस्कृति', 'Science']);
    expect(kickers({ ...culture, cards: cards.slice(0, 2) })).toEqual(['अनुभाग', 'Science']);
  });

  test('publishers by name where known, else by id', () => {
    const html = listPage({ ...front, publishers: new Map([[publisher.id, publisher]]) });
    expect(html).toContain('<bdi>गंगा टाइम्स</bdi>');
    expect(html).toContain('<bdi>coast-courier</bdi>');
  });

  test('offers its own feeds and is its own canonical page', () => {
    const html = listPage(culture);
    const name = encodeURIComponent('संस्कृति');
    expect(html).toContain(`<link rel="canonical" href="https://news.example/sections/${name}">`);
    expect(html).toContain(`href="https://news.example/feeds/sections/${name}.rss"`);
    const url = 'https://news.example/?before=abc';
    expect(listPage({ ...front, url })).toContain(`<link rel="canonical" href="${url}">`);
  });

  test('links to older articles only where there are some', () => {
    const nextUrl = 'https://news.example/?before=abc&limit=7';
    const next = named(listPage({ ...front, nextUrl }), 'a').filter(
      (link) => attribute(link, 'rel') === 'next',
    );
    expect(next.map((link) => attribute(link, 'href'))).toEqual([nextUrl]);
    expect(listPage(front)).not.toContain('rel="next"');
  });

  test('an empty list says so', () => {
    expect(words(listPage({ ...front, cards: [] }), 'p')).toContain('यहां अभी कुछ प्रकाशित नहीं हुआ है।');
  });

  test('has what is read most beside it', () => {
    const html = listPage({ ...front, trending: cards.slice(0, 2) });
    expect(words(html, 'ol')).toEqual([
      cards
        .slice(0, 2)
        .map(({ headline }) => headline)
        .join(''),
    ]);
    expect(listPage(front)).not.toContain('class="trending"');
  });

  test('the front page tells search engines what the site is', () => {
    const [data] = words(listPage({ ...front, site: furnishedSite }), 'script');
    expect(JSON.parse(data ?? '')).toMatchObject({
      '@type': 'WebSite',
      name: site.name,
      inLanguage: 'hi',
      publisher: { '@type': 'Organization', logo: { url: 'https://news.example/logo.png' } },
    });
    expect(words(listPage(culture), 'script')).toEqual([]);
  });
});

describe('the page of what is read most', () => {
  test('is a list of its own, at its own address', () => {
    const html = trendingPage({ site, language: 'hi', cards });
    expect(words(html, 'h1')).toEqual(['ट्रेंडिंग']);
    expect(words(html, 'h2')).toEqual(cards.map((card) => card.headline));
    expect(html).toContain('<link rel="canonical" href="https://news.example/trending">');
  });

  test('may be empty', () => {
    expect(words(trendingPage({ site, language: 'en', cards: [] }), 'p')).toContain(
      'Nothing has been published here yet.',
    );
  });
});
