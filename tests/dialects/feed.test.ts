import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/domain/refusal.ts';
import { ATOM, RSS } from './documents.ts';
import { draftsOf, eventOf, eventsOf, read } from './reading.ts';

describe('RSS', () => {
  test.each(['application/rss+xml', 'application/xml', 'text/xml; charset=utf-8'])('as %s', (type) => {
    expect(read(RSS, type)).toMatchObject({
      source: 'feed',
      items: [{ path: 'item.0' }, { path: 'item.1' }],
    });
  });

  test('each item is an article', () => {
    expect(draftsOf(RSS, 'application/rss+xml')).toEqual([
      {
        id: 'valley-1',
        url: 'https://valley.example/bridge',
        language: 'en-IN',
        headline: 'Bridge & road',
        summary: 'Traffic flows.',
        tags: ['Roads', 'City'],
        authors: [{ name: 'Ravi' }],
        image: { url: 'https://valley.example/b.jpg', width: 1200, height: 800, credit: 'Valley' },
        body: { format: 'html', content: '<p>The bridge is open.</p>' },
        publishedAt: '2026-11-20T10:00:00.000Z',
        updatedAt: '2026-11-20T11:00:00.000Z',
      },
      {
        id: '/second',
        url: 'https://valley.example/second',
        language: 'en-IN',
        headline: 'Second',
        tags: [],
        authors: [],
        image: { url: 'https://valley.example/s.jpg' },
        body: { format: 'html', content: '<p>Only a description.</p>' },
      },
    ]);
  });

  test('an item that lacks something is refused alone', () => {
    const broken = RSS.replace('<title>Second</title>', '');
    expect(read(broken, 'application/rss+xml')).toMatchObject({
      items: [
        { event: { kind: 'published' } },
        { event: { kind: 'refused', issues: [{ path: 'item.1.headline' }] } },
      ],
    });
  });

  test('an item alone', () => {
    const item =
      '<item><title>One</title><guid>1</guid><content:encoded>&lt;p&gt;Words&lt;/p&gt;</content:encoded></item>';
    expect(draftsOf(item, 'application/rss+xml')).toMatchObject([
      { id: '1', headline: 'One', body: { format: 'html', content: '<p>Words</p>' } },
    ]);
  });
});

describe('Atom', () => {
  test('each entry is an article; what it leaves out is the feed’s', () => {
    const events = eventsOf(ATOM, 'application/atom+xml');
    expect(events).toMatchObject([
      {
        kind: 'published',
        revisedAt: '2026-11-20T05:30:00.000Z',
        draft: {
          id: 'urn:valley:1',
          url: 'https://valley.example/bridge',
          language: 'en-IN',
          headline: 'Bridge & road',
          summary: 'Traffic flows.',
          authors: [{ name: 'The desk' }],
          tags: ['Roads'],
          body: { format: 'html', content: '<p>The bridge is open.</p>' },
          publishedAt: '2026-11-20T10:00:00.000Z',
        },
      },
      {
        kind: 'published',
        draft: { id: 'urn:valley:2', headline: 'A <b> in plain text', authors: [{ name: 'Ravi' }] },
      },
      // RFC 6721.
      { kind: 'withdrawn', sourceId: 'urn:valley:&9', revisedAt: '2026-11-20T11:30:00.000Z' },
    ]);
    expect(JSON.stringify(events)).not.toContain('ravi@');
    expect(JSON.stringify(events[1])).toContain('<p>Words.</p>');
  });

  test('an entry alone', () => {
    const entry = `<?xml version="1.0"?>
      <entry xmlns="http://www.w3.org/2005/Atom"><id>urn:1</id><title>One</title><updated>2026-11-20T10:00:00Z</updated>
      <content>Words</content></entry>`;
    expect(draftsOf(entry, 'application/atom+xml')).toMatchObject([
      { id: 'urn:1', headline: 'One', body: { format: 'text', content: 'Words' } },
    ]);
  });

  test('a tombstone inside an article’s words is words', () => {
    const hidden = ATOM.replace(
      '&lt;p&gt;The bridge',
      '<![CDATA[<at:deleted-entry ref="urn:valley:2" when="x">]]>&lt;p&gt;The bridge',
    );
    expect(eventsOf(hidden, 'application/atom+xml').filter(({ kind }) => kind === 'withdrawn')).toHaveLength(
      1,
    );
  });
});

