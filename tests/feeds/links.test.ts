import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FeedAddress, feedLinks, linkHeader, linkIn } from '../../src/feeds/links.ts';

const URL = 'https://news.example/feeds/all.json';
const at = (id: string) => ({ publishedAt: '2026-11-20T10:00:00.000Z', id });

const address = (before?: string): FeedAddress => ({
  origin: 'https://news.example',
  before: before === undefined ? undefined : at(before),
  urlOf: (from) => (from === undefined ? URL : `${URL}?before=${from.id}`),
});

const hub = 'https://news.example/hub';

describe('the links of a page', () => {
  test('of a feed with one page are itself and the hub', () => {
    expect(feedLinks(address(), {})).toEqual({ self: URL, hub });
  });

  test('of a first page name the next one', () => {
    expect(feedLinks(address(), { next: at('b') })).toEqual({
      ...{ self: URL, hub, first: URL },
      next: `${URL}?before=b`,
    });
  });

  test('of a page in the middle name all of RFC 5005', () => {
    expect(feedLinks(address('c'), { next: at('d'), previous: at('b') })).toEqual({
      ...{ self: `${URL}?before=c`, hub, first: URL },
      ...{ previous: `${URL}?before=b`, next: `${URL}?before=d` },
    });
  });

  test('of the last page have no next; the page before may be the first', () => {
    expect(feedLinks(address('b'), { previous: null })).toEqual({
      ...{ self: `${URL}?before=b`, hub, first: URL },
      previous: URL,
    });
  });
});

describe('a Link header', () => {
  test('has each link with its relation', () => {
    expect(linkHeader({ hub, self: URL })).toBe(`<${hub}>; rel="hub", <${URL}>; rel="self"`);
  });

  test('returns each URL by its relation, and undefined for others', () => {
    const links = fc.record({ self: fc.webUrl({ withQueryParameters: true }), hub: fc.webUrl() });
    fc.assert(
      fc.property(links, (each) => {
        expect(linkIn(linkHeader(each), 'self')).toBe(each.self);
        expect(linkIn(linkHeader(each), 'hub')).toBe(each.hub);
        expect(linkIn(linkHeader(each), 'next')).toBeUndefined();
      }),
    );
    expect(linkIn(null, 'self')).toBeUndefined();
  });
});
