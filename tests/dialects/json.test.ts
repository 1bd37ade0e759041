import { describe, expect, test } from 'vitest';
import { NEWS_ARTICLE as ARTICLE, JSON_FEED as FEED, NINJS_1 as V1, NINJS_2 as V2 } from './documents.ts';
import { draftsOf, eventOf, eventsOf, read } from './reading.ts';

describe('JSON Feed', () => {
  // After jsonfeed.org/version/1.1.
  test('a feed’s items are the articles', () => {
    expect(read(FEED, 'application/feed+json')).toMatchObject({ source: 'json-feed' });
    expect(draftsOf(FEED)).toEqual([
      {
        id: '1',
        url: 'https://valley.example/1',
        language: 'en',
        headline: 'One & only',
        summary: 'Short',
        tags: ['Roads'],
        authors: [{ name: 'Ravi' }],
        image: { url: 'https://valley.example/1.jpg' },
        body: { format: 'html', content: '<p>Words</p>' },
        publishedAt: '2026-11-20T10:00:00.000Z',
        updatedAt: '2026-11-20T11:00:00.000Z',
      },
      {
        id: '2',
        language: 'en-IN',
        headline: 'Two',
        tags: [],
        authors: [{ name: 'The desk', url: 'https://valley.example/desk' }],
        image: { url: 'https://valley.example/2.jpg' },
        body: { format: 'text', content: 'Plain' },
      },
    ]);
  });

  test('one item alone, and version 1.0’s author', () => {
    const item = { id: '3', title: 'Three', content_html: '<p>x</p>', author: { name: 'Old' } };
    expect(read(item)).toMatchObject({ source: 'json-feed', items: [{ path: '' }] });
    expect(draftsOf(item)).toMatchObject([{ authors: [{ name: 'Old' }] }]);
  });

  test('an item without a title, and an entry that is not an item, are refused without the others', () => {
    const items = [FEED.items[0], { id: '4', content_text: 'no title' }, null, 'x'];
    expect(eventsOf({ ...FEED, items }).map(({ kind }) => kind)).toEqual([
      'published',
      'refused',
      'refused',
      'refused',
    ]);
  });
});

describe('ninjs', () => {
  // After the examples beside IPTC's schemas.
  const camel = (name: string) =>
    name
      .replace('contenttype', 'contentType')
      .replace('versioncreated', 'versionCreated')
      .replace('pubstatus', 'pubStatus')
      .replace('rightsinfo', 'rightsInfo')
      .replace('linkedrights', 'linkedRights');
  const V3 = JSON.parse(
    JSON.stringify(V2)
      .replace(/"\w+":/g, camel)
      .replace('2.1', '3.1'),
  );

  test('1.x', () => {
    expect(read(V1)).toMatchObject({ source: 'ninjs' });
    expect(draftsOf(V1)).toMatchObject([
      {
        id: V1.uri,
        url: V1.uri,
        language: 'en',
        headline: 'Captain on trial',
        summary: 'The trial began.',
        dateline: 'Grosseto, Italy',
        authors: [{ name: 'Paulo One' }, { name: 'Frances Two' }],
        tags: ['Courts'],
        image: {
          url: 'https://agency.example/w.jpg',
          width: 1000,
          height: 600,
          caption: 'The theatre',
          credit: 'Lens',
        },
        body: { format: 'html', content: '<p>The trial began in a theatre.</p>' },
        rights: { copyright: 'The Agency', usageTerms: 'No archives' },
        publishedAt: '2026-11-20T10:00:00.000Z',
        updatedAt: '2026-11-20T11:00:00.000Z',
        embargoUntil: '2026-11-21T09:00:00.000Z',
      },
    ]);
  });

  test('2.x', () => {
    expect(draftsOf(V2)).toMatchObject([
      {
        id: 'urn:agency:2',
        url: 'https://agency.example/news/2',
        headline: 'Main headline',
        summary: 'In short.',
        section: 'City',
        tags: ['Courts'],
        authors: [{ name: 'Ravi' }],
        image: { url: 'https://agency.example/2.jpg' },
        body: { format: 'html', content: '<p>Words.</p>' },
        rights: { licence: 'https://agency.example/licence' },
      },
    ]);
  });

  test('3.x is 2.x in camel case', () => {
    expect(Object.keys(V3)).toContain('versionCreated');
    expect(read(V3)).toMatchObject({ source: 'ninjs' });
    expect(draftsOf(V3)).toEqual(draftsOf(V2));
  });

  test('Superdesk’s, with a guid', () => {
    const { uri, ...rest } = V1;
    expect(draftsOf({ ...rest, guid: uri })[0]?.id).toBe(uri);
  });

  test.each([
    [
      'canceled',
      { pubstatus: 'canceled' },
      { kind: 'withdrawn', sourceId: V1.uri, revisedAt: '2026-11-20T11:00:00.000Z' },
    ],
    ['withheld', { pubstatus: 'withheld' }, { kind: 'withdrawn', ifHeld: true }],
    ['a picture', { type: 'picture' }, { kind: 'ignored' }],
    ['a plan', { type: 'planning' }, { kind: 'ignored' }],
    ['without a headline', { headline: 7 }, { kind: 'refused' }],
    ['associations of the wrong kind', { associations: 'x', renditions: 7 }, { kind: 'published' }],
  ])('%s', (_what, changes, expected) => {
    expect(eventOf({ ...V1, ...changes })).toMatchObject(expected);
  });

  test('a composite is as many articles as it has texts', () => {
    const composite = {
      uri: 'urn:p',
      type: 'composite',
      versionCreated: 'x',
      associations: [V3, { ...V3, uri: 'urn:agency:3' }, { type: 'picture' }],
    };
    expect(read(composite)).toMatchObject({
      items: [
        { path: 'associations.0', event: { draft: { id: 'urn:agency:2' } } },
        { path: 'associations.1', event: { draft: { id: 'urn:agency:3' } } },
      ],
    });
  });
});

