import { reset } from 'cloudflare:test';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Article } from '../../src/domain/article.ts';
import { blockText } from '../../src/domain/blocks.ts';
import type { Warning } from '../../src/domain/draft.ts';
import { asAdmin, payload, register, send } from '../client.ts';

beforeEach(() => reset());

const FIRST =
  'नगर निगम ने पुराने घाट की सीढ़ियों की सफाई का काम शनिवार को फिर से शुरू कर दिया है। काम बारिश से पहले पूरा होना है।';
const SECOND = 'अधिकारियों के अनुसार रविवार को सीढ़ियां खुली रहेंगी, और नावों के लिए दूसरे घाट पर जगह बनाई गई है।';
const PAGE = `<!doctype html><html lang="hi"><head><title>घाट की सफाई फिर शुरू | नमूना</title></head><body>
  <div class="top"><a href="/">होम</a><a href="/c">शहर</a></div>
  <div class="story"><h1>घाट की सफाई फिर शुरू</h1><span class="date">22 नवंबर 2026, 10:30 AM IST</span>
  <section><p>हरिद्वार: ${FIRST}</p></section><section><p>${SECOND}</p></section><section><p>${FIRST.replace('शनिवार', 'सोमवार')}</p></section></div>
  <div class="comments"><p>बहुत अच्छा काम है, हम सब को यह देखकर खुशी हुई।</p></div></body></html>`;

async function preview(data: object, settings: object = {}) {
  const secret = await register('gazette', settings);
  const response = await send(payload({ headline: undefined, ...data }), { secret, path: '/preview' });
  expect(response.status).toBe(200);
  return (await response.json()) as { article: Article; warnings: Warning[] };
}

test('a whole page becomes an article inside workerd, which has neither a DOM nor Node', async () => {
  const { article, warnings } = await preview({ body: { format: 'page', content: PAGE } });
  expect(article).toMatchObject({
    headline: 'घाट की सफाई फिर शुरू',
    language: 'hi',
    dateline: 'हरिद्वार',
    publishedAt: '2026-11-22T05:00:00.000Z',
  });
  expect(article.body.map(blockText)).toEqual([FIRST, SECOND, FIRST.replace('शनिवार', 'सोमवार')]);
  expect(warnings.map(({ excerpt }) => excerpt).join('\n')).toContain('बहुत अच्छा काम है');
});

describe('a publisher’s own boilerplate', () => {
  const body = {
    format: 'html',
    content: `<p>${FIRST}</p><div class="house promo-x">अंक मंगाएं</div><p>- पढ़ते रहिए नमूना -</p><p>${SECOND}</p>`,
  };

  test('is removed from its articles: lines by their words, elements by simple selectors, both with warnings', async () => {
    const boilerplate = { words: ['पढ़ते रहिए, नमूना!'], selectors: ['.promo-x', '[data-slot=a]'] };
    const { article, warnings } = await preview({ headline: 'घाट', body }, { boilerplate });
    expect(article.body.map(blockText)).toEqual([FIRST, SECOND]);
    expect(warnings).toEqual([
      { code: 'boilerplate-dropped', excerpt: 'अंक मंगाएं' },
      { code: 'boilerplate-dropped', excerpt: '- पढ़ते रहिए नमूना -' },
    ]);
    expect(await (await asAdmin('/admin/publishers/gazette', 'GET')).json()).toMatchObject({ boilerplate });
  });

  test('does not apply to other publishers', async () => {
    const { article } = await preview({ headline: 'घाट', body });
    expect(article.body).toHaveLength(4);
  });

  test.each([
    [{ selectors: ['div p'] }],
    [{ selectors: ['.a.b'] }],
    [{ selectors: ['a:hover'] }],
    [{ selectors: ['body'] }],
    [{ selectors: ['.a'.padEnd(200, 'a')] }],
    [{ words: Array.from({ length: 101 }, (_, index) => `line ${index}`) }],
    [{ words: 'not a list' }],
  ])('is refused as %j', async (boilerplate) => {
    const response = await asAdmin('/admin/publishers/gazette', 'PUT', { name: 'The Gazette', boilerplate });
    expect(response.status).toBe(422);
  });
});
