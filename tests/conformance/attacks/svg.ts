import type { Attack } from './attack.ts';

/** SVG holds scripts, links, handlers and HTML of its own. */
export const svg: readonly Attack[] = [
  { name: 'a handler on the root', html: '<svg onload=alert(1)>' },
  { name: 'a handler behind a slash', html: '<svg/onload=alert(1)//' },
  { name: 'a script inside', html: '<svg><script>alert(1)</script></svg>' },
  {
    name: 'a script of entities, which SVG decodes',
    html: '<svg><script>&#97;lert(1)//alert(1)</script></svg>',
  },
  { name: 'a script by reference', html: '<svg><script xlink:href="data:,alert(1)"></script></svg>' },
  { name: 'a link', html: '<svg><a xlink:href="javascript:alert(1)"><text y=20>go</text></a></svg>' },
  { name: 'a link without its prefix', html: '<svg><a href="javascript:alert(1)"><circle r=9 /></a></svg>' },
  {
    name: 'an animation that sets a link',
    html: '<svg><a><animate attributeName=href values=javascript:alert(1) /><text>go</text></a></svg>',
  },
  { name: 'a set that sets a handler', html: '<svg><set attributeName=onmouseover to=alert(1) /></svg>' },
  {
    name: 'a handler on an animation',
    html: '<svg><animate onbegin=alert(1) attributeName=x dur=1s /></svg>',
  },
  {
    name: 'HTML in a foreign object',
    html: '<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>',
  },
  {
    name: 'a use of another document',
    html: '<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload=alert(1) />#x"/></svg>',
  },
  { name: 'a picture inside', html: '<svg><image href=x onerror=alert(1) /></svg>' },
  { name: 'a style inside', html: '<svg><style>@import "//evil.example/alert(1)";</style></svg>' },
  { name: 'a title that ends in HTML', html: '<svg><title><img src=x onerror=alert(1)></title></svg>' },
  { name: 'a description that ends in HTML', html: '<svg><desc><p onclick=alert(1)>word</p></desc></svg>' },
  {
    name: 'a handler in a namespace',
    html: '<svg xmlns:ev="http://www.w3.org/2001/xml-events"><handler ev:event=load>alert(1)</handler></svg>',
  },
  { name: 'never closed around a paragraph', html: '<svg><p><style><img src=x onerror=alert(1)></style>' },
];