describe('what writers of feeds make of it', () => {
  const channel = (inside: string, more = '') =>
    `<rss version="2.0"${more}><channel><link>https://valley.example/</link>${inside}</channel></rss>`;
  const item = (inside: string, more = '') =>
    draftsOf(
      channel(`<item><guid isPermaLink="false">1</guid><title>T</title>${inside}</item>`, more),
      'text/xml',
    )[0];

  test.each([
    [
      'signs by HTML’s names',
      '<description>A&nbsp;b &eacute; &amp;lt;</description>',
      { body: { content: 'A\u00A0b é &lt;' } },
    ],
    [
      'markup that should have been escaped',
      '<description><p>One</p> two</description>',
      { body: { content: '<p>One</p> two' } },
    ],
    [
      'sections and words in turn',
      '<description>a <![CDATA[<b>b</b> &amp;]]> c</description>',
      { body: { content: 'a <b>b</b> &amp; c' } },
    ],
    [
      'names in other cases',
      '<Description>d</Description><PubDate>Fri, 20 Nov 2026 10:00:00 GMT</PubDate>',
      { publishedAt: '2026-11-20T10:00:00.000Z' },
    ],
    [
      'a writer behind an address',
      '<description>d</description><author>ravi@valley.example (Ravi)</author>',
      { authors: [{ name: 'Ravi' }] },
    ],
    [
      'pictures in a group',
      '<description>d</description><media:group><media:content url="https://valley.example/f.mp4" type="video/mp4"/><media:content url="https://valley.example/g.jpg" type="image/jpeg"/></media:group><media:credit>Asha</media:credit>',
      { image: { url: 'https://valley.example/g.jpg', credit: 'Asha' } },
    ],
    [
      'a thumbnail alone',
      '<description>d</description><media:thumbnail url="https://valley.example/t.jpg"/>',
      { image: { url: 'https://valley.example/t.jpg' } },
    ],
    [
      'Dublin Core alone',
      '<description>d</description><dc:date>2026-11-20T10:00:00Z</dc:date><dc:language>hi</dc:language><dcterms:modified>2026-11-20T11:00:00Z</dcterms:modified>',
      { publishedAt: '2026-11-20T10:00:00.000Z', updatedAt: '2026-11-20T11:00:00.000Z', language: 'hi' },
    ],
  ])('%s', (_what, inside, wanted) => {
    expect(item(inside)).toMatchObject(wanted);
  });

  test('prefixes of their own, by namespace', () => {
    const more =
      ' xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:a10="http://www.w3.org/2005/Atom"';
    const inside =
      '<c:encoded>&lt;p&gt;Whole&lt;/p&gt;</c:encoded><a10:updated>2026-11-20T11:00:00Z</a10:updated><a10:link href="/x"/>';
    expect(item(inside, more)).toMatchObject({
      body: { content: '<p>Whole</p>' },
      updatedAt: '2026-11-20T11:00:00.000Z',
    });
    const prefixed = `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>1</a:id><a:title>T</a:title><a:content>Words</a:content></a:entry></a:feed>`;
    expect(draftsOf(prefixed, 'text/xml')).toMatchObject([
      { id: '1', headline: 'T', body: { content: 'Words' } },
    ]);
  });

  test('RSS 1.0, whose items stand beside the channel', () => {
    const rdf = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://valley.example/"><link>https://valley.example/</link><dc:language>mr</dc:language></channel>
      <item rdf:about="https://valley.example/1"><title>पूल खुला</title><link>/1</link><description>पूल आता खुला आहे.</description><dc:creator>Ravi</dc:creator></item></rdf:RDF>`;
    expect(draftsOf(rdf, 'application/rdf+xml')).toMatchObject([
      {
        id: 'https://valley.example/1',
        url: 'https://valley.example/1',
        headline: 'पूल खुला',
        language: 'mr',
        authors: [{ name: 'Ravi' }],
      },
    ]);
  });

  test('Atom without its namespace, with markup in a title, or of version 0.3', () => {
    const bare =
      '<feed><entry><id>1</id><title type="xhtml"><div>A <b>bold</b> title</div></title><summary>Words</summary></entry></feed>';
    expect(draftsOf(bare, 'text/xml')).toMatchObject([
      { id: '1', headline: 'A bold title', body: { format: 'text' } },
    ]);
    const old =
      '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><id>1</id><title>T</title><issued>2026-11-20T10:00:00Z</issued><content type="text/html" mode="escaped">&lt;p&gt;W&lt;/p&gt;</content></entry></feed>';
    expect(draftsOf(old, 'text/xml')).toMatchObject([
      { publishedAt: '2026-11-20T10:00:00.000Z', body: { format: 'html', content: '<p>W</p>' } },
    ]);
  });
});

describe('hostile or broken', () => {
  test.each([
    ['no feed', '<html><body>x</body></html>'],
    ['nothing', ''],
    ['not XML', 'rss'],
    ['unclosed', '<rss version="2.0"><channel><item><title>x'],
  ])('%s is refused, not thrown at', (_what, xml) => {
    const found = read(xml, 'application/xml');
    if (!(found instanceof Refusal))
      expect(found.items.every(({ event }) => event.kind === 'refused')).toBe(true);
  });

  test('entities of the document’s own are not expanded', () => {
    const bomb = `<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
      <rss version="2.0"><channel><item><guid>1</guid><title>T &b; &x;</title><description>&b;</description></item></channel></rss>`;
    const found = read(bomb, 'application/xml');
    expect(JSON.stringify(found)).not.toMatch(/aaaaaaaaaaaa|root:/);
  });

  test.each([
    ['nested elements', '<a>'.repeat(300_000)],
    ['unclosed sections', '<![CDATA['.repeat(100_000)],
    ['unclosed comments', '<!--'.repeat(200_000)],
    ['unclosed tombstones', '<at:deleted-entry ref="'.repeat(40_000)],
    ['items', '<item>'.repeat(150_000)],
  ])('a MiB of %s is read to its end, within the time a test has', (_what, text) => {
    read(`<rss version="2.0"><channel>${text}`, 'application/xml');
  });

  test('times without a zone, or no times at all, are left out', () => {
    const odd =
      '<rss version="2.0"><channel><item><guid>1</guid><title>T</title><pubDate>yesterday GMT</pubDate></item></channel></rss>';
    expect(eventOf(odd, 'text/xml')).not.toHaveProperty('draft.publishedAt');
  });
});
