import { describe, expect, test } from 'vitest';
import type { Block } from '../../../src/domain/blocks.ts';
import { htmlToBlocks } from '../../../src/normalize/html/html.ts';
import { Warnings } from '../../../src/normalize/warnings.ts';
import { outline } from '../drafts.ts';

const BASE = 'https://publisher.example/news/1';

function blocks(html: string): Block[] {
  return htmlToBlocks(html, BASE, new Warnings());
}

const paragraph = (...content: unknown[]) => ({ type: 'paragraph', content });
const text = (words: string) => ({ type: 'text', text: words });

describe('paragraphs and lines', () => {
  test('white space collapses as a browser shows it', () => {
    expect(blocks('<p>\n  One\t <b> two </b> three&nbsp; four </p>')).toEqual([
      paragraph(text('One '), { type: 'strong', content: [text('two ')] }, text('three four')),
    ]);
  });

  test('bare text between blocks becomes paragraphs', () => {
    expect(outline(blocks('before<p>one</p>between<div>two <span>three</span></div>after'))).toEqual([
      'p before',
      'p one',
      'p between',
      'p two three',
      'p after',
    ]);
  });

  test('one break is a break, two part paragraphs, those at the ends are nothing', () => {
    expect(blocks('<p><br>one<br>two<br>&nbsp;<br>three<br></p>')).toEqual([
      paragraph(text('one'), { type: 'break' }, text('two')),
      paragraph(text('three')),
    ]);
  });

  test('blocks are never empty', () => {
    const nothing =
      '<p></p><p>&nbsp;</p><p>\u200D&#8203;</p><h2> </h2><ul><li></li></ul><blockquote></blockquote>';
    expect(
      blocks(`${nothing}<table><tr><td> </td></tr></table><pre> \n</pre><figure></figure><b></b>`),
    ).toEqual([]);
  });

  test('an unknown element is as if it were not there', () => {
    expect(blocks('<p>a <made-up onclick="x">b</made-up> <font color=red>c</font></p>')).toEqual([
      paragraph(text('a b c')),
    ]);
  });

  test('invisible characters go, joiners stay, and the text is NFC', () => {
    expect(blocks('<p>क&#x200D;ष\u00AD \u202Eabc\u202C e\u0301 \uFEFFहि</p>')).toEqual([
      paragraph(text('क\u200Dष abc \u00E9 हि')),
    ]);
  });
});

describe('inline elements', () => {
  test('each keeps its meaning and nests', () => {
    expect(blocks('<p><em>a <b>b</b></em> <code>c</code> H<sub>2</sub> x<sup>3</sup></p>')).toEqual([
      paragraph(
        { type: 'em', content: [text('a '), { type: 'strong', content: [text('b')] }] },
        text(' '),
        { type: 'code', content: [text('c')] },
        text(' H'),
        { type: 'sub', content: [text('2')] },
        text(' x'),
        { type: 'sup', content: [text('3')] },
      ),
    ]);
  });

  test('neighbours of one kind are one, and a style within itself is one', () => {
    expect(blocks('<b>a</b><strong>b</strong><b><b>c</b></b>')).toEqual([
      paragraph({ type: 'strong', content: [text('abc')] }),
    ]);
  });

  test('two links to one address side by side stay two', () => {
    const [only] = blocks('<p><a href="/x">a</a><a href="/x">b</a></p>');
    expect(only?.type === 'paragraph' && only.content.length).toBe(2);
  });

  test('a style around blocks reaches into each of them', () => {
    expect(blocks('<b><p>one</p><p>two</p></b>')).toEqual([
      paragraph({ type: 'strong', content: [text('one')] }),
      paragraph({ type: 'strong', content: [text('two')] }),
    ]);
  });
});