describe('schema.org', () => {
  // After schema.org/NewsArticle and developers.google.com/search/docs/appearance/structured-data/article.
  test('a NewsArticle', () => {
    expect(read(ARTICLE, 'application/ld+json')).toMatchObject({ source: 'schema-org' });
    expect(draftsOf(ARTICLE)).toMatchObject([
      {
        id: 'https://valley.example/1#article',
        url: 'https://valley.example/1',
        language: 'en',
        headline: 'Bridge & road',
        summary: 'Traffic flows.',
        section: 'Roads',
        tags: ['bridge', 'traffic'],
        authors: [{ name: 'Ravi', url: 'https://valley.example/ravi' }],
        image: { url: 'https://valley.example/b.jpg', width: 1200, height: 800 },
        body: { format: 'text', content: 'The bridge is open.\n\nTraffic flows.' },
        rights: { copyright: '© Valley' },
        publishedAt: '2026-11-20T10:00:00.000Z',
        updatedAt: '2026-11-20T11:00:00.000Z',
        expiresAt: '2027-11-20T00:00:00.000Z',
      },
    ]);
    expect(JSON.stringify(draftsOf(ARTICLE))).not.toContain('ravi@');
  });

  test.each([
    [
      'in a graph',
      { '@context': 'https://schema.org', '@graph': [{ '@type': 'Organization' }, ARTICLE] },
      '@graph.1',
    ],
    ['in a list', [ARTICLE], '0'],
    ['of several types', { ...ARTICLE, '@type': ['Article', 'ReportageNewsArticle'] }, ''],
    ['by the type’s whole address', { ...ARTICLE, '@type': 'https://schema.org/NewsArticle' }, ''],
  ])('%s', (_what, body, path) => {
    expect(read(body)).toMatchObject({ source: 'schema-org', items: [{ path }] });
    expect(draftsOf(body)).toEqual(draftsOf(ARTICLE));
  });

  test('markup in its body is markup', () => {
    expect(draftsOf({ ...ARTICLE, articleBody: '<p>One</p>' })[0]?.body).toEqual({
      format: 'html',
      content: '<p>One</p>',
    });
  });

  test.each([
    ['withdrawn', { creativeWorkStatus: 'Withdrawn' }, { kind: 'withdrawn', sourceId: ARTICLE['@id'] }],
    ['a draft', { creativeWorkStatus: 'Draft' }, { kind: 'withdrawn', ifHeld: true }],
    ['without an id or address', { '@id': undefined, mainEntityOfPage: 7 }, { kind: 'refused' }],
    [
      'with values of other kinds',
      { author: 7, image: [[]], keywords: {}, datePublished: 'today' },
      { kind: 'published' },
    ],
  ])('%s', (_what, changes, expected) => {
    expect(eventOf({ ...ARTICLE, ...changes })).toMatchObject(expected);
  });
});
