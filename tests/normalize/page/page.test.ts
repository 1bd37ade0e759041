import { describe, expect, test } from 'vitest';
import { normalize } from '../../../src/normalize/normalize.ts';
import { draft, outline, read } from '../drafts.ts';

const FIRST = 'The river port reopened on Saturday after two years in which no vessel could pass the bridge.';
const SECOND =
  'Small boats may land at the old steps again from Monday, and the fee has been halved for a month.';
const STORY = `<p>${FIRST}</p><h2>For fishermen</h2><p>${SECOND}</p>`;
const BODY = [`p ${FIRST}`, 'h2 For fishermen', `p ${SECOND}`];

const page = (head: string, body: string, attributes = 'lang="en-IN"') =>
  `<!doctype html><html ${attributes}><head>${head}</head><body>${body}</body></html>`;

describe('where the article is', () => {
  const around = (article: string) =>
    page(
      '<title>Port reopens</title>',
      `<header><a href="/">Home</a><nav><ul><li><a href="/c">Cities</a></li></ul></nav></header>${article}
       <aside><p>Ten places to see this winter, chosen by our readers in a long and pleasant poll.</p></aside>
       <footer><p>Copyright, and an address of the company that owns all this, with its telephone.</p></footer>`,
    );

  test.each([
    ['an article', `<article><h1>Port reopens</h1>${STORY}</article>`],
    [
      'the longest article',
      `<article><p>Teaser of another.</p></article><article><h1>Port reopens</h1>${STORY}</article>`,
    ],
    ['main', `<main><h1>Port reopens</h1>${STORY}</main>`],
    [
      'an element said to hold it',
      `<div><h1>Port reopens</h1><div itemprop="articleBody">${STORY}</div></div>`,
    ],
    ['the densest element', `<div class="a"><h1>Port reopens</h1><div class="b">${STORY}</div></div>`],
    [
      'the densest, of bare text',
      `<div><h1>Port reopens</h1><div>${FIRST}<br><br><h2>For fishermen</h2>${SECOND}</div></div>`,
    ],
  ])('%s', async (_where, html) => {
    const article = await read(draft('page', around(html)));
    expect(article.headline).toBe('Port reopens');
    expect(outline(article.body)).toEqual(BODY);
  });

  test('without what its own element holds of the page', async () => {
    const html = `<article><h1>Port reopens</h1><div class="social-share">Share on a network</div>
      <p class="byline">By The Harbour Desk</p><p>Updated: 22 November 2026, 10:30 IST</p>
      <figure><img src="/a.jpg"><figcaption>A barge</figcaption></figure>
      ${STORY.replace('<h2>', '<aside>Newsletter</aside><div id="newsletter-signup">Sign up</div><h2>')}
      <p>Also read: <a href="/2">Bridge closes</a></p><p>(PTI)</p>
      <h3>Trending now</h3><ul><li><a href="/3">Ten places</a></li></ul></article>`;
    const article = await read(draft('page', page('', html)));
    expect(outline(article.body)).toEqual(['image A barge', ...BODY]);
    expect(article).toMatchObject({
      authors: [{ name: 'The Harbour Desk' }],
      related: [{ title: 'Bridge closes', url: 'https://publisher.example/2' }],
      credit: 'PTI',
    });
    expect(article.warned.join('\n')).toContain('boilerplate-dropped: Share on a network');
  });
});

