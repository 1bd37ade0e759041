import { describe, expect, test } from 'vitest';
import type { Block } from '../../../src/domain/blocks.ts';
import { htmlToBlocks } from '../../../src/normalize/html/html.ts';
import { Warnings } from '../../../src/normalize/warnings.ts';
import { draft, outline, read } from '../drafts.ts';

const BASE = 'https://publisher.example/news/1';

function blocks(html: string): Block[] {
  return htmlToBlocks(html, BASE, new Warnings());
}

function codes(html: string): string[] {
  const warnings = new Warnings();
  htmlToBlocks(html, BASE, warnings);
  return warnings.list.map(({ code }) => code);
}

const text = (words: string) => ({ type: 'text', text: words });
const paragraph = (...content: unknown[]) => ({ type: 'paragraph', content });
const list = (ordered: boolean, ...items: string[]) => ({
  type: 'list',
  ordered,
  items: items.map((item) => [paragraph(text(item))]),
});

describe('word processors', () => {
  test('Google Docs: styles where elements should be, and a bold wrapper that is not bold', () => {
    const html =
      '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr" style="line-height:1.38;"><span style="font-size:11pt;font-weight:400;font-style:normal;">The </span><span style="font-weight:700;">tide</span><span style="font-style:italic"> rose</span><span style="vertical-align:super">2</span></p><br></b>';
    expect(blocks(html)).toMatchObject([
      paragraph(
        text('The '),
        { type: 'strong', content: [text('tide')] },
        { type: 'em', content: [text(' rose')] },
        { type: 'sup', content: [text('2')] },
      ),
    ]);
  });

  test('Word: its own elements, comments and data', () => {
    const html =
      '<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]--><xml><o:x>9</o:x></xml><p class="MsoNormal" style="mso-margin-top-alt:auto"><b style="mso-bidi-font-weight:normal"><span lang="EN-US">High<o:p></o:p></span></b> water<o:p>&nbsp;</o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>';
    expect(outline(blocks(html))).toEqual(['p High water']);
    expect(blocks(html)).toMatchObject([
      { content: [{ type: 'span', content: [{ type: 'strong' }] }, text(' water')] },
    ]);
  });

  test('Word’s lists are lists', () => {
    const item = (marker: string, words: string) =>
      `<p class="MsoListParagraph" style="text-indent:-.25in;mso-list:l0 level1 lfo1"><![if !supportLists]><span style="font-family:Symbol"><span style="mso-list:Ignore">${marker}<span style="font:7pt">&nbsp;&nbsp; </span></span></span><![endif]>${words}</p>`;
    expect(blocks(item('·', 'one') + item('·', 'two'))).toEqual([list(false, 'one', 'two')]);
    expect(blocks(item('1.', 'one') + item('2)', 'two'))).toEqual([list(true, 'one', 'two')]);
  });
});

describe('lists that were typed', () => {
  test.each([
    ['paragraphs with bullets', '<p>a</p><p>• one</p><p>• <b>two</b></p><p>b</p>', 'list one\ntwo'],
    ['lines with bullets', '<p>a</p><p>•one<br>•two</p><p>b</p>', 'list one\ntwo'],
    ['numbered paragraphs', '<p>a</p><p>1. one</p><p>2. two</p><p>b</p>', 'list one\ntwo'],
    ['in other digits', '<p>a</p><p>१. एक</p><p>२. दो</p><p>b</p>', 'list एक\nदो'],
  ])('%s', (_what, html, line) => {
    expect(outline(blocks(html))).toEqual(['p a', line, 'p b']);
  });

  test.each([
    '<p>• alone</p><p>b</p>',
    '<p>- Who is there?</p><p>- I am.</p>',
    '<p>7. seven</p><p>8. eight</p>',
    '<p>1. one</p><p>3. three</p>',
    '<p>• one<br>and more</p>',
  ])('%s is none', (html) => {
    expect(blocks(html).map(({ type }) => type)).not.toContain('list');
  });

  test('what is no list is left as it was typed', () => {
    expect(outline(blocks('<p>७) सात</p><p>८) आठ</p>'))).toEqual(['p ७) सात', 'p ८) आठ']);
  });

  test('in plain text, with dashes too, each item with the lines it goes on in', async () => {
    const typed =
      'Bring:\n- a coat\n  of wool\n- a lamp\n\nThen:\n1. go\n2. see\n\nHe said - and\n- meant it.';
    expect((await read(draft('text', typed))).body).toEqual([
      paragraph(text('Bring:')),
      list(false, 'a coat of wool', 'a lamp'),
      paragraph(text('Then:')),
      list(true, 'go', 'see'),
      paragraph(text('He said - and - meant it.')),
    ]);
    expect((await read(draft('text', '* a\n* b\nc'))).body).toEqual([
      list(false, 'a', 'b'),
      paragraph(text('c')),
    ]);
  });
});

