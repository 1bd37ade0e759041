import { expect, test } from 'vitest';
import { draft, outline, read } from '../drafts.ts';

const told = (what: string) =>
  `<p>The ${what} was weighed twice before the jury wrote its number down, and then weighed once more for the crowd.</p>`;
const pumpkins = ['grey pumpkin', 'green pumpkin', 'striped pumpkin', 'winner', 'runner-up'].map(told);

test('what is marked as the article’s body is it, though a form around it has more words', async () => {
  const form = ['Add a picture', 'Sign in to share yours', 'Please wait a moment', 'Something went wrong']
    .map(
      (line) =>
        `<div class="step"><p>${line}, and try it again when the button has turned green, or later.</p></div>`,
    )
    .join('');
  const article = await read(
    draft(
      'page',
      `<h1>Pumpkins</h1><div class="double"><div class="contribute">${form}</div><div itemprop="articleBody">${pumpkins.join('')}</div></div>`,
    ),
  );
  expect(outline(article.body)).toHaveLength(5);
});

test('a transcript under its introduction is part of what was found, though it has a place of its own', async () => {
  const lines = Array.from(
    { length: 12 },
    (_, at) => `<p>SPEAKER: Yes, number ${at}.</p>${pumpkins[at % 5]}`,
  ).join('');
  const article = await read(
    draft(
      'page',
      `<div class="story"><h1>Pumpkins</h1><div class="intro">${told('first pumpkin')}<p><strong>Source:</strong> Fair</p></div></div>
       <div class="media-transcript">${lines}</div>`,
    ),
  );
  expect(outline(article.body).length).toBeGreaterThan(20);
});

test('words that open an explanation over the page are words of the article; what they open is not', async () => {
  const [first, ...rest] = pumpkins;
  const explained = first?.replace('jury', '<a href="#jury" class="popup">three old judges</a>');
  const html = `<article><h1>Pumpkins</h1>${explained}${rest.join('')}<div class="popup">They have judged since 1990.</div></article>`;
  const [paragraph, ...others] = outline((await read(draft('page', html))).body);
  expect(paragraph).toContain('before the three old judges wrote');
  expect(others).toHaveLength(4);
});

test('components that name themselves in other attributes than the class', async () => {
  const html = `<div class="q1"><h1>Pumpkins</h1><div data-testid="byline-block"><span>The Field Desk</span></div>${pumpkins.join('')}
    <div class="q2" data-component="related-stories"><p>${told('cucumber')}</p></div></div>`;
  const article = await read(draft('page', html));
  expect(article.authors).toEqual([{ name: 'The Field Desk' }]);
  expect(outline(article.body)).toHaveLength(5);
});

test('a print page’s address behind the story', async () => {
  const html = `<html><body><h1>Pumpkins</h1>${pumpkins.join('')}<hr><p>https://publisher.example/news/1</p></body></html>`;
  expect(outline((await read(draft('page', html))).body)).toHaveLength(5);
});

test('a page that a script fills has the text that it declares, be it a short one', async () => {
  const declared = {
    '@type': 'NewsArticle',
    headline: 'Lake fills',
    articleBody: 'Rain came.\n\nThe lake is full.',
  };
  const script = `<script type="application/ld+json">${JSON.stringify(declared)}</script>`;
  const article = await read(
    draft('page', `<html><head>${script}</head><body><div id="app"></div></body></html>`),
  );
  expect(outline(article.body)).toEqual(['p Rain came.', 'p The lake is full.']);
});

test('links to comment and to share, in a row behind the story, lead to no other article', async () => {
  const row = '<p><a href="/comment">Leave a comment</a> | <a href="/copy">Copy link</a>';
  const html = `<html><body><h1>Pumpkins</h1>${pumpkins.join('')}${row}</body></html>`;
  const { body, related, warned } = await read(draft('page', html));
  expect(outline(body)).toHaveLength(5);
  expect(related).toEqual([]);
  expect(warned).toEqual(
    expect.arrayContaining(['boilerplate-dropped: Leave a comment', 'boilerplate-dropped: Copy link']),
  );
});
