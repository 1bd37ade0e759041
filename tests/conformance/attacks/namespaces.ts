import type { Attack } from './attack.ts';

/** Names with prefixes, and elements that lead from one language into another. */
export const namespaces: readonly Attack[] = [
  { name: 'a prefixed script', html: '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>' },
  {
    name: 'a prefixed picture',
    html: '<html:img xmlns:html="http://www.w3.org/1999/xhtml" src=x onerror=alert(1)>',
  },
  {
    name: 'a namespace of one’s own',
    html: '<p xmlns="http://www.w3.org/2000/svg" onload=alert(1)>word</p>',
  },
  {
    name: 'a prefixed attribute',
    html: '<a xlink:href="javascript:alert(1)" xml:base="javascript:alert(1)//" href="x">go</a>',
  },
  { name: 'XML’s base', html: '<div xml:base="javascript:alert(1)//"><a href="#">go</a></div>' },
  {
    name: 'an XML island',
    html: '<xml id=x><a><b>&lt;script&gt;alert(1)&lt;/script&gt;</b></a></xml><span datasrc=#x datafld=b dataformatas=html></span>',
  },
  {
    name: 'a time container',
    html: '<t:set xmlns:t="urn:schemas-microsoft-com:time" attributeName=innerHTML to="<script>alert(1)</script>">',
  },
  {
    name: 'vector markup of Office',
    html: '<v:rect style="width:9" fillcolor=red onmouseover=alert(1)><v:textbox>word</v:textbox></v:rect>',
  },
  {
    name: 'a paragraph of Office',
    html: '<o:p onclick=alert(1)>word</o:p><w:sdt id=1><script>alert(1)</script></w:sdt>',
  },
  { name: 'HTML breaking out of SVG', html: '<svg><div><script>alert(1)</script></div>' },
  {
    name: 'HTML breaking out of MathML by a font',
    html: '<math><font color=red><script>alert(1)</script></font></math>',
  },
  {
    name: 'SVG in MathML in SVG',
    html: '<svg><foreignObject><math><annotation-xml encoding=application/xhtml+xml><script>alert(1)</script></annotation-xml></math></foreignObject></svg>',
  },
  { name: 'a name in mixed case', html: '<ScRiPt>alert(1)</sCrIpT><IMG SRC=x OnErRoR=alert(1)>' },
  {
    name: 'a name with a NUL',
    html: '<scr\u0000ipt>alert(1)</scr\u0000ipt><im\u0000g src=x on\u0000error=alert(1)>',
  },
  {
    name: 'a name with a dotless i',
    html: '<scr\u0131pt>alert(1)</scr\u0131pt><p \u0131d=x onclick=alert(1)>word</p>',
  },
  {
    name: 'names that objects have',
    html: '<constructor onclick=alert(1)>a</constructor><__proto__ __proto__=alert(1) constructor=alert(1)>b</__proto__><toString>c',
  },
];
