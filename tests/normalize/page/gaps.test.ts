import { expect, test } from 'vitest';
import type { Block } from '../../../src/domain/blocks.ts';
import { withGapsFilled } from '../../../src/normalize/page/gaps.ts';
import { textToBlocks } from '../../../src/normalize/plain-text.ts';
import { draft, outline, read } from '../drafts.ts';

const told = (what: string) => `The ${what} has started to clean the old steps by the river again this week.`;
const [one, two, three, four] = ['council', 'school', 'harbour', 'market'].map(told) as [
  string,
  string,
  string,
  string,
];
const filled = (found: string[], page: string[]) =>
  outline(withGapsFilled(textToBlocks(found.join('\n\n')), textToBlocks(page.join('\n\n'))));
const paragraphs = (...lines: string[]) => lines.map((line) => `p ${line}`);

test('paragraphs between, before and behind what was found come back, with labels left where they are', () => {
  const page = ['Home', one, two, 'Advertisement', three, four, 'About'];
  expect(filled([one, four], page)).toEqual(paragraphs(one, two, three, four));
  expect(filled([three], page)).toEqual(paragraphs(one, two, three, four));
});

test('one alone, or none that was found in the page, changes nothing', () => {
  expect(filled([one, three, four], [one, two, three, four])).toEqual(paragraphs(one, three, four));
  expect(filled([one], [two, three])).toEqual(paragraphs(one));
});

test('a teaser that repeats a paragraph far behind does not draw in what lies between', () => {
  const page = [one, two, 'A line of four words', three, four, one];
  expect(filled([one, two], page)).toEqual(paragraphs(one, two));
});

test('a short article is found beside longer teasers of others', async () => {
  const card = (what: string) =>
    `<div><a href="/x"><h3>About the ${what} and its steps</h3></a><p>${told(what)} ${told(what)}</p></div>`;
  const cards = ['mill', 'lock', 'ferry', 'quay', 'dock', 'weir'].map(card).join('');
  const article = await read(
    draft(
      'page',
      `<div><h1>Steps</h1><div><p>${one}</p><p>${two}</p></div></div><div class="g">${cards}</div>`,
    ),
  );
  expect(outline(article.body).slice(0, 2)).toEqual(paragraphs(one, two));
  expect(outline(article.body)).toHaveLength(2);
});

test.each(['<h3>Comments (14)</h3>', '<h3>टिप्पणियाँ</h3>', '<p>댓글 12</p>'])(
  'nothing behind %s is the article’s',
  async (label) => {
    const remarks = [three, four].map((line) => `<div><p>${line} ${line}</p></div>`).join('');
    const article = await read(
      draft('page', `<div><h1>Steps</h1><p>${one}</p><p>${two}</p>${label}${remarks}</div>`),
    );
    expect(outline(article.body)).toEqual(paragraphs(one, two));
  },
);

test('a list of links in front of a page whose markup is broken is not its article', async () => {
  const links = Array.from({ length: 6 }, (_, at) => `<li><a href="/${at}">${told(`boat ${at}`)}</a>`).join(
    '',
  );
  const html = `<body><div class=top><ul>${links}</ul><div><h1>Steps</h2><div><p>${[one, two, three, four].join('<p>')}</body>`;
  expect(outline((await read(draft('page', html))).body)).toEqual(paragraphs(one, two, three, four));
});

test('short sentences come back with the long ones around them, and only there', () => {
  const [short, shorter] = ['Nobody was hurt, they say.', 'It rained all day.'];
  const page = ['Sign in to read this.', one, short, two, shorter, short, three, 'We are open daily.'];
  expect(filled([one], page)).toEqual(paragraphs(one, short, two, shorter, short, three));
});

test('pictures that a sentence speaks of come back under their introduction; those with a title are teasers', () => {
  const picture = (caption: string): Block => ({
    type: 'image',
    url: 'https://publisher.example/1.jpg',
    caption,
  });
  const shown = [
    'The gate is hung with marigolds. (Photo: Coastal Times)',
    'Children have made an elephant of flowers.',
  ].map(picture);
  const teasers = ['The fair in pictures', 'Rain over the harbour'].map(picture);
  const found = textToBlocks(one);
  expect(withGapsFilled(found, [...found, ...shown, ...teasers])).toEqual([...found, ...shown]);
});
