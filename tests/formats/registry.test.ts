import { expect, test } from 'vitest';
import { FEED_FORMATS, feedFormat } from '../../src/formats/registry.ts';
import { feedOf, render } from './feeds.ts';

test('a dialect is found by its extension, and no other word finds one', () => {
  for (const format of FEED_FORMATS) expect(feedFormat(format.extension)).toBe(format);
  expect(feedFormat('constructor')).toBeUndefined();
  expect(feedFormat('RSS')).toBeUndefined();
});

test('every dialect names its media type with the charset and writes a feed of everything', () => {
  for (const format of FEED_FORMATS) {
    expect(format.mediaType).toMatch(/^application\/[\w.+-]+; charset=utf-8$/);
    expect(render(format, feedOf())).toContain('urn:dateline:0hindi0000000001');
  }
});
