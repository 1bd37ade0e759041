/** Inputs on which a careless program takes more than linear time. */
export interface Shape {
  name: string;
  kind: 'markup' | 'text';
  /** Makes about `size` UTF-16 code units. */
  make(size: number): string;
}

/** `piece` repeated between `before` and `after`. */
function repeated(piece: string, before = '', after = ''): Shape['make'] {
  return (size) => before + piece.repeat(Math.ceil(size / piece.length)) + after;
}

/** One piece repeated for half of the size, then another. */
function balanced(open: string, middle: string, close: string): Shape['make'] {
  return (size) => {
    const count = Math.ceil(size / (open.length + close.length));
    return open.repeat(count) + middle + close.repeat(count);
  };
}

function counted(piece: (index: number) => string, before = '', after = ''): Shape['make'] {
  return (size) => {
    const pieces: string[] = [];
    for (let length = 0; length < size; length += pieces.at(-1)?.length ?? 1)
      pieces.push(piece(pieces.length));
    return before + pieces.join('') + after;
  };
}

const PAGE = '<!doctype html><html lang=en><title>A page</title><body><article><h1>A page</h1>';

const MARKUP: Readonly<Record<string, Shape['make']>> = {
  'nested elements, unclosed': repeated('<div>', '', 'a'),
  'nested elements, closed': balanced('<div>', 'a', '</div>'),
  'nested inline elements': repeated('<b><i>a'),
  'nested quotes': repeated('<blockquote>a'),
  'nested lists': repeated('<ul><li>a'),
  'nested tables': repeated('<table><tr><td>a'),
  'nested quotations': repeated('<q>a'),
  'nested figures': repeated('<figure><figcaption>a'),
  'nested SVG': repeated('<svg><g>a'),
  'unclosed everything': repeated('<p><b><a href=/x><ul><li><td><h2><ruby>word '),
  'closing tags alone': repeated('</i></p></div>', '<b>'.repeat(200)),
  'attributes of one element': counted((index) => `a${index}=1 `, '<p ', '>a'),
  'one long attribute': repeated('&amp;', '<a href="/', '">a</a>'),
  'candidates of one picture': repeated('/a 1x, ', '<img srcset="', '">'),
  'one word': repeated('a', '<p>'),
  'white space': repeated(' \n\t', '<p>a', 'b'),
  'words far apart': repeated(`a${' '.repeat(1_000)}`, '<p>'),
  'no-break spaces': repeated('&nbsp;', '<p>a', 'b'),
  entities: repeated('&amp;&#x905;&hellip;', '<p>'),
  ampersands: repeated('&', '<p>'),
  'angle brackets': repeated('<', '<p>'),
  'markup escaped once too often': repeated('&lt;p&gt;a&lt;/p&gt;', '<p>'),
  'cells of one row': repeated('<td>a', '<table>'),
  'rows of one cell': repeated('<tr><td>a', '<table>'),
  'cells that span all': repeated('<tr><td rowspan=65534 colspan=1000>a', '<table>'),
  'items of one list': repeated('<li>a', '<ul>'),
  'terms of one definition': repeated('<dt>a<dd>b', '<dl>'),
  'line breaks': repeated('a<br>', '<p>'),
  'paragraphs by line breaks': repeated('a<br><br>'),
  'small bold words': repeated('<b>a</b>', '<p>'),
  'marks that change': repeated('<b>a</b><i>b</i>c', '<p>'),
  'language changes': repeated('<span lang=hi>क</span><span dir=rtl>ا</span>', '<p>'),
  'links in links': repeated('<a href=/x>a'),
  'readings of one ruby': repeated('字<rt>a', '<ruby>'),
  'one picture many times': repeated('<p><img src=/a.jpg>'),
  'pictures of one figure': counted((index) => `<img src=/${index}.jpg>`, '<figure>', '<figcaption>a'),
  'captions of one figure': repeated('<figcaption>a</figcaption>', '<figure>'),
  'comment soup': repeated('<!-- a --><!---->a'),
  'comments never closed': repeated('<!-- a -'),
  'raw text never closed': repeated('<script>a<style>b'),
  shortcodes: repeated('[caption id="a"][embed]https://youtu.be/abcdefghijk\n'),
  'embeds on their own': repeated('<p>https://youtu.be/abcdefghijk</p>'),
  code: repeated('a\n\n', '<pre>'),
  'brackets and dashes': repeated('(–:“', '<p>'),
  'stacked accents': repeated('\u0301\u0323', '<p>a'),
  'one grapheme': repeated('\u{1F468}\u200D', '<p>'),
  'elements of a page': repeated('<p class="story">Some words of a page, and a few more.</p>', PAGE),
  'links of a page': repeated('<div class=story><a href=/x>Some words</a></div>', PAGE),
  'divisions of a page': repeated('<div><span>Some words of a page, no more.</span></div>', PAGE),
  'meta elements': counted((index) => `<meta property="p${index}" content="a">`, PAGE),
  'JSON-LD, nested': repeated('[', '<script type="application/ld+json">', `</script>${PAGE}<p>a`),
  'JSON-LD, scripts': repeated('<script type="application/ld+json">{"@graph":[]}</script>', PAGE),
};

const TEXT: Readonly<Record<string, Shape['make']>> = {
  'text: lines': repeated('a\n'),
  'text: paragraphs': repeated('Some words of a page.\n\n'),
  'text: one paragraph': repeated('Some words of a page. '),
  'text: one word': repeated('a'),
  'text: line ends': repeated('\n', 'a', 'b'),
  'text: boilerplate': repeated('Advertisement\nAlso read: A story\n\n'),
  'text: speakers': repeated('Speaker: some words of a talk\n'),
  'text: datelines': repeated('HARBOUR (Agency) - words\n'),
  'text: agencies': repeated('(PTI)\n'),
  'text: danda': repeated('क।'),
};

export const SHAPES: readonly Shape[] = [
  ...Object.entries(MARKUP).map(([name, make]) => ({ name, kind: 'markup' as const, make })),
  ...Object.entries(TEXT).map(([name, make]) => ({ name, kind: 'text' as const, make })),
];
