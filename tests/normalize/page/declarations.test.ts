import { describe, expect, test } from 'vitest';
import { draft, read } from '../drafts.ts';

const STORY = `<p>The river port reopened on Saturday after two years in which no vessel could pass the bridge.</p>
  <p>Small boats may land at the old steps again from Monday, and the fee has been halved for a month.</p>`;
const page = (head: string, lead = '') =>
  `<!doctype html><html lang="en"><head>${head}</head><body><main><h1>Port reopens</h1>${lead}${STORY}</main></body></html>`;
const meta = (name: string, content: string) => `<meta name="${name}" content="${content}">`;
const of = (head: string, lead?: string) => read(draft('page', page(head, lead)));

describe('meta elements in the vocabularies in use', () => {
  test.each([
    ['parsely-pub-date', '2026-11-22T05:00:00Z', { publishedAt: '2026-11-22T05:00:00.000Z' }],
    ['dc.date.issued', '2026-11-22T10:30:00+05:30', { publishedAt: '2026-11-22T05:00:00.000Z' }],
    ['dcterms.modified', '2026-11-22T05:00:00Z', { updatedAt: '2026-11-22T05:00:00.000Z' }],
    ['parsely-author', 'Harbour Desk', { authors: [{ name: 'Harbour Desk' }] }],
    ['DC.creator', 'Harbour Desk', { authors: [{ name: 'Harbour Desk' }] }],
    ['parsely-section', 'City', { section: 'City' }],
    ['news_keywords', 'river, port', { tags: ['river', 'port'] }],
    ['keywords', 'नदी, बंदरगाह', { tags: ['नदी', 'बंदरगाह'] }],
    [
      'twitter:image:src',
      'https://publisher.example/b.jpg',
      { image: { url: 'https://publisher.example/b.jpg' } },
    ],
    ['twitter:description', 'Barges again.', { summary: 'Barges again.' }],
  ])('%s', async (name, content, found) => {
    expect(await of(meta(name, content))).toMatchObject(found);
  });

  test('an address is no author, and a time without a zone does not stand in the way of one with it', async () => {
    const head =
      meta('article:author', 'https://publisher.example/desk') +
      meta('article:published_time', '2026-11-22T10:30:00') +
      meta('datePublished', '2026-11-22T10:30:00+05:30');
    const article = await of(head);
    expect(article.authors).toEqual([]);
    expect(article.publishedAt).toBe('2026-11-22T05:00:00.000Z');
  });
});

describe('the markup, where nothing more to be trusted says it', () => {
  test.each([
    ['<span class="byline">By Harbour Desk</span>', { authors: [{ name: 'Harbour Desk' }] }],
    ['<p><a rel="author" href="/desk">Harbour Desk</a></p>', { authors: [{ name: 'Harbour Desk' }] }],
    ['<span itemprop="author"><b>Harbour</b> Desk</span>', { authors: [{ name: 'Harbour Desk' }] }],
    ['<time datetime="2026-11-22T10:30:00+05:30">Sunday</time>', { publishedAt: '2026-11-22T05:00:00.000Z' }],
    [
      '<time itemprop="dateModified" datetime="2026-11-22T05:00:00Z">Sunday</time>',
      { updatedAt: '2026-11-22T05:00:00.000Z' },
    ],
    ['<div class="publish-date">22 Nov 2026, 10:30 IST</div>', { publishedAt: '2026-11-22T05:00:00.000Z' }],
    ['<p>Updated: Nov 22, 2026 10:30 IST</p>', { updatedAt: '2026-11-22T05:00:00.000Z' }],
  ])('%s', async (lead, found) => {
    expect(await of('', lead)).toMatchObject(found);
  });

  test('goes behind the head, which goes behind JSON-LD', async () => {
    const lead = '<span class="byline">By Markup Desk</span>';
    expect((await of(meta('author', 'Head Desk'), lead)).authors).toEqual([{ name: 'Head Desk' }]);
    const json = '{"@type":"ReportageNewsArticle","author":{"name":"Graph Desk",},}';
    const head = `${meta('author', 'Head Desk')}<script type="application/ld+json">//<![CDATA[\n${json}\n//]]></script>`;
    expect((await of(head, lead)).authors).toEqual([{ name: 'Graph Desk' }]);
  });
});

test('a title loses what the site adds to it, also where no site is named', async () => {
  expect((await of('<title>Port reopens - City Herald</title>')).headline).toBe('Port reopens');
  const print = `<html><head><title>Port reopens - City Herald</title></head><body><h2>Port reopens</h2>${STORY}</body></html>`;
  expect((await read(draft('page', print))).headline).toBe('Port reopens');
});

describe('JSON-LD’s own text of the article', () => {
  const paragraphs = Array.from(
    { length: 6 },
    (_, index) =>
      `Sentence ${index} of the story says where the ${['boats', 'steps', 'nets', 'ropes', 'lamps', 'bells'][index]} of the old port are kept in winter.`,
  );
  const script = (body: string) =>
    `<script type="application/ld+json">${JSON.stringify({ '@type': 'NewsArticle', articleBody: body })}</script>`;
  const around = (head: string, html: string) =>
    `<html><head>${head}</head><body><div><h1>Port reopens</h1>${html}</div></body></html>`;
  const words = (article: { body: unknown[] }) => JSON.stringify(article.body);

  test('stands in for a page that a script fills', async () => {
    const article = await read(
      draft('page', around(script(paragraphs.join('\n\n')), '<p>Loading the story.</p>')),
    );
    for (const paragraph of paragraphs) expect(words(article)).toContain(paragraph);
    expect(words(article)).not.toContain('Loading');
    expect(article.warned).toContain('boilerplate-dropped: Loading the story.');
  });

  test('says which paragraphs are not the article’s, and they are told', async () => {
    const foreign = 'Members read everything, every day, on every device, for less than a cup of tea.';
    const html = [...paragraphs, foreign].map((text) => `<p>${text}</p>`).join('');
    const article = await read(draft('page', around(script(paragraphs.join(' ')), html)));
    expect(article.body).toHaveLength(6);
    expect(article.warned.join('\n')).toContain(foreign.slice(0, 60));
  });

  test('takes nothing away when it is cut short', async () => {
    const html = paragraphs.map((text) => `<p>${text}</p>`).join('');
    const cut = paragraphs.join(' ').slice(0, -90);
    expect((await read(draft('page', around(script(cut), html)))).body).toHaveLength(6);
  });
});
