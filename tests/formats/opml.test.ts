import fc from 'fast-check';
import { parseOpml } from 'feedsmith';
import { describe, expect, test } from 'vitest';
import { SCOPE_KINDS, type Scope } from '../../src/domain/site.ts';
import { type ListedFeed, opml } from '../../src/formats/opml.ts';
import { utf8Length } from '../../src/text/bytes.ts';
import { site } from './articles.ts';
import { hostileText } from './hostile.ts';
import { readXml } from './xml.ts';

const AT = '2026-11-22T12:00:00.000Z';
const feeds: ListedFeed[] = [
  { scope: { kind: 'sections', name: 'खेल' }, title: 'खेल' },
  { scope: { kind: 'publishers', name: 'ganga-times' }, title: 'गंगा टाइम्स', language: 'hi' },
  { scope: { kind: 'sections', name: 'A & B' }, title: 'A & B' },
];

describe('OPML 2.0', () => {
  test('has room for 100 feeds of each kind with the longest names, and stops at its bytes', () => {
    const longest = SCOPE_KINDS.flatMap((kind) =>
      Array.from({ length: 100 }, (): ListedFeed => {
        return { scope: { kind, name: 'क'.repeat(120) }, title: '"'.repeat(120) };
      }),
    );
    const whole = opml(site, longest, AT);
    expect(whole.match(/xmlUrl/g)).toHaveLength(501);
    expect(utf8Length(whole)).toBeLessThanOrEqual(4_000_000);
    const cut = opml(site, longest, AT, 100_000);
    expect(utf8Length(cut)).toBeLessThanOrEqual(100_000);
    for (const kind of SCOPE_KINDS) expect(cut).toContain(`/feeds/${kind}/`);
  });

  test('is a subscription list: the feed of everything, then groups of scopes', () => {
    const { head, body } = parseOpml(opml(site, feeds, AT));
    expect(head).toEqual({ title: site.name, dateModified: 'Sun, 22 Nov 2026 12:00:00 GMT' });
    const feed = (text: string, path: string, page: string, rest = {}) => ({
      text,
      title: text,
      type: 'rss',
      version: 'RSS2',
      xmlUrl: `https://news.example/feeds/${path}.rss`,
      htmlUrl: `https://news.example/${page}`,
      ...rest,
    });
    const sport = encodeURIComponent('खेल');
    expect(body?.outlines).toEqual([
      feed(site.name, 'all', ''),
      {
        text: 'publishers',
        title: 'publishers',
        outlines: [feed('गंगा टाइम्स', 'publishers/ganga-times', 'publishers/ganga-times', { language: 'hi' })],
      },
      {
        text: 'sections',
        title: 'sections',
        outlines: [
          feed('खेल', `sections/${sport}`, `sections/${sport}`),
          feed('A & B', 'sections/A%20%26%20B', 'sections/A%20%26%20B'),
        ],
      },
    ]);
  });

  test('of a site without scopes has the feed of everything', () => {
    const root = readXml(opml(site, [], AT));
    expect(root).toMatchObject({ name: 'opml', attributes: { version: '2.0' } });
    expect(parseOpml(opml(site, [], AT)).body?.outlines).toHaveLength(1);
  });

  test('whatever a scope is called, the document is well-formed and lists it', () => {
    fc.assert(
      fc.property(hostileText, (words) => {
        const scope: Scope = { kind: 'tags', name: words.toWellFormed() };
        const root = readXml(opml(site, [{ scope, title: `${words}.` }], AT));
        const [, group] = root.children[1]?.children ?? [];
        expect(group?.children[0]?.attributes.xmlUrl).toBe(
          `https://news.example/feeds/tags/${encodeURIComponent(scope.name)}.rss`,
        );
      }),
      { numRuns: 300 },
    );
  });
});
