import fc from 'fast-check';
import { parseAtomFeed } from 'feedsmith';
import { describe, expect, test } from 'vitest';
import { toCard } from '../../src/domain/article.ts';
import { atom } from '../../src/formats/atom.ts';
import { articleHtml } from '../../src/formats/html.ts';
import { bengali, english, hindi, urdu } from './articles.ts';
import { cards, feedOf, render } from './feeds.ts';
import { hostileArticle, hostileText } from './hostile.ts';
import { readXml, textOf, type XmlElement } from './xml.ts';

const parsed = (...args: Parameters<typeof feedOf>) => parseAtomFeed(render(atom, feedOf(...args)));
const rootOf = (...args: Parameters<typeof feedOf>): XmlElement => readXml(render(atom, feedOf(...args)));
const entriesOf = (...args: Parameters<typeof feedOf>): XmlElement[] =>
  rootOf(...args).children.filter(({ name }) => name === 'entry');
const count = (element: XmlElement | undefined, name: string) =>
  element?.children.filter((child) => child.name === name).length;

describe('Atom (RFC 4287)', () => {
  test('has the extension and media type of section 7', () => {
    expect(atom.extension).toBe('atom');
    expect(atom.mediaType).toBe('application/atom+xml; charset=utf-8');
  });

  test('the feed says what it is, and when it last changed', () => {
    expect(parsed([])).toMatchObject({
      id: 'https://news.example/feeds/all.rss?limit=7&content=full',
      title: { value: 'दैनिक दिशा' },
      subtitle: { value: 'देश-दुनिया की ख़बरें, कई भाषाओं में' },
      updated: '2026-11-22T12:00:00.000Z',
      generator: { text: 'Dateline' },
      xml: { lang: 'hi' },
    });
    const { name, namespace } = rootOf([]);
    expect({ name, namespace }).toEqual({ name: 'feed', namespace: 'http://www.w3.org/2005/Atom' });
  });

  test('links to its page, itself, its hub and its other pages (RFC 5005 section 3)', () => {
    const type = 'application/atom+xml';
    const always = [
      { href: 'https://news.example/', rel: 'alternate', type: 'text/html' },
      { href: 'https://news.example/feeds/all.rss?limit=7&content=full', rel: 'self', type },
      { href: 'https://news.example/hub', rel: 'hub' },
    ];
    expect(parsed().links).toEqual(always);
    const page = (name: string) => `https://news.example/feeds/all.atom?before=${name}`;
    const pages = { firstUrl: page('first'), previousUrl: page('previous'), nextUrl: page('next') };
    expect(parsed([], pages).links).toEqual([
      ...always,
      { href: page('first'), rel: 'first', type },
      { href: page('previous'), rel: 'previous', type },
      { href: page('next'), rel: 'next', type },
    ]);
  });

  test('all pages of a feed have one id: the address of the first', () => {
    const firstUrl = 'https://news.example/feeds/all.atom';
    const page = (selfUrl: string) => parsed([], { firstUrl, selfUrl }).id;
    expect(page(firstUrl)).toBe(firstUrl);
    expect(page(`${firstUrl}?before=1-0hindi0000000001`)).toBe(firstUrl);
  });

  test('an entry reads back as the article it was', () => {
    const [entry] = parsed([hindi]).entries ?? [];
    expect(entry).toMatchObject({
      id: 'urn:dateline:0hindi0000000001',
      title: { value: hindi.headline },
      links: [
        { href: hindi.url, rel: 'alternate', type: 'text/html' },
        { href: hindi.canonicalUrl, rel: 'canonical' },
        { href: 'https://ganga-times.example/licence', rel: 'license' },
      ],
      published: '2026-11-22T10:00:00.000Z',
      updated: '2026-11-22T12:00:00.000Z',
      authors: [{ name: 'हिंदी डेस्क', uri: 'https://ganga-times.example/desk' }],
      categories: [{ term: 'संस्कृति' }, { term: 'पुस्तकालय' }, { term: 'गंगा' }],
      summary: { value: hindi.summary },
      content: { value: articleHtml(hindi), type: 'html' },
      rights: { value: '© 2026 गंगा टाइम्स' },
      media: {
        contents: [
          {
            url: 'https://images.example/ghat.jpg',
            medium: 'image',
            title: { value: hindi.image?.alt },
            description: { value: hindi.image?.caption },
            credits: [{ value: 'गंगा टाइम्स' }],
          },
        ],
      },
    });
  });

  test('section 4.2.1: no entry is without an author', () => {
    const publisherNames = new Map([['ganga-times', 'गंगा टाइम्स']]);
    const feed = parsed([english, bengali], { publisherNames });
    expect(feed.authors).toEqual([{ name: 'दैनिक दिशा' }]);
    expect(feed.entries?.map(({ authors }) => authors)).toEqual([
      [{ name: 'Coast desk' }, { name: 'Science desk' }],
      [{ name: 'गंगा टाइम्स' }],
    ]);
    expect(parsed([bengali]).entries?.[0]?.authors).toBeUndefined();
  });

  test('an entry in another language than the feed’s says so', () => {
    const [own, other] = entriesOf([hindi, urdu]);
    expect(own?.attributes).toEqual({});
    expect(other?.attributes).toEqual({ 'xml:lang': 'ur' });
  });

  test('section 4.1.2: an entry without content has an alternate link, and its summary as plain text', () => {
    for (const [index, entry] of entriesOf(cards).entries()) {
      expect(count(entry, 'content')).toBe(0);
      expect(entry.children.some(({ attributes }) => attributes.rel === 'alternate')).toBe(true);
      expect(textOf(entry, 'summary')).toBe(cards[index]?.summary);
    }
  });

  test('a text is text, not HTML: what looks like markup is escaped once', () => {
    const [entry] = entriesOf([{ ...hindi, headline: 'AT&T < 5 <b>', summary: '&lt;' }]);
    const title = entry?.children.find(({ name }) => name === 'title');
    expect(title).toMatchObject({ text: 'AT&T < 5 <b>', attributes: {} });
    expect(textOf(entry, 'summary')).toBe('&lt;');
  });

  test('whatever comes in, the document is well-formed and every entry has what section 4.1.2 requires', () => {
    fc.assert(
      fc.property(fc.array(hostileArticle, { maxLength: 3 }), hostileText, (items, title) => {
        const named = items.map((item, index) => ({ ...item, headline: `${item.headline} ${index}` }));
        const feed = [...named, ...named.map(toCard)];
        const entries = entriesOf(feed, { title: `${title} x`, siteName: `${title} x`, description: title });
        expect(entries).toHaveLength(feed.length);
        for (const entry of entries) {
          for (const name of ['id', 'title', 'updated', 'published']) expect(count(entry, name)).toBe(1);
        }
      }),
      { numRuns: 300 },
    );
  });
});