describe('words with more to say', () => {
  test('marks, quotes and abbreviations', () => {
    expect(
      blocks(
        '<p><mark>a</mark> <q>b</q><q>c</q> <abbr title=" Food  and  Drink ">F</abbr> <abbr>G</abbr></p>',
      ),
    ).toEqual([
      paragraph(
        { type: 'mark', content: [text('a')] },
        text(' '),
        { type: 'quote', content: [text('b')] },
        { type: 'quote', content: [text('c')] },
        text(' '),
        { type: 'abbreviation', title: 'Food and Drink', content: [text('F')] },
        text(' G'),
      ),
    ]);
  });

  test('readings stay with what they are read for; the brackets for old browsers go', () => {
    const reading = (words: string) => ({ type: 'reading', content: [text(words)] });
    expect(
      blocks('<p><ruby><b>東</b><rp>(</rp><rt><b>とう</b></rt><rp>)</rp>京<rt>きょう</ruby></p>'),
    ).toEqual([
      paragraph({
        type: 'ruby',
        content: [
          { type: 'strong', content: [text('東')] },
          { type: 'reading', content: [{ type: 'strong', content: [text('とう')] }] },
          text('京'),
          reading('きょう'),
        ],
      }),
    ]);
    expect(blocks('<p>a<rt>b</rt></p>')).toEqual([paragraph(text('ab'))]);
  });

  test('a change of language or direction', () => {
    expect(
      blocks(
        '<p>a <i lang="fr">b</i> <bdi>c</bdi> <bdo dir="RTL">d</bdo> <span lang="not a tag">e</span></p>',
      ),
    ).toEqual([
      paragraph(
        text('a '),
        { type: 'span', language: 'fr', content: [{ type: 'em', content: [text('b')] }] },
        text(' '),
        { type: 'span', direction: 'auto', content: [text('c')] },
        text(' '),
        { type: 'span', direction: 'rtl', content: [text('d')] },
        text(' e'),
      ),
    ]);
  });

  test('a change inside a change takes its place', () => {
    expect(blocks('<p>a <span lang="fr">b <em><span lang="de">c</span></em></span></p>')).toEqual([
      paragraph(
        text('a '),
        { type: 'span', language: 'fr', content: [text('b ')] },
        { type: 'span', language: 'de', content: [{ type: 'em', content: [text('c')] }] },
      ),
    ]);
  });

  test('a change around a whole line is the line’s', () => {
    expect(blocks('<div lang="ur-pk" dir="rtl"><h3>a</h3><p>b<br><b>c</b></p></div>')).toEqual([
      { type: 'heading', level: 3, language: 'ur-PK', direction: 'rtl', content: [text('a')] },
      {
        type: 'paragraph',
        language: 'ur-PK',
        direction: 'rtl',
        content: [text('b'), { type: 'break' }, { type: 'strong', content: [text('c')] }],
      },
    ]);
  });
});

describe('headings', () => {
  test('h1 becomes 2, the others keep their level', () => {
    expect(outline(blocks('<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4><h5>e</h5><h6>f</h6>'))).toEqual([
      'h2 a',
      'h2 b',
      'h3 c',
      'h4 d',
      'h5 e',
      'h6 f',
    ]);
  });
});

describe('lists', () => {
  test('nested, also where the inner list forgot its item', () => {
    const inner = { type: 'list', ordered: true, items: [[paragraph(text('b'))]] };
    const list = { type: 'list', ordered: false, items: [[paragraph(text('a')), inner]] };
    expect(blocks('<ul><li>a<ol><li>b</ol></ul>')).toEqual([list]);
    expect(blocks('<ul><li>a</li><ol><li>b</li></ol></ul>')).toEqual([list]);
  });

  test('an ordered list keeps where it starts', () => {
    expect(blocks('<ol start="7"><li>a</li></ol>')).toEqual([
      { type: 'list', ordered: true, start: 7, items: [[paragraph(text('a'))]] },
    ]);
    expect(blocks('<ol start="1"><li>a</li></ol>')).toEqual([
      { type: 'list', ordered: true, items: [[paragraph(text('a'))]] },
    ]);
  });

  test('an item without a list is a paragraph', () => {
    expect(blocks('<li>a</li><li>b</li>')).toEqual([paragraph(text('a')), paragraph(text('b'))]);
  });
});

describe('definitions', () => {
  test('terms with their descriptions, also in groups of their own', () => {
    const html =
      '<dl><div><dt>Ebb</dt><dt>Low <b>water</b></dt><dd>Going out</dd></div><div><dt>Flood</dt><dd><p>Coming</p><p>in</p></dd><dd>twice</dd></div></dl>';
    expect(blocks(html)).toEqual([
      {
        type: 'definitions',
        items: [
          {
            terms: [[text('Ebb')], [text('Low '), { type: 'strong', content: [text('water')] }]],
            descriptions: [[paragraph(text('Going out'))]],
          },
          {
            terms: [[text('Flood')]],
            descriptions: [[paragraph(text('Coming')), paragraph(text('in'))], [paragraph(text('twice'))]],
          },
        ],
      },
    ]);
  });

  test('what stands between them is kept, and an empty list is none', () => {
    expect(outline(blocks('<dl>lost<dt>a</dt><dd>b</dd>stray</dl><dl><dt></dt><dd> </dd></dl>'))).toEqual([
      'definitions lost\na\nb\nstray',
    ]);
  });
});

describe('asides', () => {
  test.each([
    '<aside><h4>Facts</h4><p>One</p></aside>',
    '<div class="story fact-box"><h4>Facts</h4><p>One</p></div>',
    '<div class="kg-card kg-callout-card"><h4>Facts</h4>One</div>',
  ])('%s', (html) => {
    expect(blocks(`<p>a</p>${html}<aside> </aside>`)).toEqual([
      paragraph(text('a')),
      {
        type: 'aside',
        blocks: [{ type: 'heading', level: 4, content: [text('Facts')] }, paragraph(text('One'))],
      },
    ]);
  });
});

