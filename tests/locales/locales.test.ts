import { describe, expect, test } from 'vitest';
import en from '../../src/locales/en.json' with { type: 'json' };
import hi from '../../src/locales/hi.json' with { type: 'json' };
import { fill, interfaceFor, localeOf } from '../../src/locales/locales.ts';

test.each([
  ['hi', 'hi'],
  ['hi-IN', 'hi'],
  ['pa-Arab', 'pa'],
  ['zh', 'zh-Hans'],
  ['zh-CN', 'zh-Hans'],
  ['zh-TW', 'zh-Hant'],
  ['zh-HK', 'zh-Hant'],
  ['zh-Hant-CN', 'zh-Hant'],
  ['gl-ES', 'gl'],
  ['und', 'und'],
  ['x-own', 'x'],
  ['constructor', 'constructor'],
])('what is known of %s is in the file of %s', (language, tag) => {
  expect(localeOf(language).tag).toBe(tag);
});

test('of a language without a file nothing is known', () => {
  expect(localeOf('eo')).toEqual({ tag: 'eo', lexicon: {} });
});

describe('the interface’s words', () => {
  test('a region or script does not matter, an unknown language reads English and says so', () => {
    expect(interfaceFor('hi-IN')).toEqual({ language: 'hi-IN', strings: hi.interface });
    expect(interfaceFor('eo')).toEqual({ language: 'en', strings: en.interface });
    expect(interfaceFor('constructor')).toEqual({ language: 'en', strings: en.interface });
  });

  test('what is filled in is taken as it is', () => {
    expect(fill('View on {provider}', { provider: '{minutes} $&' })).toBe('View on {minutes} $&');
    expect(fill('{unknown}', {})).toBe('{unknown}');
  });
});
