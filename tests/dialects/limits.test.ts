import { describe, expect, test } from 'vitest';
import type { Payload } from '../../src/dialects/payload.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { eventOf, read } from './reading.ts';

const MAX = 100;

/** Reads with a limit of items, as intake does; throws when an item over the limit is read. */
function readAtMost(payload: Payload, maxItems = MAX) {
  const dialect = dialectOf(payload, undefined);
  if (dialect instanceof Refusal) throw new Error(JSON.stringify(dialect));
  return dialect.read(payload, { maxItems });
}

const json = (value: unknown): Payload => ({ kind: 'json', value, headers: new Headers() });
const xml = (text: string): Payload => ({ kind: 'xml', text, headers: new Headers() });

/** As many items in each dialect that holds several. `read` is called when an item's body is read. */
const DOCUMENTS: Record<string, (count: number, read: () => void) => Payload> = {
  RSS: (count) =>
    xml(`<rss><channel>${'<item><guid>1</guid><title>a</title></item>'.repeat(count)}</channel></rss>`),
  'RSS 1.0': (count) => xml(`<rdf:RDF>${'<item/>'.repeat(count)}</rdf:RDF>`),
  Atom: (count) => xml(`<feed>${'<entry/>'.repeat(count)}</feed>`),
  "Atom's tombstones": (count) => xml(`<feed>${'<at:deleted-entry ref="a"/>'.repeat(count)}</feed>`),
  'WordPress export': (count) =>
    xml(
      `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>${'<item><wp:post_id>1</wp:post_id></item>'.repeat(count)}</channel></rss>`,
    ),
  'an item that is cut off': (count) => xml(`<rss><channel>${'<item/>'.repeat(count - 1)}<item>`),
  'JSON Feed': (count, read) =>
    json({
      version: 'https://jsonfeed.org/version/1.1',
      items: Array(count).fill(watched({ id: '1', title: 'a' }, 'content_html', read)),
    }),
  'WordPress posts': (count, read) =>
    json(Array(count).fill(watched({ id: 1, title: 'a', date_gmt: '' }, 'content', read))),
  'schema.org list': (count, read) =>
    json(Array(count).fill(watched({ '@type': 'NewsArticle', '@id': 'a' }, 'articleBody', read))),
  'schema.org graph': (count, read) =>
    json({
      '@graph': Array(count).fill(watched({ '@type': 'NewsArticle', '@id': 'a' }, 'articleBody', read)),
    }),
  'ninjs package': (count) =>
    json({
      uri: 'urn:a',
      type: 'composite',
      versioncreated: 'x',
      associations: Array.from({ length: count }, (_, index) => ({ uri: `urn:${index}`, headline: 'a' })),
    }),
};

function watched(object: object, member: string, read: () => void): object {
  return Object.defineProperty({ ...object }, member, { enumerable: false, get: () => void read() });
}

describe('items are counted before they are read', () => {
  test.each(Object.entries(DOCUMENTS))('%s', (_name, document) => {
    let reads = 0;
    const count = () => {
      reads += 1;
    };
    const few = readAtMost(document(MAX, count));
    expect(few instanceof Refusal ? few : few.length).toBe(MAX);
    if (document.length === 2) expect(reads).toBeGreaterThan(0);
    reads = 0;
    const many = readAtMost(document(5_000, count));
    expect(many).toMatchObject({
      reason: 'invalid',
      details: { issues: [{ path: '', message: 'contains 5000 articles; the limit is 100 per delivery' }] },
    });
    expect(reads).toBe(0);
  });

  test('without a limit, as on the command line, all are read', () => {
    for (const document of Object.values(DOCUMENTS)) {
      expect(
        readAtMost(
          document(150, () => {}),
          Number.POSITIVE_INFINITY,
        ),
      ).toHaveLength(150);
    }
  });
});

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `name ${index}`);

/** An article with as many tags and authors in each dialect that has them. */
const ARTICLES: Record<string, (count: number) => [body: string | object, type?: string]> = {
  RSS: (count) => [
    `<rss><channel><item><guid>1</guid><title>a</title>${numbered(count)
      .map((name) => `<category>${name}</category><dc:creator>${name}</dc:creator>`)
      .join('')}</item></channel></rss>`,
    'application/rss+xml',
  ],
  Atom: (count) => [
    `<entry><id>1</id><title>a</title>${numbered(count)
      .map((name) => `<category term="${name}"/><author><name>${name}</name></author>`)
      .join('')}</entry>`,
    'application/atom+xml',
  ],
  'JSON Feed': (count) => [
    {
      id: '1',
      title: 'a',
      content_text: 'b',
      tags: numbered(count),
      authors: numbered(count).map((name) => ({ name })),
    },
  ],
  Ghost: (count) => {
    const names = numbered(count).map((name) => ({ name }));
    return [{ post: { current: { id: '1', title: 'a', status: 'published', tags: names, authors: names } } }];
  },
  WordPress: (count) => [
    {
      ...{ id: 1, title: 'a', date_gmt: '' },
      _embedded: {
        author: numbered(count).map((name) => ({ name })),
        'wp:term': [numbered(count).map((name) => ({ taxonomy: 'post_tag', name }))],
      },
    },
  ],
  ninjs: (count) => [
    {
      ...{ uri: 'urn:1', headline: 'a', versioncreated: '2026-11-20T11:00:00Z' },
      subject: numbered(count).map((name) => ({ name })),
      person: numbered(count).map((name) => ({ name, rel: 'author' })),
    },
  ],
  'schema.org': (count) => [
    {
      ...{ '@type': 'NewsArticle', '@id': 'https://a.example/1', headline: 'a' },
      keywords: numbered(count),
      author: numbered(count).map((name) => ({ '@type': 'Person', name })),
    },
  ],
};

