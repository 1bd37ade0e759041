import { describe, expect, test } from 'vitest';
import { en } from '../../src/locales/strings/en.ts';
import { hi } from '../../src/locales/strings/hi.ts';
import { fill, interfaceFor } from '../../src/locales/strings/registry.ts';
import type { Strings } from '../../src/locales/strings/strings.ts';

/** The forms of a phrase that follow a number go by the phrase's name. */
const flat = ({ readingTime, kinds, ...strings }: Strings): [string, string][] => [
  ...Object.entries(strings),
  ...Object.entries(kinds),
  // "One minute" and "two minutes" may be written out.
  ...Object.entries(readingTime).map(([form, text]): [string, string] => [
    `readingTime${/zero|one|two/.test(form) ? `.${form}` : ''}`,
    text,
  ]),
];

const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe('the interface’s words', () => {
  test('a region or script does not matter, an unknown language reads English and says so', () => {
    expect(interfaceFor('hi-IN')).toEqual({ language: 'hi-IN', strings: hi });
    expect(interfaceFor('sw')).toEqual({ language: 'en', strings: en });
    expect(interfaceFor('constructor')).toEqual({ language: 'en', strings: en });
  });

  test.each('ar as bn de es fr gu hi id kn ml mr ne or pa pt ta te ur'.split(' '))(
    '%s has the same words to fill in as English',
    (language) => {
      const { strings } = interfaceFor(language);
      expect(strings).not.toBe(en);
      const english = new Map(flat(en));
      for (const [key, text] of flat(strings)) {
        expect(text.trim()).toBe(text);
        expect(text).not.toBe('');
        if (!key.startsWith('readingTime.'))
          expect(places(text), key).toEqual(places(english.get(key) ?? ''));
      }
    },
  );

  test('what is filled in is taken as it is', () => {
    expect(fill('View on {provider}', { provider: '{minutes} $&' })).toBe('View on {minutes} $&');
    expect(fill('{unknown}', {})).toBe('{unknown}');
  });
});
