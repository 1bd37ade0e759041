import { expect, test } from 'vitest';
import { STYLES } from '../../../src/formats/amp/styles.ts';

test('the style sheet weighs less than 9 KB and reaches for nothing outside the page', () => {
  expect(new TextEncoder().encode(STYLES).length).toBeLessThan(9 * 1024);
  expect(STYLES).not.toMatch(/@import|url\(|!important|<\//);
});

test('making it compact loses no rule', () => {
  expect(STYLES.split('{').length).toBe(STYLES.split('}').length);
  expect(STYLES).toContain(':lang(ur),:lang(ks)');
  expect(STYLES).toContain('@media (prefers-color-scheme:dark){:root{--paper:');
  expect(STYLES).toContain('width:min(72rem,100% - 2rem)');
});