describe('what its head says', () => {
  const head = `
    <title>Port reopens - City Herald</title>
    <meta property="og:site_name" content="City Herald">
    <meta property="og:title" content="Port reopens | City Herald">
    <meta name="description" content="Barges can reach the docks &amp; fishermen hope.">
    <meta property="og:image" content="/media/barge.jpg"><meta property="og:image:width" content="1200">
    <meta property="og:image:height" content="675"><meta property="og:image:alt" content="A barge">
    <meta property="article:section" content="City"><meta property="article:tag" content="river">
    <meta property="article:tag" content="port"><meta name="author" content="Harbour Desk">
    <meta property="article:published_time" content="2026-11-22T10:00:00+05:30">
    <meta property="article:modified_time" content="2026-11-22T11:00:00">
    <link rel="canonical" href="/news/port">`;
  const html = page(head, `<article><h1>Port reopens</h1>${STORY}</article>`);

  test('goes where the draft says nothing', async () => {
    const { url: _url, ...given } = draft(
      'page',
      html
        .replaceAll('content="/', 'content="https://herald.example/')
        .replace('href="/', 'href="https://herald.example/'),
    );
    expect(await read(given)).toMatchObject({
      headline: 'Port reopens',
      summary: 'Barges can reach the docks & fishermen hope.',
      image: { url: 'https://herald.example/media/barge.jpg', width: 1200, height: 675, alt: 'A barge' },
      section: 'City',
      tags: ['river', 'port'],
      authors: [{ name: 'Harbour Desk' }],
      canonicalUrl: 'https://herald.example/news/port',
      publishedAt: '2026-11-22T04:30:00.000Z',
      language: 'en-IN',
    });
  });

  test('a time without a zone is ignored', async () => {
    expect(await read(draft('page', html))).not.toHaveProperty('updatedAt');
  });

  test('the draft’s own word goes before it', async () => {
    const fields = {
      headline: 'Given',
      summary: 'Given.',
      section: 'Given',
      tags: ['given'],
      authors: [{ name: 'Given' }],
    };
    expect(await read(draft('page', html, fields))).toMatchObject({
      ...fields,
      canonicalUrl: 'https://publisher.example/news/1',
    });
  });

  test('JSON-LD goes before Open Graph', async () => {
    const node = {
      '@type': ['NewsArticle'],
      headline: 'Port reopens at last',
      description: 'From JSON-LD.',
      author: [{ '@type': 'Person', name: 'A Writer', url: '/a' }, 'B Writer'],
      image: { '@type': 'ImageObject', url: '/ld.jpg', width: '800', height: { value: 600 } },
      keywords: 'boats, river ,boats',
      articleSection: ['Harbour'],
      datePublished: '2026-11-22T04:31:00Z',
      dateModified: '2026-11-22T06:00:00Z',
    };
    const script = (json: string) => `<script type="application/ld+json">${json}</script>`;
    const found = {
      headline: 'Port reopens at last',
      summary: 'From JSON-LD.',
      authors: [{ name: 'A Writer', url: 'https://publisher.example/a' }, { name: 'B Writer' }],
      image: { url: 'https://publisher.example/ld.jpg', width: 800, height: 600 },
      tags: ['boats', 'river'],
      section: 'Harbour',
      publishedAt: '2026-11-22T04:31:00.000Z',
      updatedAt: '2026-11-22T06:00:00.000Z',
    };
    const json = JSON.stringify(node);
    for (const variant of [
      json,
      `[{"@type":"WebSite"},${json}]`,
      `{"@context":"https://schema.org","@graph":[{"@type":"BreadcrumbList"},${json}]}`,
      `<!-- ${json} -->`,
      json.replace('From JSON-LD.', 'From\nJSON-LD.').replace(/}$/, ',}'),
    ]) {
      const article = await read(
        draft('page', html.replace('</head>', `${script('{broken')}${script(variant)}</head>`)),
      );
      expect(article).toMatchObject(found);
      // The page's own heading, worded otherwise, is still the headline once more.
      expect(outline(article.body)).toEqual(BODY);
    }
  });

  test('a summary repeated in front of the text is not said twice', async () => {
    const summary = 'Barges can reach the docks & fishermen hope.';
    const article = await read(
      draft('page', html.replace('</h1>', `</h1><p class="dek">${summary.replace('&', '&amp;')}</p>`)),
    );
    expect(article.summary).toBe(summary);
    expect(outline(article.body)).toEqual(BODY);
  });

  test('a declared language that the text is not written in is not believed', async () => {
    const hindi = '<p>नगर निगम ने पुराने घाट की सफाई का काम शनिवार को फिर से शुरू कर दिया है।</p>';
    const article = await read(
      draft('page', page('', `<article><h1>घाट की सफाई</h1>${hindi}</article>`, 'lang="en"')),
    );
    expect(article).toMatchObject({ language: 'hi', headline: 'घाट की सफाई' });
  });
});

describe('a heading between the headline and the date', () => {
  const DEK = 'Barges are back at the bridge, and fishermen hope for a good winter';
  const STAMP = '<div>Published: 22 November 2026, 10:30 IST</div>';
  const opened = (head: string, story: string) =>
    read(
      draft('page', page(head, `<article><h1>Port reopens</h1><h2>${DEK}</h2>${STAMP}${story}</article>`)),
    );

  test('is the dek', async () => {
    const { summary, body, codes } = await opened('', STORY);
    expect(summary).toBe(DEK);
    expect(outline(body)).toEqual(BODY);
    expect(codes).toContain('summary-lifted');
  });

  test('stays where the head has another summary; the date goes all the same', async () => {
    const { summary, body } = await opened('<meta name="description" content="Given.">', STORY);
    expect(summary).toBe('Given.');
    expect(outline(body)).toEqual([`h2 ${DEK}`, ...BODY]);
  });

  test('is an entry’s title in a live blog, where every title has its date', async () => {
    const { summary, body } = await opened(
      '',
      `<p>${FIRST}</p><h2>The first barge</h2>${STAMP}<p>${SECOND}</p>`,
    );
    expect(summary).toBeUndefined();
    expect(outline(body)).toContain(`h2 ${DEK}`);
  });
});

test('who and when on one line go to their fields', async () => {
  const line = '<div>By Harbour Desk | Cities | Published: 22 November 2026, 10:30 IST</div>';
  const article = await read(
    draft('page', page('', `<article><h1>Port reopens</h1>${line}${STORY}</article>`)),
  );
  expect(article).toMatchObject({
    authors: [{ name: 'Harbour Desk' }],
    publishedAt: '2026-11-22T05:00:00.000Z',
  });
  expect(outline(article.body)).toEqual(BODY);
});

test.each([
  ['Port reopens for barges - Coast Daily', '<div>Port reopens for barges</div>', 'Port reopens for barges'],
  ['Live - Port reopens for barges', '<a href="/live">Live</a>', 'Live - Port reopens for barges'],
])('of the title %j beside %s the headline is %j', async (title, element, headline) => {
  const body = `${element}<article>${STORY}</article>`;
  expect((await read(draft('page', page(`<title>${title}</title>`, body)))).headline).toBe(headline);
});

test('an "also read" box in the article’s midst is no part of it, and still says where it leads', async () => {
  const box = '<div class="promo"><p>Also read: <a href="/2">Bridge closes</a></p></div>';
  const { body, related } = await read(
    draft('page', page('', `<article><h1>Port reopens</h1>${STORY.replace('<h2>', `${box}<h2>`)}</article>`)),
  );
  expect(outline(body)).toEqual(BODY);
  expect(related).toEqual([{ title: 'Bridge closes', url: 'https://publisher.example/2' }]);
});

test('a page without an article', async () => {
  const empty = page('<title></title>', '<nav><a href="/">Home</a></nav>');
  expect(await normalize(draft('page', empty), { id: 'p', name: 'P' })).toMatchObject({
    issues: [{ path: 'headline' }, { path: 'body.content' }],
  });
});
