import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DIALECTS } from '../../src/dialects/registry.ts';
import { DIALECT_NAMES } from '../../src/domain/publisher.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { eventsOf, read } from './reading.ts';

const TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'application/xml',
  'text/html',
  'text/plain',
  'image/png',
];
const NAMES = [
  'id',
  'ID',
  'uri',
  'type',
  'title',
  'headline',
  'post',
  'current',
  'previous',
  'status',
  'items',
  '@type',
  '@graph',
  'content_html',
  'associations',
  'bodies',
  'data',
  'post_title',
  'date_gmt',
  'hook',
  'authors',
  '_embedded',
  'wp:term',
  '__proto__',
];
const VALUES = [
  'NewsArticle',
  'post',
  'publish',
  'published',
  'article.published',
  'composite',
  'https://jsonfeed.org/version/1',
  'x',
];

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(...VALUES),
    fc.jsonValue(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 8 }),
  ),
})).value;

test('every name of the settings has its dialect', () => {
  expect(DIALECTS.map(({ name }) => name).sort()).toEqual([...DIALECT_NAMES].sort());
});

describe('no body makes a source throw', () => {
  const holds = (
    body: string | Uint8Array<ArrayBuffer> | object,
    type: string,
    source: (typeof DIALECT_NAMES)[number] | undefined,
  ) => {
    const found = read(body, type, { ...(source && { source }) });
    expect(found instanceof Refusal || Array.isArray(found.items)).toBe(true);
  };
  const source = fc.option(fc.constantFrom(...DIALECT_NAMES), { nil: undefined });

  test('any bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(...TYPES),
        source,
        (bytes, type, named) => holds(Uint8Array.from(bytes), type, named),
      ),
    );
  });

  test('any JSON of the dialects’ own names', () => {
    fc.assert(
      fc.property(json, source, (value, named) => holds(JSON.stringify(value), 'application/json', named)),
      {
        numRuns: 500,
      },
    );
  });

  test('any XML of the dialects’ own elements', () => {
    const piece = fc.constantFrom(
      '<rss version="2.0">',
      '<feed xmlns="http://www.w3.org/2005/Atom">',
      '<channel>',
      '<item>',
      '</item>',
      '<entry>',
      '</entry>',
      '<title>',
      '</title>',
      '<guid>',
      '<id>',
      'x',
      '&amp;',
      '<![CDATA[',
      ']]>',
      '<!--',
      '<link href="/"/>',
      '<at:deleted-entry ref="1"/>',
      '</channel></rss>',
      '</feed>',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), source, (pieces, named) =>
        holds(pieces.join(''), 'application/xml', named),
      ),
      { numRuns: 500 },
    );
  });
});

describe('what a dialect does not know changes nothing', () => {
  const PAYLOADS: Record<string, Record<string, unknown>> = {
    ghost: {
      post: {
        current: {
          id: '1',
          title: 'T',
          status: 'published',
          html: '<p>x</p>',
          updated_at: '2026-11-20T10:00:00.000Z',
        },
      },
    },
    wordpress: {
      id: 1,
      status: 'publish',
      type: 'post',
      date_gmt: '2026-11-20T10:00:00',
      title: { rendered: 'T' },
      content: { rendered: 'x' },
    },
    'json-feed': { id: '1', title: 'T', content_html: '<p>x</p>' },
    ninjs: { uri: 'urn:1', versioncreated: '2026-11-20T10:00:00Z', headline: 'T', body_html: '<p>x</p>' },
    'schema-org': { '@type': 'NewsArticle', '@id': 'urn:1', headline: 'T', articleBody: 'x' },
    native: { type: 'article.published', data: { id: '1', headline: 'T' } },
  };

  test.each(Object.entries(PAYLOADS))('%s: neither fields of no meaning nor their order', (name, payload) => {
    expect(read(payload)).toMatchObject({ source: name });
    const events = eventsOf(payload);
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1 }).map((key) => `x_${key}`),
          fc.jsonValue(),
          { maxKeys: 5 },
        ),
        fc.boolean(),
        (extras, first) => {
          const entries = Object.entries(payload).reverse();
          const body = Object.fromEntries(
            first ? [...Object.entries(extras), ...entries] : [...entries, ...Object.entries(extras)],
          );
          expect(read(body)).toMatchObject({ source: name });
          expect(eventsOf(body)).toEqual(events);
        },
      ),
    );
  });
});
