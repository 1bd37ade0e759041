import type { Attack } from './attack.ts';

/** Markup that is harmless as first parsed and not when what was written out is parsed again. */
export const mutation: readonly Attack[] = [
  {
    name: 'a form that leaves MathML',
    html: '<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=alert(1)>',
  },
  {
    name: 'a paragraph that closes SVG',
    html: '<svg></p><style><a id="</style><img src=x onerror=alert(1)>">',
  },
  {
    name: 'a comment in a style in SVG',
    html: '<svg><style><!--</style><img src=x onerror=alert(1)>--></svg>',
  },
  { name: 'a style in a noscript', html: '<noscript><style></noscript><img src=x onerror=alert(1)>' },
  {
    name: 'a table that fosters a style',
    html: '<math><mtext><table><mglyph><style><math><img src=x onerror=alert(1)></table>',
  },
  {
    name: 'a CDATA section that HTML takes for a comment',
    html: '<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>',
  },
  {
    name: 'an escaped element in an attribute of raw text',
    html: '<xmp><a title="&lt;/xmp&gt;&lt;img src=x onerror=alert(1)&gt;"></xmp>',
  },
  { name: 'an entity that is markup once decoded', html: '<p>&lt;img src=x onerror=alert(1)&gt;</p>' },
  { name: 'an entity decoded twice', html: '<p>&amp;lt;img src=x onerror=alert(1)&amp;gt;</p>' },
  {
    name: 'a text that ends in an ampersand before a tag',
    html: '<p>&<b>lt;</b>script&<b>gt;</b>alert(1)</p>',
  },
  {
    name: 'a bracket and a name parted by a style',
    html: '<p>&lt;<b></b>script>alert(1)&lt;/<i></i>script></p>',
  },
  {
    name: 'a bracket and a name parted by a soft hyphen',
    html: '<p>&lt;&shy;script&gt;alert(1)&lt;&shy;/script&gt;</p>',
  },
  {
    name: 'a bracket and a name parted by a script',
    html: '<p>&lt;<script></script>img src=x onerror=alert(1)></p>',
  },
  {
    name: 'a tag put together from what is taken out',
    html: '<scr<script></script>ipt>alert(1)</scr<script></script>ipt>',
  },
  {
    name: 'a line feed swallowed at the start of preformatted text',
    html: '<pre>\n\n<code>\n<img src=x onerror=alert(1)></code></pre>',
  },
  {
    name: 'links in links',
    html: '<a href="https://a.example/"><a href="javascript:alert(1)"><table><a href="javascript:alert(1)">go</table>',
  },
  {
    name: 'a font in a table in a link',
    html: '<table><a href="javascript:alert(1)"><font><tr><td>a<td>b</font></table>',
  },
  { name: 'a br end tag, which opens', html: '</br onclick=alert(1)></p onclick=alert(1)>word' },
  {
    name: 'a deep nest that parsers cut',
    html: `${'<div>'.repeat(300)}<svg><style><img src=x onerror=alert(1)>`,
  },
  {
    name: 'a raw-text element below the deepest level',
    html: `${'<i>'.repeat(300)}<textarea></i><img src=x onerror=alert(1)></textarea>`,
  },
];
