import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toCard } from '../../src/domain/article.ts';
import { articleHtml } from '../../src/formats/html.ts';
import { ninjs } from '../../src/formats/ninjs.ts';
import { articles, bengali, english, hindi } from './articles.ts';
import { cards, feedOf, render } from './feeds.ts';
import { hostileArticle } from './hostile.ts';
import schema from './schemas/ninjs-3.1.json' with { type: 'json' };

const read = (...args: Parameters<typeof feedOf>) => JSON.parse(render(ninjs, feedOf(...args)));
const withdrawn = [{ id: '0gone00000000009', at: '2026-11-22T11:00:00.000Z' }];

const valid = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
formats.default(valid);
const isNinjs = valid.compile(schema);
const faults = (document: unknown) => (isNinjs(document) ? [] : isNinjs.errors);

describe('IPTC ninjs 3.1', () => {
  test('has its extension, and the media type of JSON, for none of its own is registered', () => {
    expect(ninjs.extension).toBe('ninjs');
    expect(ninjs.mediaType).toBe('application/json; charset=utf-8');
  });

  test('is valid against its schema: in full, as summaries, with what was withdrawn, empty', () => {
    expect(faults(read(articles, { withdrawn }))).toEqual([]);
    expect(faults(read(cards))).toEqual([]);
    expect(faults(read([]))).toEqual([]);
  });

  test('and the schema would say if it were not', () => {
    expect(faults({ ...read(), next: 'https://news.example/' })).not.toEqual([]);
    expect(faults({ type: 'composite', associations: [] })).not.toEqual([]);
    expect(faults({ uri: 'urn:x:y', associations: [{ uri: 'urn:x:z' }] })).not.toEqual([]);
    expect(
      faults({ uri: 'urn:x:y', associations: [{ uri: 'urn:x:z', name: 'z', pubstatus: 'usable' }] }),
    ).not.toEqual([]);
    expect(faults({ uri: 'urn:x:y', versionCreated: 'yesterday' })).not.toEqual([]);
  });

  test('is one composite news object', () => {
    expect(read([])).toEqual({
      uri: 'https://news.example/feeds/all.rss?limit=7&content=full',
      standard: {
        name: 'ninjs',
        version: '3.1',
        schema: 'https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json',
      },
      type: 'composite',
      title: 'दैनिक दिशा',
      descriptions: [{ role: 'summary', contentType: 'text/plain', value: 'देश-दुनिया की ख़बरें, कई भाषाओं में' }],
      language: 'hi',
      versionCreated: '2026-11-22T12:00:00.000Z',
      associations: [],
    });
  });

  test('an item has all the article has', () => {
    const rights = { ...hindi.rights, usageTerms: 'केवल वेब पर' };
    const publisherNames = new Map([['ganga-times', 'गंगा टाइम्स']]);
    const expiresAt = '2027-01-01T00:00:00.000Z';
    expect(read([{ ...hindi, rights, expiresAt }], { publisherNames }).associations).toEqual([
      {
        uri: 'urn:dateline:0hindi0000000001',
        name: hindi.headline,
        type: 'text',
        representationType: 'full',
        version: '3',
        pubStatus: 'usable',
        firstCreated: hindi.publishedAt,
        contentCreated: hindi.publishedAt,
        versionCreated: hindi.updatedAt,
        expires: expiresAt,
        language: 'hi',
        headlines: [{ role: 'main', contentType: 'text/plain', value: hindi.headline }],
        descriptions: [
          { role: 'summary', contentType: 'text/plain', value: hindi.summary },
          { role: 'correction', contentType: 'text/plain', value: hindi.corrections[0]?.note },
        ],
        bodies: [{ role: 'main', contentType: 'text/html', wordCount: 120, value: articleHtml(hindi) }],
        by: 'हिंदी डेस्क',
        people: [{ name: 'हिंदी डेस्क', rel: 'author', uri: 'https://ganga-times.example/desk' }],
        located: 'हरिद्वार',
        subjects: [
          { name: 'संस्कृति', rel: 'section' },
          { name: 'पुस्तकालय', rel: 'tag' },
          { name: 'गंगा', rel: 'tag' },
        ],
        infoSources: [
          { name: 'गंगा टाइम्स', role: 'publisher', literal: 'ganga-times' },
          { name: '(भाषा)', role: 'credit' },
        ],
        copyrightNotice: '© 2026 गंगा टाइम्स',
        usageTerms: 'केवल वेब पर',
        rightsInfo: { linkedRights: 'https://ganga-times.example/licence' },
        renditions: [
          { name: 'web', contentType: 'text/html', href: hindi.url },
          { name: 'canonical', contentType: 'text/html', href: hindi.canonicalUrl },
        ],
        associations: [
          {
            uri: 'https://images.example/ghat.jpg',
            name: hindi.image?.alt,
            rel: 'leadPicture',
            type: 'picture',
            by: 'गंगा टाइम्स',
            descriptions: [
              { role: 'caption', contentType: 'text/plain', value: hindi.image?.caption },
              { role: 'altText', contentType: 'text/plain', value: hindi.image?.alt },
            ],
            renditions: [{ name: 'web', href: 'https://images.example/ghat.jpg', width: 1200, height: 675 }],
          },
        ],
      },
    ]);
  });

  test('every author is in the byline and among the people, and absent things are absent', () => {
    const [some, none] = read([english, bengali]).associations;
    expect(some.by).toBe('Coast desk, Science desk');
    expect(some.people).toEqual([
      { name: 'Coast desk', rel: 'author' },
      { name: 'Science desk', rel: 'author' },
    ]);
    for (const name of ['by', 'people', 'located', 'rightsInfo', 'associations', 'expires']) {
      expect(none).not.toHaveProperty(name);
    }
  });

  test('a licence that is only a name is one of the terms', () => {
    const rights = { licence: 'standard', usageTerms: 'web only' };
    const [item] = read([{ ...hindi, rights }]).associations;
    expect(item.usageTerms).toBe('web only\nstandard');
    expect(item).not.toHaveProperty('rightsInfo');
  });

  test('a summary is a partial representation without a body', () => {
    for (const item of read(cards).associations) {
      expect(item.representationType).toBe('partial');
      expect(item).not.toHaveProperty('bodies');
    }
  });

  test('a withdrawn article is an item that is canceled, with none of its words', () => {
    const { associations } = read([hindi], { withdrawn });
    expect(associations).toHaveLength(2);
    expect(associations[1]).toEqual({
      uri: 'urn:dateline:0gone00000000009',
      name: 'Withdrawn',
      type: 'text',
      pubStatus: 'canceled',
      versionCreated: '2026-11-22T11:00:00.000Z',
    });
  });

  test('whatever comes in, the document is valid', () => {
    fc.assert(
      fc.property(fc.array(hostileArticle, { maxLength: 2 }), (items) => {
        expect(faults(read([...items, ...items.map(toCard)], { withdrawn }))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
