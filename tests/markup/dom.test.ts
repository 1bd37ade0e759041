import { expect, test } from 'vitest';
import { Document, Element } from '../../src/markup/dom.ts';

function bodyOf(html: string): Element {
  const { body } = new Document();
  body.innerHTML = html;
  return body;
}

function only(root: Element, name: string): Element {
  const [found] = root.getElementsByTagName(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

test.each([
  [
    'a whole document',
    '<!doctype html><html><head><title>T</title></head><body class=x><p>One</body></html>',
    '<p>One</p>',
  ],
  ['no body at all', '<p>One<p>Two', '<p>One</p><p>Two</p>'],
  [
    'a paragraph in its head',
    '<head><meta name="a" content="b"><p>One</head><p>Two',
    '<meta name="a" content="b"><p>One</p><p>Two</p>',
  ],
  ['text behind its end', '<body><p>One</p></body></html>Two', '<p>One</p>Two'],
  [
    'what nobody reads',
    'a<script>if (a<b) c()</script><style>p{}</style><template><p>T</p></template><!-- x -->b',
    'ab',
  ],
  [
    'signs',
    '<p title="a &quot;&amp;&lt; b">1 &lt; 2 &amp; 3</p>',
    '<p title="a &quot;&amp;< b">1 &lt; 2 &amp; 3</p>',
  ],
  ['pictures of AMP', '<amp-img src="a.jpg"></amp-img>', '<img src="a.jpg">'],
  ['frames, whose content is no markup', '<iframe src="a"><p>b</iframe>', '<iframe src="a"><p>b</iframe>'],
  [
    'names that objects have',
    '<constructor valueof="a">b</constructor>',
    '<constructor valueof="a">b</constructor>',
  ],
  ['wrong nesting', '<b><p>One</b></p>', '<b><p>One</p></b><p></p>'],
])('reads and writes %s', (_, html, written) => {
  expect(bodyOf(html).innerHTML).toBe(written);
});

test('text is one node, however many signs it is told in', () => {
  const [text, ...more] = bodyOf('a &amp; b &amp; c').childNodes;
  expect([text?.textContent, more]).toEqual(['a & b & c', []]);
});

test('nodes know their neighbours wherever they are moved', () => {
  const body = bodyOf('<p>1</p> <div><p>2</p></div> <p>3</p>');
  const [first, second, third] = body.getElementsByTagName('P');
  const division = only(body, 'div');
  if (!first || !second || !third) throw new Error('three paragraphs');
  expect([first.nextElementSibling, third.previousElementSibling]).toEqual([division, division]);

  body.replaceChild(second, division);
  expect(body.innerHTML).toBe('<p>1</p> <p>2</p> <p>3</p>');
  expect([division.parentNode, division.firstChild, second.parentNode]).toEqual([null, null, body]);

  body.appendChild(first);
  third.remove();
  expect(body.innerHTML).toBe(' <p>2</p> <p>1</p>');
  expect([body.lastChild, body.firstElementChild, body.children]).toEqual([first, second, [second, first]]);
  body.replaceChild(first, first);
  expect(body.removeChild(second).nextSibling).toBeNull();
  expect(body.textContent).toBe('  1');
});

test('elements are found in the document’s order, below their root only', () => {
  const body = bodyOf('<h2>a</h2><div><h1>b</h1><h2>c</h2></div><h1>d</h1>');
  const words = (found: Element[]) => found.map(({ textContent }) => textContent).join('');
  expect(words(body.querySelectorAll('h1, h2'))).toBe('abcd');
  expect(words(only(body, 'div').querySelectorAll('h1,h2'))).toBe('bc');
  expect(only(body, 'h1').getElementsByTagName('*')).toEqual([]);
  expect(new Document().getElementsByTagName('*').map(({ tagName }) => tagName)).toEqual([
    'HTML',
    'HEAD',
    'BODY',
  ]);
});

test('attributes are read, changed and taken away', () => {
  const image = only(
    bodyOf('<img SRC="a" class="x" style="color:red; DISPLAY : None;visibility:hidden">'),
    'img',
  );
  expect([image.src, image.srcset, image.className, image.id]).toEqual(['a', '', 'x', '']);
  expect(image.style).toEqual({ display: 'none', visibility: 'hidden' });
  image.className = 'y';
  image.id = 'z';
  image.setAttribute('src', 'b');
  image.removeAttribute('style');
  expect(image.outerHTML).toBe('<img src="b" class="y" id="z">');
  expect([image.hasAttribute('style'), image.getAttribute('style'), image.style.display]).toEqual([
    false,
    null,
    '',
  ]);
  const copy = new Element('IMG', new Document());
  for (const attribute of image.attributes) copy.setAttributeNode(attribute.cloneNode());
  copy.setAttribute('src', 'c');
  expect([copy.outerHTML, image.src]).toEqual(['<img src="c" class="y" id="z">', 'b']);
});
