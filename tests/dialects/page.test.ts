import { describe, expect, test } from 'vitest';
import { PAGE as HTML } from './documents.ts';
import { draftsOf, eventOf, read } from './reading.ts';

const AT = 'https://valley.example/bridge';
const located = { headers: { 'Content-Location': AT } };

describe('a page', () => {
  test('is an article by its canonical address', () => {
    expect(read(HTML, 'text/html; charset=utf-8', located)).toMatchObject({ source: 'page' });
    const [draft] = draftsOf(HTML, 'text/html', located);
    const url = 'https://valley.example/bridge?a=1&b=2';
    expect(draft).toEqual({ id: url, url, body: { format: 'page', content: HTML } });
  });

  test('without one, by og:url', () => {
    expect(draftsOf(HTML.replace(/<link[^>]*>/, ''), 'text/html')).toMatchObject([
      { id: 'https://other.example/x' },
    ]);
  });

  test('that says nothing of itself, and plain text, by Content-Location', () => {
    expect(draftsOf('<p>Words</p>', 'application/xhtml+xml', located)).toMatchObject([{ id: AT, url: AT }]);
    expect(draftsOf('Headline\n\nWords', 'text/plain', located)).toMatchObject([
      { id: AT, body: { format: 'page' } },
    ]);
    const named = draftsOf('Headline\n\nWords', 'text/plain', { headers: { 'Content-Location': '84213' } });
    expect(named[0]?.id).toBe('84213');
    expect(named[0]).not.toHaveProperty('url');
  });

  test('has its language and its time from headers', () => {
    const headers = {
      ...located.headers,
      'Content-Language': 'hi, en',
      'Last-Modified': 'Fri, 20 Nov 2026 10:00:00 GMT',
    };
    expect(eventOf('Words', 'text/plain', { headers })).toMatchObject({
      revisedAt: '2026-11-20T10:00:00.000Z',
      draft: { language: 'hi', updatedAt: '2026-11-20T10:00:00.000Z' },
    });
  });

  test.each([
    ['of nobody knows which article', 'Words', 'text/plain', {}],
    ['without a word', ' ', 'text/plain', located],
    [
      'with an address that runs',
      HTML.replace('/bridge?a=1&amp;b=2', 'javascript:alert(1)').replace(/<meta.*>/, ''),
      'text/html',
      {},
    ],
  ])('%s is refused', (_what, body, type, options) => {
    const event = eventOf(body, type, options);
    expect(JSON.stringify(event)).not.toContain('"url":"javascript:');
    if (!body.includes('javascript')) expect(event.kind).toBe('refused');
  });
});
