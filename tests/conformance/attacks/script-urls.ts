import type { Attack } from './attack.ts';

const link = (name: string, href: string): Attack => ({ name, html: `<a href="${href}">go</a>` });

/** `javascript:` in every spelling a browser reads as that: URL Standard section 4.4 strips before it looks. */
export const scriptUrls: readonly Attack[] = [
  link('plain', 'javascript:alert(1)'),
  link('mixed case', 'JaVaScRiPt:alert(1)'),
  link('decimal references', '&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)'),
  link(
    'decimal references padded and without semicolons',
    '&#0000106&#0000097&#0000118ascript&#0000058alert(1)',
  ),
  link(
    'hexadecimal references',
    '&#x6A;&#x61;&#x76;&#x61;&#x73;&#x63;&#x72;&#x69;&#x70;&#x74;&#x3A;alert(1)',
  ),
  link('hexadecimal references without semicolons', '&#X6a&#X61vascript&#X3Aalert(1)'),
  link('a named colon', 'javascript&colon;alert(1)'),
  link('named brackets', 'javascript:alert&lpar;1&rpar;'),
  link('a tab inside', 'java\tscript:alert(1)'),
  link('a line feed inside', 'java\nscript:alert(1)'),
  link('a carriage return before the colon', 'javascript\r:alert(1)'),
  link('a tab by name', 'java&Tab;script&NewLine;:alert(1)'),
  link('a tab by number', 'jav&#x09;ascript:alert(1)'),
  link('a line feed by number', 'jav&#10;ascript:alert(1)'),
  link('spaces in front', '   javascript:alert(1)'),
  link('a control character in front', '\u0001javascript:alert(1)'),
  link('many control characters in front', '&#14;&#1;&#8;&#31; javascript:alert(1)'),
  link('a NUL inside', 'java\u0000script:alert(1)'),
  link('a NUL by number', 'java&#0;script:alert(1)'),
  link('a byte-order mark in front', '\uFEFFjavascript:alert(1)'),
  link('a no-break space in front', '&nbsp;javascript:alert(1)'),
  link('a soft hyphen inside', 'java&shy;script:alert(1)'),
  link('a zero-width joiner inside', 'java&zwj;script:alert(1)'),
  link('a comment that holds a host', 'javascript://evil.example/%0Aalert(1)'),
  link(
    'a comment behind a host and a carriage return',
    'javascript://evil.example/%0d%0aalert(1)//?https://',
  ),
  link('percent-encoded code', 'javascript:%61%6c%65%72%74(1)//alert(1)'),
  link('a percent-encoded scheme', '%6Aavascript:alert(1)'),
  link('escaped twice', '&amp;#106;avascript:alert(1)'),
  link('after a fragment', '#javascript:alert(1)'),
  link('code that ends the attribute', 'javascript:&quot;&gt;<script>alert(1)</script>'),
  { name: 'without quotes', html: '<a href=javascript:alert(1)>go</a>' },
  { name: 'in grave accents', html: '<a href=`javascript:alert(1)`>go</a>' },
  { name: 'as a picture', html: '<img src="javascript:alert(1)">' },
  { name: 'as a picture’s lazy address', html: '<img src="x.jpg" data-src="javascript:alert(1)">' },
  { name: 'as a frame', html: '<iframe src="java&#10;script:alert(1)"></iframe>' },
  { name: 'as a frame’s lazy address', html: '<iframe data-src="javascript:alert(1)"></iframe>' },
  { name: 'as a quote’s source', html: '<blockquote cite="javascript:alert(1)">word</blockquote>' },
  {
    name: 'as an image map’s area',
    html: '<map name=m><area shape=default href="javascript:alert(1)"></map><img usemap=#m src=x.jpg>',
  },
  { name: 'as a background', html: '<table background="javascript:alert(1)"><tr><td>a<td>b</table>' },
  { name: 'as a ping', html: '<a href="https://evil.example/" ping="javascript:alert(1)">go</a>' },
];
