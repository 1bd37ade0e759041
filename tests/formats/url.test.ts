import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeWebUrl, strictUri } from '../../src/formats/url.ts';

const validator = new Ajv2020();
formats.default(validator);
const isUri = validator.compile({ type: 'string', format: 'uri' });

test('a URL that browsers take is written as RFC 3986 has it', () => {
  const url = 'https://images.example/a|b^c/{1}.jpg?q=[x]&r=50%#s#t';
  expect(isUri(safeWebUrl(url))).toBe(false);
  expect(strictUri(url)).toBe('https://images.example/a%7Cb%5Ec/%7B1%7D.jpg?q=%5Bx%5D&r=50%25#s%23t');
});

test('what is right already stays, an address in brackets and escapes too', () => {
  for (const url of ['http://[2001:db8::1]:8080/a%20b?c=d%26e#f', 'https://ganga-times.example/']) {
    expect(strictUri(url)).toBe(url);
  }
});

test('a URL with a password, and anything but a web URL, is undefined', () => {
  expect(strictUri('https://user:secret@images.example/a.jpg')).toBe('https://images.example/a.jpg');
  for (const url of [undefined, '', '/a', 'javascript:alert(1)', 'mailto:a@b.example']) {
    expect(strictUri(url)).toBeUndefined();
  }
});

test('whatever web URL comes in, a URI with the same meaning comes out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (tail) => {
      const uri = strictUri(`https://a.example/${tail}`) ?? '';
      expect(isUri(uri)).toBe(true);
      expect(strictUri(uri)).toBe(uri);
    }),
    { numRuns: 500 },
  );
});
