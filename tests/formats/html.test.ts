import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Article } from '../../src/domain/article.ts';
import type { Block, Inline } from '../../src/domain/blocks.ts';
import { articleHtml } from '../../src/formats/html.ts';
import { english, hindi, tamil, urdu } from './articles.ts';
import { hostileArticle } from './hostile.ts';
import { BODY_ELEMENTS, strangers } from './markup.ts';

const words = (text: string): Inline[] => [{ type: 'text', text }];
const paragraph = (text: string): Block => ({ type: 'paragraph', content: words(text) });

/** The content of an article with this body and nothing around it. */
function html(...body: Block[]): string {
  const { image: _image, ...article }: Article = { ...tamil, body };
  return articleHtml(article);
}

describe('an article as the HTML of a feed', () => {
  test('begins with the lead picture and its caption and credit', () => {
    expect(articleHtml(hindi)).toMatch(
      /^<figure><img src="https:\/\/images\.example\/ghat\.jpg" alt="घाट पर [^"]+" width="1200" height="675"><figcaption>नाव में [^<]+ <small>गंगा टाइम्स<\/small><\/figcaption><\/figure><p>/,
    );
  });

  test('puts the dateline back in front of the first paragraph and the credit at the end', () => {
    const whole = articleHtml(hindi);
    expect(whole).toContain('<p><strong>हरिद्वार:</strong> शहर के एक');
    expect(whole).toMatch(/<p>\(भाषा\)<\/p>$/);
  });

  test('a dateline without any paragraph is a paragraph', () => {
    const { image: _image, ...article } = urdu;
    expect(articleHtml({ ...article, direction: 'ltr', body: [{ type: 'divider' }] })).toBe(
      '<p><strong>لاہور</strong></p><hr>',
    );
  });

  test('says its language and direction where a reader would guess wrong', () => {
    expect(articleHtml(urdu)).toMatch(/^<div lang="ur" dir="rtl"><figure>.*<\/div>$/s);
  });

  test('a caption without a picture is not shown', () => {
    expect(articleHtml({ ...tamil, image: { caption: 'படம்' } })).not.toContain('figure');
  });

  test('lists: tight items, nested lists, numbering', () => {
    expect(
      html({
        type: 'list',
        ordered: true,
        start: 3,
        items: [
          [paragraph('a')],
          [paragraph('b'), { type: 'list', ordered: false, items: [[paragraph('c')]] }],
          [paragraph('d'), paragraph('e')],
        ],
      }),
    ).toBe('<ol start="3"><li>a</li><li>b<ul><li>c</li></ul></li><li><p>d</p><p>e</p></li></ol>');
  });

  test('tables: caption, leading header rows, row headers, spans', () => {
    expect(
      html({
        type: 'table',
        caption: words('t'),
        rows: [
          [{ header: true, columnSpan: 2, content: words('h') }],
          [
            { header: true, content: words('r') },
            { rowSpan: 2, content: words('1') },
          ],
        ],
      }),
    ).toBe(
      '<table><caption>t</caption><thead><tr><th scope="col" colspan="2">h</th></tr></thead>' +
        '<tbody><tr><th scope="row">r</th><td rowspan="2">1</td></tr></tbody></table>',
    );
  });

  test('definitions and asides', () => {
    expect(
      html({
        type: 'definitions',
        items: [
          {
            terms: [words('a'), words('b')],
            descriptions: [[paragraph('c')], [paragraph('d'), paragraph('e')]],
          },
        ],
      }),
    ).toBe('<dl><dt>a</dt><dt>b</dt><dd>c</dd><dd><p>d</p><p>e</p></dd></dl>');
    expect(html({ type: 'aside', blocks: [paragraph('a')] })).toBe('<aside><p>a</p></aside>');
  });

  test('marks, quotes, abbreviations, readings, and spans in another language', () => {
    const line = (...content: Inline[]) => html({ type: 'paragraph', content });
    expect(line({ type: 'mark', content: words('a') }, { type: 'quote', content: words('b') })).toBe(
      '<p><mark>a</mark><q>b</q></p>',
    );
    expect(line({ type: 'abbreviation', title: '"><b>', content: words('a') })).toBe(
      '<p><abbr title="&quot;&gt;&lt;b&gt;">a</abbr></p>',
    );
    const ruby: Inline[] = [...words('東'), { type: 'reading', content: words('とう') }];
    expect(line({ type: 'ruby', content: ruby })).toBe(
      '<p><ruby>東<rp>(</rp><rt>とう</rt><rp>)</rp></ruby></p>',
    );
    expect(line({ type: 'span', language: 'ur', direction: 'rtl', content: words('a') })).toBe(
      '<p><span lang="ur" dir="rtl">a</span></p>',
    );
    expect(line({ type: 'span', language: '"><script>', content: words('a') })).toBe('<p>a</p>');
  });

  test('blocks in another language say so; an item for its own words only', () => {
    const english: Block = { type: 'paragraph', language: 'en', direction: 'ltr', content: words('a') };
    expect(html(english)).toBe('<p lang="en" dir="ltr">a</p>');
    expect(html({ type: 'heading', level: 3, language: 'en', content: words('a') })).toBe(
      '<h3 lang="en">a</h3>',
    );
    expect(html({ type: 'quote', language: 'en', blocks: [paragraph('a')] })).toBe(
      '<blockquote lang="en"><p>a</p></blockquote>',
    );
    const inner: Block = { type: 'list', ordered: false, items: [[paragraph('b')]] };
    expect(html({ type: 'list', ordered: false, items: [[english], [english, inner]] })).toBe(
      '<ul><li lang="en" dir="ltr">a</li><li><p lang="en" dir="ltr">a</p><ul><li>b</li></ul></li></ul>',
    );
  });

  test('quotes, code, dividers, galleries', () => {
    expect(html({ type: 'quote', blocks: [paragraph('q')], citation: words('c') })).toBe(
      '<blockquote><p>q</p><footer><cite>c</cite></footer></blockquote>',
    );
    expect(html({ type: 'code', text: 'a < b\n', language: 'c++' })).toBe(
      '<pre><code class="language-c++">a &lt; b\n</code></pre>',
    );
    expect(html({ type: 'gallery', images: [{ url: 'https://a.example/1.jpg' }] })).toBe(
      '<div class="gallery"><figure><img src="https://a.example/1.jpg" alt=""></figure></div>',
    );
    expect(html({ type: 'divider' })).toBe('<hr>');
  });

  test('an embed is a link on its own line: no frame, no script', () => {
    expect(html({ type: 'embed', provider: 'x', id: '20', url: 'https://x.com/i/status/20' })).toBe(
      '<blockquote class="embed"><p><a href="https://x.com/i/status/20">https://x.com/i/status/20</a></p></blockquote>',
    );
    expect(articleHtml(english)).not.toMatch(/<(?:iframe|script|amp-)/);
  });

  test('films and recordings play in the reader, or are a link where they cannot', () => {
    const url = 'https://media.example/a.mp4';
    const film: Block = {
      type: 'embed',
      provider: 'video',
      id: url,
      url,
      poster: 'https://media.example/a.jpg',
    };
    expect(html(film)).toBe(
      `<video src="${url}" poster="https://media.example/a.jpg" controls><a href="${url}">${url}</a></video>`,
    );
    expect(html({ ...film, provider: 'audio' })).toBe(
      `<audio src="${url}" controls><a href="${url}">${url}</a></audio>`,
    );
  });

  test('a link that may not be followed keeps its words and loses its address', () => {
    expect(
      html({ type: 'paragraph', content: [{ type: 'link', href: 'javascript:x', content: words('w') }] }),
    ).toBe('<p>w</p>');
  });

  test('a body nested beyond all measure costs no stack', () => {
    let inline: Inline = { type: 'text', text: 'x' };
    let block: Block = paragraph('x');
    for (let depth = 0; depth < 100_000; depth += 1) {
      inline = { type: 'em', content: [inline] };
      block = { type: 'quote', blocks: [block] };
    }
    expect(html({ type: 'paragraph', content: [inline] }, block).length).toBeLessThan(10_000);
  });

  test('a block this version does not know is left out', () => {
    const unknown = { type: 'hologram', html: '<script>' } as unknown as Block;
    expect(html(paragraph('a'), unknown, paragraph('b'))).toBe('<p>a</p><p>b</p>');
  });

  test('whatever comes in, only listed elements, attributes and URL schemes come out', () => {
    fc.assert(
      fc.property(hostileArticle, (article) => {
        expect(strangers(articleHtml(article), BODY_ELEMENTS)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