describe('of long lists, the first entries are kept and the others counted', () => {
  test.each(Object.entries(ARTICLES))('%s', (_name, article) => {
    const event = eventOf(...article(60));
    expect(event).toMatchObject({
      kind: 'published',
      draft: { tags: numbered(50), authors: numbered(20).map((name) => ({ name })) },
      warnings: [
        { code: 'list-shortened', excerpt: 'tags: the first 50 kept, 10 left out' },
        { code: 'list-shortened', excerpt: 'authors: the first 20 kept, 40 left out' },
      ],
    });
  });

  test.each(Object.entries(ARTICLES))('%s, with thousands', (_name, article) => {
    const event = eventOf(...article(3_000));
    expect(event).toMatchObject({ kind: 'published', draft: { tags: numbered(50) } });
    const excerpts = 'warnings' in event ? (event.warnings ?? []).map(({ excerpt }) => excerpt) : [];
    expect(excerpts).toHaveLength(2);
    for (const excerpt of excerpts) expect(excerpt).toMatch(/kept, at least \d+ left out$/);
  });

  test('a tag sent twice counts once', () => {
    const tags = [...numbered(40), ...numbered(40)];
    expect(eventOf({ id: '1', title: 'a', content_text: 'b', tags })).not.toHaveProperty('warnings');
  });
});

describe('deep nesting never overflows the stack', () => {
  const deep = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  const deepObject = (key: string, depth: number): unknown =>
    JSON.parse(`${`{"${key}":`.repeat(depth)}1${'}'.repeat(depth)}`);

  const DEPTH = 20_000;
  const DEEP = [deep(DEPTH), deepObject('value', DEPTH), deepObject('name', DEPTH), [deep(DEPTH)]];

  const MEMBERS = [
    ...['id', 'title', 'content', 'excerpt', 'tags', 'authors', 'author', '_embedded', 'date_gmt', 'status'],
    ...['headline', 'keywords', 'image', 'mainEntityOfPage', 'identifier', 'articleBody', 'publisher'],
    ...['uri', 'versioncreated', 'associations', 'renditions', 'subject', 'bodies', 'rightsinfo', 'type'],
  ];
  const ENVELOPES: Record<string, (member: object) => object> = {
    native: (member) => ({ type: 'article.published', data: { id: '1', headline: 'a', ...member } }),
    'JSON Feed': (member) => ({ id: '1', title: 'a', content_text: 'b', ...member }),
    Ghost: (member) => ({ post: { current: { id: '1', title: 'a', status: 'published', ...member } } }),
    WordPress: (member) => ({ id: 1, title: 'a', date_gmt: '', ...member }),
    'WordPress row': (member) => ({ ID: 1, post_title: 'a', post_status: 'publish', ...member }),
    ninjs: (member) => ({ uri: 'urn:1', headline: 'a', versioncreated: 'x', ...member }),
    'schema.org': (member) => ({ '@type': 'NewsArticle', '@id': 'urn:1', headline: 'a', ...member }),
  };

  test.each(Object.entries(ENVELOPES))('%s', (_name, envelope) => {
    for (const member of MEMBERS) {
      for (const value of DEEP) {
        const payload = json(envelope({ [member]: value }));
        expect(() => readAtMost(payload), member).not.toThrow();
      }
    }
  });

  test('a document of nothing but brackets, and XML', () => {
    expect(() => readAtMost(json(deep(DEPTH)))).not.toThrow();
    expect(() => readAtMost(json(deepObject('post', DEPTH)))).not.toThrow();
    const elements = '<a>'.repeat(100_000);
    expect(() => read(`<rss><channel><item>${elements}`, 'application/xml')).not.toThrow();
    expect(() => read(`<feed><entry><content type="xhtml">${elements}`, 'application/xml')).not.toThrow();
  });
});

test('the hundred first namespaces of an XML document have their usual prefixes', () => {
  const other = (count: number) =>
    Array.from({ length: count }, (_, index) => `xmlns:a${index}="http://purl.org/dc/elements/1.1/"`).join(
      ' ',
    );
  const feed = (count: number) =>
    `<rss ${other(count)}><channel><item><guid>1</guid><title>a</title><a${count - 1}:creator>Ravi</a${count - 1}:creator></item></channel></rss>`;
  expect(eventOf(feed(100), 'application/rss+xml')).toMatchObject({ draft: { authors: [{ name: 'Ravi' }] } });
  expect(eventOf(feed(101), 'application/rss+xml')).toMatchObject({ draft: { authors: [] } });
});
