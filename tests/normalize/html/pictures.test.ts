import { describe, expect, test } from 'vitest';
import type { Block } from '../../../src/domain/blocks.ts';
import { htmlToBlocks } from '../../../src/normalize/html/html.ts';
import { Warnings } from '../../../src/normalize/warnings.ts';
import { draft, outline, read } from '../drafts.ts';

const blocks = (html: string): Block[] => htmlToBlocks(html, 'https://publisher.example/1', new Warnings());
const url = (name: string) => `https://publisher.example/${name}`;

describe('which address a picture has', () => {
  test.each([
    ['its own', '<img src="a.jpg">', 'a.jpg'],
    ['the lazy one', '<img src="data:image/gif;base64,R0" data-src="b.jpg">', 'b.jpg'],
    ['the widest of a set', '<img src="s.jpg" srcset="s.jpg 300w, l.jpg 1200w, m.jpg 600w">', 'l.jpg'],
    ['not one for zooming', '<img srcset="m.jpg 800w, huge.jpg 6000w">', 'm.jpg'],
    ['the densest of a set', '<img srcset="one.jpg, two.jpg 2x">', 'two.jpg'],
    ['one with commas', '<img srcset="w_1,h_2/a.jpg 300w, w_3,h_4/a.jpg 900w">', 'w_3,h_4/a.jpg'],
    [
      'the widest of all sets',
      '<picture><source srcset="p.webp 1600w"><img srcset="a.jpg 800w" src="s.jpg"></picture>',
      'p.webp',
    ],
    [
      'its own before its picture’s in no larger size',
      '<picture><source srcset="p.webp"><img src="a.jpg"></picture>',
      'a.jpg',
    ],
    ['the lazy set', '<img src="data:," data-srcset="a.jpg 400w, b.jpg 900w" data-src="c.jpg">', 'b.jpg'],
    ['not a placeholder', '<img src="/img/placeholder-16x9.png" data-original="b.jpg">', 'b.jpg'],
    ['AMP’s', '<amp-img src="a.jpg" layout="fill"><noscript><img src="a.jpg"></noscript></amp-img>', 'a.jpg'],
    [
      'that for browsers without scripts',
      '<img class="lazy" src="data:,"><noscript><img src="b.jpg"></noscript>',
      'b.jpg',
    ],
    [
      'one of two sizes in a row',
      '<img src="a-1024x576.jpg"><noscript><img src="a.jpg"></noscript>',
      'a-1024x576.jpg',
    ],
    ['its picture’s', '<picture><source srcset="p.webp 900w"><img alt=""></picture>', 'p.webp'],
  ])('%s', (_what, html, name) => {
    expect(blocks(html)).toEqual([{ type: 'image', url: url(name) }]);
  });

  test.each(['javascript:1', 'data:image/png;base64,AA', 'mailto:a@b.example', ''])('never %s', (address) => {
    expect(blocks(`<img src="${address}">`)).toEqual([]);
  });

  test('comes over https', () => {
    expect(blocks('<img src="http://a.example/b.jpg">')).toEqual([
      { type: 'image', url: 'https://a.example/b.jpg' },
    ]);
  });

  test.each([
    '<img src="https://t.example/p.gif" width="1" height="1">',
    '<img src="https://t.example/p.gif" style="width: 1px; height:1px">',
    '<img src="https://www.facebook.com/tr?id=1&ev=PageView&noscript=1">',
    '<img src="https://sb.scorecardresearch.com/p?c1=2">',
    '<img src="https://publisher.example/tracking-pixel.gif">',
  ])('%s is no picture', (html) => {
    expect(blocks(`${html}<noscript>${html}</noscript>`)).toEqual([]);
  });

  test('an emoji’s picture is the emoji', () => {
    const html = '<p>High <img class="emoji" alt="🌊" src="https://s.w.org/images/core/emoji/1.svg">!</p>';
    expect(outline(blocks(html))).toEqual(['p High 🌊!']);
  });
});

describe('figures', () => {
  test('caption, credit, size and alternative text', () => {
    const html =
      '<figure><img src="a.jpg" width="640" height="480" alt="A  boat"><figcaption>On the river <small>Agency</small></figcaption></figure>';
    expect(blocks(html)).toEqual([
      {
        type: 'image',
        url: url('a.jpg'),
        width: 640,
        height: 480,
        alt: 'A boat',
        caption: 'On the river',
        credit: 'Agency',
      },
    ]);
  });

  test('WordPress’s own caption markup', () => {
    const html =
      '<div class="wp-caption alignnone"><img src="a.jpg"><p class="wp-caption-text">Words</p></div>';
    expect(blocks(html)).toEqual([{ type: 'image', url: url('a.jpg'), caption: 'Words' }]);
  });

  test('several pictures are a gallery', () => {
    const html =
      '<figure class="wp-block-gallery"><figure><img src="a.jpg"><figcaption>A</figcaption></figure><figure><img src="b.jpg"></figure></figure>';
    expect(blocks(html)).toEqual([
      { type: 'gallery', images: [{ url: url('a.jpg'), caption: 'A' }, { url: url('b.jpg') }] },
    ]);
  });

  test('a caption without a picture stays in the text', () => {
    expect(outline(blocks('<figure><figcaption>Words</figcaption></figure>'))).toEqual(['p Words']);
  });
});

test('a picture in the middle of a sentence does not cut it', () => {
  expect(outline(blocks('<p>The river <img src="a.jpg"> rose.</p><p>Next.</p>'))).toEqual([
    'p The river rose.',
    'image',
    'p Next.',
  ]);
});

test('a picture in a table comes behind it', () => {
  expect(outline(blocks('<table><tr><td>a<img src="a.jpg"></td><td>b</td></tr></table>'))).toEqual([
    'table a\nb',
    'image',
  ]);
});

describe('the lead image', () => {
  const image = { url: 'https://publisher.example/media/boat.jpg' };

  test('is not shown again by the body, whatever its size there; its caption is kept', async () => {
    const content =
      '<figure><img src="/media/boat-1024x576.jpg"><figcaption>A boat</figcaption></figure><p>Words.</p>';
    const article = await read(draft('html', content, { image }));
    expect(article.image).toEqual({ ...image, caption: 'A boat' });
    expect(outline(article.body)).toEqual(['p Words.']);
    expect(article.codes).toContain('image-repeated');
  });

  test('nowhere in the body, and is shown over https', async () => {
    const content = '<p>One.</p><p>Two.</p><p>Three.</p><p>Four.</p><img src="/media/boat-scaled.jpg">';
    const article = await read(
      draft('html', content, { image: { url: 'http://publisher.example/media/boat.jpg' } }),
    );
    expect(article.image).toEqual(image);
    expect(outline(article.body)).toEqual(['p One.', 'p Two.', 'p Three.', 'p Four.']);
  });

  test('another picture stays', async () => {
    const article = await read(draft('html', '<img src="/media/other.jpg"><p>Words.</p>', { image }));
    expect(outline(article.body)).toEqual(['image', 'p Words.']);
  });
});
