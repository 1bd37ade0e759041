import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { type Block, blockText } from '../../../src/domain/blocks.ts';
import { articlePage } from '../../../src/formats/amp/article-page.ts';
import { placementsIn } from '../../../src/formats/amp/placement.ts';
import { countWords } from '../../../src/text/text.ts';
import { bodiesIn, TONGUES } from '../../conformance/laws/bodies.ts';
import { hindi, publisher, site } from '../articles.ts';
import { attribute, elements } from '../markup.ts';
import { furnishedSite } from '../sites.ts';

const paragraph = (words: number): Block => ({
  type: 'paragraph',
  content: [{ type: 'text', text: 'नदी '.repeat(words).trim() }],
});
const heading: Block = { type: 'heading', level: 2, content: [{ type: 'text', text: 'किनारे पर' }] };
const image: Block = { type: 'image', url: 'https://images.example/boat.jpg' };
const video: Block = { type: 'embed', provider: 'youtube', id: 'M7lc1UVf-VE', url: 'https://youtu.be/x' };

describe('content that is not the article’s own is inserted', () => {
  test('after a hundred words, and a hundred words apart', () => {
    expect(placementsIn(Array(8).fill(paragraph(50)), 'hi')).toEqual([2, 4, 6]);
    expect(placementsIn(Array(4).fill(paragraph(300)), 'hi')).toEqual([1, 2, 3]);
    expect(placementsIn(Array(4).fill(paragraph(20)), 'hi')).toEqual([]);
  });

  test('never beside an image, a heading or an embed', () => {
    for (const other of [heading, image, video]) {
      const body = [paragraph(120), other, paragraph(120), other, paragraph(120)];
      expect(placementsIn(body, 'hi')).toEqual([]);
      expect(placementsIn([...body, paragraph(5)], 'hi')).toEqual([5]);
    }
  });

  test('with one look into the dictionary for all blocks of a script without spaces', () => {
    const line: Block = { type: 'paragraph', content: [{ type: 'text', text: 'นี่คือข่าว'.repeat(4) }] };
    const segment = vi.spyOn(Intl.Segmenter.prototype, 'segment');
    const words = countWords(blockText(line), 'th');
    const every = Math.ceil(100 / words);
    segment.mockClear();
    expect(placementsIn(Array(every * 3 + 1).fill(line), 'th')).toEqual([every, every * 2, every * 3]);
    expect(segment).toHaveBeenCalledTimes(1);
    segment.mockRestore();
  });

  test('whatever the body: only between two paragraphs, in order, with a hundred words before each', () => {
    for (const tongue of TONGUES) {
      const { kinds, blocks } = bodiesIn(tongue);
      const body = fc
        .array(fc.oneof(blocks, fc.array(kinds.paragraph, { minLength: 5, maxLength: 30 })), { maxLength: 8 })
        .map((all) => all.flat());
      fc.assert(
        fc.property(body, (all) => {
          let before = 0;
          for (const place of placementsIn(all, tongue.language)) {
            expect([all[place - 1]?.type, all[place]?.type]).toEqual(['paragraph', 'paragraph']);
            const between = all.slice(before, place).map((block) => countWords(blockText(block)));
            expect(between.reduce((sum, words) => sum + words, 0)).toBeGreaterThanOrEqual(100);
            before = place;
          }
        }),
      );
    }
  });
});

describe('advertisements', () => {
  const long = { ...hindi, body: [...Array<Block>(12).fill(paragraph(110)), image, ...hindi.body] };
  const page = (overrides: object = {}, article = long) =>
    articlePage({ article, site: furnishedSite, publisher: { ...publisher, ...overrides } });
  const slots = (html: string) =>
    elements(html)
      .filter(({ tagName }) => tagName === 'amp-ad')
      .map((ad) => [attribute(ad, 'type'), attribute(ad, 'data-slot')]);

  test('are at most eight, each slot once, labelled in the page’s language', () => {
    const html = page();
    expect(slots(html)).toEqual(
      Array.from({ length: 8 }, (_, at) => ['doubleclick', `/1234/article-${at + 1}`]),
    );
    expect(html.match(/<div class="ad"><p>विज्ञापन<\/p>/g)).toHaveLength(8);
  });

  test('have paragraphs on both sides', () => {
    const html = page();
    expect(html.match(/<\/p><div class="ad">/g)).toHaveLength(8);
    expect(html.match(/<\/amp-ad><\/div><p>/g)).toHaveLength(8);
  });

  test('may be a publisher’s own, or none on its articles', () => {
    const own = {
      type: 'taboola',
      attributes: { 'data-publisher': 'ganga' },
      slots: [{ width: 320, height: 100, attributes: { 'data-slot': 'x' } }],
    };
    expect(slots(page({ ads: own }))).toEqual([['taboola', 'x']]);
    const none = page({ ads: { type: 'taboola', slots: [] } });
    expect(slots(none)).toEqual([]);
    expect(none).not.toContain('<script async');
  });

  test('are left out, and their script with them, where a text is too short', () => {
    const html = page({}, { ...hindi, body: [paragraph(40), paragraph(40)] });
    expect(slots(html)).toEqual([]);
    expect(html).not.toContain('<script async');
  });

  test('are none by default', () => {
    expect(slots(articlePage({ article: long, site }))).toEqual([]);
  });

  test('keep no attribute that is not one of amp-ad’s data', () => {
    const ads = {
      type: 'adsense',
      attributes: { onload: 'x', src: 'x', 'data-a"b': 'x', 'data-ok': '"><b>' },
    };
    const html = page({ ads: { ...ads, slots: [{ width: 300, height: 250 }] } });
    expect(html).toContain(
      '<amp-ad data-ok="&quot;&gt;&lt;b&gt;" type="adsense" width="300" height="250" layout="fixed">',
    );
  });
});

describe('one “also read”', () => {
  const long = { ...hindi, body: [...Array<Block>(4).fill(paragraph(110))] };

  test('is between the paragraphs, the others at the end', () => {
    const html = articlePage({ article: long, site });
    expect(html).toContain(
      '</p><p class="also"><b>ये भी पढ़ें</b> <a href="https://ganga-times.example/walks"><bdi>नदी किनारे सुबह की सैर के पांच रास्ते</bdi></a></p><p>',
    );
    expect(html.match(/सुबह की सैर के पांच रास्ते/g)).toHaveLength(1);
    expect(html).toContain('<li><bdi>पुरानी नावों का नया जीवन</bdi></li>');
  });

  test('comes behind the first advertisement', () => {
    const html = articlePage({ article: long, site: furnishedSite });
    expect(html.indexOf('class="ad"')).toBeLessThan(html.indexOf('class="also"'));
    const short = articlePage({ article: { ...hindi, body: long.body.slice(0, 2) }, site: furnishedSite });
    expect(short).toContain('class="ad"');
    expect(short).not.toContain('class="also"');
    expect(short).toContain('सुबह की सैर के पांच रास्ते');
  });
});
