/** Inputs on which a careless program takes more than linear time. */
export interface Shape {
  name: string;
  /** What normalizes it: an article's markup or text, also as a page. A `document` is read by its dialect. */
  kind: 'markup' | 'text' | 'document';
  /** The media type of a document. */
  type?: string;
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

/** One piece repeated for half of the size, then another. */
function halves(first: string, second: string, before: string, between = ''): Shape['make'] {
  return (size) => repeated(first, before, between)(size / 2) + repeated(second)(size / 2);
}

const STORY = 'Some words of a story that is told here, with a few more of them. It goes on. ';

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
  'a shortcode, then a tag without an end': repeated('a', '[gallery ids=1]<'),
  'a shortcode’s attribute without an end': repeated('" ', '[video poster="a" src='),
  'shortcodes that a tag cuts off': repeated('[a <'),
  'descriptions of a page': halves('<meta name=description content="abc def">', '<p>abc deg</p>', PAGE),
  'one long description of a page': halves(
    'Some words. ',
    '<p>abc deg</p>',
    '<meta name=description content="',
    `">${PAGE}`,
  ),
  'authors of a page': halves(
    '{"name":"A"},',
    '<p>By A</p>',
    '<script type="application/ld+json">{"@type":"NewsArticle","author":[',
    `{}]}</script>${PAGE}`,
  ),
  'keywords of a page': repeated(
    'a,',
    '<script type="application/ld+json">{"@type":"NewsArticle","keywords":"',
    `"}</script>${PAGE}`,
  ),
  'linked headings before bylines': repeated('<h2><a href=/x>Heading</a></h2><p>By A</p>', PAGE),
  'labels before a story': repeated('<p>Trending</p>', PAGE, `<p>${STORY}</p><p>${STORY}</p>`),
  'labels among stories': repeated(`<h2>More from City</h2><p>${STORY}</p>`, PAGE),
  'class names of hyphens': repeated(`<div class="${'share-'.repeat(80)}x">a</div>`, PAGE),
  'labels of a host': repeated(`<iframe src="https://${'a.'.repeat(900)}example/x"></iframe>`, '<p>'),
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
  'text: lines in Thai': repeated('กขค\n'),
  'text: paragraphs in Japanese': repeated('あいう\n\n'),
  'text: lines of rules': repeated('___\n'),
  'text: lines below a byline': repeated('a\n', 'By '),
  'text: bullets of one paragraph': repeated('• a\n', 'a\n\n'),
  'text: marks of sentences': repeated('.', '', 'a'),
  'text: marks and quotation marks': repeated('.”'),
  'text: labels before a story': repeated('Trending\n\n', '', `${STORY}\n\n${STORY}`),
};

const ITEM =
  '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><guid>1</guid><title>a</title>';
const TERMS = 'http://purl.org/dc/elements/1.1/';
const POST = '{"id":1,"title":"a","date_gmt":"","content":{"raw":"';

/** Documents by their media types. */
const DOCUMENTS: Readonly<Record<string, readonly [type: string, make: Shape['make']]>> = {
  'RSS: items': ['application/rss+xml', repeated('<item><title>a</title></item>', '<rss><channel>')],
  'RSS: namespaces of one element': [
    'application/rss+xml',
    counted((index) => `xmlns:a${index}="${TERMS}" `, '<rss ', '>'),
  ],
  'RSS: namespaces in scope': [
    'application/rss+xml',
    (size) =>
      counted((index) => `xmlns:a${index}="${TERMS}" `, '<rss ', '><channel>')(size / 2) +
      repeated(`<a xmlns:b="${TERMS}"/>`)(size / 2),
  ],
  'RSS: attributes of one element': ['application/rss+xml', counted((index) => `a${index}="b" `, '<rss ')],
  'RSS: authors': [
    'application/rss+xml',
    counted((index) => `<dc:creator>a${index}</dc:creator>`, ITEM, '</item>'),
  ],
  'RSS: categories': [
    'application/rss+xml',
    counted((index) => `<category>a${index}</category>`, ITEM, '</item>'),
  ],
  'RSS: nested elements': ['application/rss+xml', repeated('<a>', ITEM)],
  'RSS: entities': [
    'application/rss+xml',
    repeated('&hellip;', `${ITEM}<description>`, '</description></item>'),
  ],
  'RSS: sections never closed': ['application/rss+xml', repeated('<![CDATA[', ITEM)],
  'RSS: comments never closed': ['application/rss+xml', repeated('<!--', ITEM)],
  'Atom: entries': ['application/atom+xml', repeated('<entry/>', '<feed>')],
  'WordPress: elements never closed': ['application/json', repeated('<pre>', POST, '"}}')],
  'WordPress: elements closed': [
    'application/json',
    (size) => `${POST}${balanced('<pre>', '', '</pre>')(size)}"}}`,
  ],
  'WordPress: line ends': ['application/json', repeated('a\\n\\n', POST, '"}}')],
  'WordPress: fields of a form': [
    'application/x-www-form-urlencoded',
    counted((index) => `a${index}=b&`, 'hook=publish_post&ID=1&post_title=a&'),
  ],
  'form: empty fields': ['application/x-www-form-urlencoded', repeated('a&')],
  'form: separators': ['application/x-www-form-urlencoded', repeated('&')],
  'form: few long fields': [
    'application/x-www-form-urlencoded',
    (size) => repeated('%41+', 'hook=publish_post&ID=1&post_title=a&post_content=')(size),
  ],
  'native: tags': [
    'application/json',
    repeated('1,', '{"type":"article.published","data":{"tags":[', '1]}}'),
  ],
  'native: authors': [
    'application/json',
    repeated('{},', '{"type":"article.published","data":{"authors":[', '1]}}'),
  ],
  'JSON Feed: items': [
    'application/json',
    repeated('{},', '{"version":"https://jsonfeed.org/version/1","items":[', '{}]}'),
  ],
  'JSON Feed: tags': [
    'application/json',
    repeated('"a",', '{"id":"1","title":"a","content_text":"b","tags":[', '"b"]}'),
  ],
  'schema.org: graph': ['application/ld+json', repeated('{"@type":"Article"},', '{"@graph":[', '{}]}')],
  'schema.org: authors': [
    'application/ld+json',
    repeated('{"name":"a"},', '{"@type":"Article","author":[', '{}]}'),
  ],
  'ninjs: associations': [
    'application/json',
    repeated('{"uri":"a"},', '{"uri":"a","type":"composite","versioncreated":"b","associations":[', '{}]}'),
  ],
  'ninjs: subjects': [
    'application/json',
    repeated('{"name":"a"},', '{"uri":"a","versioncreated":"b","subject":[', '{}]}'),
  ],
  'JSON: brackets': ['application/json', balanced('[', '', ']')],
};

export const SHAPES: readonly Shape[] = [
  ...Object.entries(MARKUP).map(([name, make]) => ({ name, kind: 'markup' as const, make })),
  ...Object.entries(TEXT).map(([name, make]) => ({ name, kind: 'text' as const, make })),
  ...Object.entries(DOCUMENTS).map(([name, [type, make]]) => ({
    name,
    kind: 'document' as const,
    type,
    make,
  })),
];