describe('WordPress', () => {
  test('block comments leave nothing behind', () => {
    const html = '<!-- wp:paragraph {"a":"<b>"} -->\n<p>One.</p>\n<!-- /wp:paragraph --><!--more-->';
    expect(outline(blocks(html))).toEqual(['p One.']);
  });

  test.each([
    ['a caption', '[caption id="a_1" width="300"]<img src="a.jpg"> Words <em>here</em>[/caption]'],
    ['of a linked picture', '[caption width="300"]<a href="/b"><img src="a.jpg"></a> Words here[/caption]'],
    ['as an attribute', '[caption caption="Words here"]<img src="a.jpg">[/caption]'],
  ])('%s', (_what, html) => {
    expect(blocks(`<p>a</p>${html}<p>b</p>`)[1]).toEqual({
      type: 'image',
      url: 'https://publisher.example/news/a.jpg',
      caption: 'Words here',
    });
  });

  test('galleries by address; by number there is nothing to show', () => {
    expect(blocks('[gallery urls="https://a.example/1.jpg, https://a.example/2.jpg"]')).toEqual([
      { type: 'gallery', images: [{ url: 'https://a.example/1.jpg' }, { url: 'https://a.example/2.jpg' }] },
    ]);
    expect(outline(blocks('<p>a</p>[gallery ids="1,2"]'))).toEqual(['p a']);
    expect(codes('<p>a</p>[gallery ids="1,2"]')).toEqual(['shortcode-dropped']);
  });

  test.each([
    ['youtube', '[embed]https://youtu.be/aB3_-xY9zQ0[/embed]'],
    ['youtube', '<p>[embed width="9"]https://youtu.be/aB3_-xY9zQ0[/embed]</p>'],
    ['youtube', '[youtube https://youtu.be/aB3_-xY9zQ0]'],
    ['x', '[tweet https://x.com/a/status/1]'],
    ['video', '[video width="9" mp4="https://a.example/1.mp4" poster="https://a.example/1.jpg"][/video]'],
    ['audio', '[audio src=&quot;https://a.example/1.mp3&quot;]'],
  ])('%s: %s', (provider, html) => {
    expect(blocks(html)).toMatchObject([{ type: 'embed', provider }]);
    expect(codes(html)).toEqual([]);
  });

  test('other shortcodes go and say so, what they wrap stays, and words in brackets are words', () => {
    const html =
      '<p>[vc_row el_class="a"][box]One [sic] [1] [update][/box]</p><p>[ad-slot id=5]</p><pre>[a b="c"]</pre><p>[[gallery]]</p>';
    expect(outline(blocks(html))).toEqual(['p One [sic] [1] [update]', 'code [a b="c"]', 'p [[gallery]]']);
    expect(codes(html)).toEqual(Array(4).fill('shortcode-dropped'));
  });
});

describe('markup escaped once too often', () => {
  test.each([
    '&lt;p&gt;One &amp;amp; &lt;b&gt;two&lt;/b&gt;&lt;/p&gt;&lt;p class=&quot;a&quot;&gt;Three&lt;/p&gt;',
    '&amp;lt;p&amp;gt;One &amp;amp;amp; &amp;lt;b&amp;gt;two&amp;lt;/b&amp;gt;&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;Three&amp;lt;/p&amp;gt;',
    '<div>&#60;p&#62;One &#38;amp; &#x3C;b&#x3e;two&#60;/b&#62;&#60;/p&#62;&#60;p&#62;Three&#60;/p&#62;</div>',
    '<p class=\\"a\\">One &amp; <b>two<\\/b><\\/p>\\n<p>Three<\\/p>',
    '\\u003cp\\u003eOne &amp; \\u003cb\\u003etwo\\u003c/b\\u003e\\u003c/p\\u003e\\n\\u003cp\\u003eThree\\u003c/p\\u003e',
  ])('%s', (html) => {
    expect(blocks(html)).toEqual([
      paragraph(text('One & '), { type: 'strong', content: [text('two')] }),
      paragraph(text('Three')),
    ]);
    expect(codes(html)).toEqual(['markup-unescaped']);
  });

  test('what is repaired is as harmless as any other markup', () => {
    expect(
      blocks('&lt;p&gt;&lt;a href="javascript:1"&gt;x&lt;/a&gt;&lt;script&gt;y&lt;/script&gt;&lt;/p&gt;'),
    ).toEqual([paragraph(text('x'))]);
  });

  test.each([
    ['<p>The &lt;p&gt; and &lt;b&gt; elements</p>', 'The <p> and <b> elements'],
    ['<p>&lt;p&gt; is an element.</p>', '<p> is an element.'],
    ['&lt;p&gt; is an element', '<p> is an element'],
    ['a &lt; b', 'a < b'],
    ['<p>C:\\new</p>', 'C:\\new'],
  ])('%s only speaks of it', (html, words) => {
    expect(outline(blocks(html))).toEqual([`p ${words}`]);
    expect(codes(html)).toEqual([]);
  });
});
