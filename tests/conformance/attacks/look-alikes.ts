import type { Attack } from './attack.ts';

/** Characters that look like others, become others in a normal form, or are not seen at all. */
export const lookAlikes: readonly Attack[] = [
  { name: 'full-width brackets', html: '\uFF1Cscript\uFF1Ealert(1)\uFF1C/script\uFF1E' },
  { name: 'small brackets', html: '\uFE64script\uFE65alert(1)\uFE64/script\uFE65' },
  { name: 'angle quotation marks', html: '\u2039script\u203Aalert(1)\u2039/script\u203A' },
  { name: 'a full-width quote in an attribute', html: '<img src=x.jpg alt="\uFF02 onerror=\uFF02alert(1)">' },
  { name: 'a full-width colon in a scheme', html: '<a href="javascript\uFF1Aalert(1)">go</a>' },
  { name: 'a Cyrillic letter in a scheme', html: '<a href="j\u0430vascript:alert(1)">go</a>' },
  {
    name: 'a long s and a Kelvin sign',
    html: '<\u017Fcript>alert(1)</\u017Fcript><lin\u212A rel=stylesheet href=//evil.example>',
  },
  { name: 'a combining mark behind a bracket', html: '<p>&lt;\u0338script&gt;\u0338alert(1)</p>' },
  { name: 'a combining mark that eats a bracket', html: '<p>a &gt;\u0338<b>\u0338</b> onclick=alert(1)</p>' },
  {
    name: 'a Greek question mark, which NFC makes a semicolon',
    html: '<p>&amp;lt\u037Escript&amp;gt\u037Ealert(1)</p>',
  },
  {
    name: 'angle brackets that NFC makes others',
    html: '<p>\u2329script\u232Aalert(1)\u2329/script\u232A</p>',
  },
  { name: 'a grave accent that NFC makes one', html: '<img src=x.jpg alt="\u1FEF onerror=alert(1) \u1FEF">' },
  {
    name: 'a right-to-left override',
    html: '<p>\u202E)1(trela\u202C <a href="https://evil.example/\u202Egpj.exe">go</a> alert(1)</p>',
  },
  { name: 'isolates never closed', html: '<p>\u2066alert(1)\u2067\u2068</p>' },
  { name: 'invisible letters in a scheme', html: '<a href="java\u200Bscript\u2060:alert(1)">go</a>' },
  { name: 'tag characters', html: '<p>\u{E003C}\u{E0073}alert(1)\u{E003E}</p>' },
  { name: 'a line separator', html: '<p>one\u2028<script>alert(1)</script>\u2029</p>' },
  { name: 'noncharacters', html: '<p>\uFFFE\uFFFF\u{1FFFF}<img src=x onerror=alert(1)>\uFDD0</p>' },
  {
    name: 'control characters of the second set',
    html: '<p>\u0085\u009Cscript\u0080>alert(1)&#x8B;script&#x9B;</p>',
  },
  {
    name: 'half a character by number',
    html: '<p>&#xD83C;&#xDC00;&#x110000;<a href="&#xD800;javascript:alert(1)">go</a></p>',
  },
];