describe('quotes', () => {
  const quote = { type: 'quote', blocks: [paragraph(text('q'))], citation: [text('The witness')] };

  test.each([
    ['a footer', '<blockquote><p>q</p><footer>The witness</footer></blockquote>'],
    ['a cite on its own line', '<blockquote><p>q</p><cite>The witness</cite></blockquote>'],
    ['a cite in a footer', '<blockquote>q<footer><cite>The witness</cite></footer></blockquote>'],
    ['a figure’s caption', '<figure><blockquote>q</blockquote><figcaption>The witness</figcaption></figure>'],
  ])('the citation in %s', (_where, html) => {
    expect(blocks(html)).toEqual([quote]);
  });

  test('a cite inside a sentence is a title, not a citation', () => {
    const [only] = blocks('<blockquote><p>She read <cite>The Book</cite> twice.</p></blockquote>');
    expect(only).not.toHaveProperty('citation');
  });
});

describe('tables', () => {
  test('header cells, spans and caption', () => {
    const html =
      '<table><caption>Votes</caption><tr><th colspan="2">Ward</th></tr><tr><td rowspan=3>1</td><td>2</td></tr></table>';
    expect(blocks(html)).toEqual([
      {
        type: 'table',
        caption: [text('Votes')],
        rows: [
          [{ header: true, columnSpan: 2, content: [text('Ward')] }],
          [{ rowSpan: 3, content: [text('1')] }, { content: [text('2')] }],
        ],
      },
    ]);
  });

  test('what would part blocks in a cell breaks its line; an empty cell keeps its place', () => {
    expect(blocks('<table><tr><td><p>a</p><p>b</p><ul><li>c</ul></td><td></td></tr></table>')).toEqual([
      {
        type: 'table',
        rows: [
          [
            { content: [text('a'), { type: 'break' }, text('b'), { type: 'break' }, text('c')] },
            { content: [] },
          ],
        ],
      },
    ]);
  });

  test('a single cell is a layout, not a table; spans are bounded', () => {
    expect(blocks('<table><tr><td>a</td></tr></table>')).toEqual([paragraph(text('a'))]);
    const [table] = blocks('<table><tr><td colspan=99999999>a</td><td rowspan=-4>b</td></tr></table>');
    expect(table).toMatchObject({ rows: [[{ columnSpan: 1000 }, { content: [text('b')] }]] });
  });

  test('text that lost its cell is kept, in front', () => {
    expect(outline(blocks('<table>lost<tr><td>a</td><td>b</td></tr></table>'))).toEqual([
      'p lost',
      'table a\nb',
    ]);
  });
});

describe('code', () => {
  test('keeps its lines and its language, and its markup is text', () => {
    expect(
      blocks('<pre><code class="language-js">if (a &lt; b)\n  <b>run</b>()<br>end</code></pre>'),
    ).toEqual([{ type: 'code', text: 'if (a < b)\n  run()\nend', language: 'js' }]);
  });
});

describe('dividers and what is left out', () => {
  test('a divider between blocks', () => {
    expect(blocks('<p>a</p><hr><p>b</p>')).toEqual([
      paragraph(text('a')),
      { type: 'divider' },
      paragraph(text('b')),
    ]);
  });

  test.each([
    '<script>alert(1)</script>',
    '<style>p{}</style>',
    '<template><p>t</p></template>',
    '<noscript><p>n</p></noscript>',
    '<svg><text>s</text><script>1</script></svg>',
    '<math><mi>x</mi></math>',
    '<title>t</title>',
    '<textarea>t</textarea>',
    '<select><option>o</select>',
    '<button>press</button>',
    '<p hidden>h</p>',
    '<div style="DISPLAY : none">d</div>',
    '<!-- c --><![CDATA[x]]>',
    '<iframe srcdoc="<p>x</p>">inside</iframe>',
    '<object data="https://x.example/a.swf"></object>',
  ])('%s leaves no word', (html) => {
    expect(outline(blocks(`<p>a</p>${html}<p>b</p>`))).toEqual(['p a', 'p b']);
  });

  test('text that no markup can be in is code', () => {
    expect(blocks('<xmp><b>a</b></xmp>')).toEqual([{ type: 'code', text: '<b>a</b>' }]);
  });

  test.each(['noscript', 'textarea', 'noframes', 'svg', 'button'])('the words of a %s are told', (name) => {
    const warnings = new Warnings();
    expect(htmlToBlocks(`<${name}>Some words</${name}>`, BASE, warnings)).toEqual([]);
    expect(warnings.list).toEqual([{ code: 'element-dropped', excerpt: `${name} Some words` }]);
  });

  test('what a reader may miss is said', () => {
    const warnings = new Warnings();
    htmlToBlocks(
      '<iframe src="http://maps.example/1"></iframe><script>1</script><video>old</video>',
      BASE,
      warnings,
    );
    expect(warnings.list).toEqual([
      { code: 'element-dropped', excerpt: 'iframe http://maps.example/1' },
      { code: 'element-dropped', excerpt: 'video old' },
    ]);
  });
});
