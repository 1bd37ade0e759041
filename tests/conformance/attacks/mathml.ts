import type { Attack } from './attack.ts';

/** MathML: another language inside HTML, with other rules for what is text. */
export const mathml: readonly Attack[] = [
  { name: 'a link on the root', html: '<math href="javascript:alert(1)">go</math>' },
  { name: 'a prefixed link', html: '<math><mi xlink:href="javascript:alert(1)">go</mi></math>' },
  {
    name: 'an action',
    html: '<math><maction actiontype="statusline#https://evil.example" xlink:href="javascript:alert(1)">go</maction></math>',
  },
  { name: 'a style that holds an element', html: '<math><style><img src=x onerror=alert(1)></style></math>' },
  { name: 'HTML in a text', html: '<math><mtext><img src=x onerror=alert(1)></mtext></math>' },
  {
    name: 'HTML in an annotation',
    html: '<math><annotation-xml encoding="text/html"><img src=x onerror=alert(1)></annotation-xml></math>',
  },
  {
    name: 'SVG in an annotation',
    html: '<math><annotation-xml><svg onload=alert(1)></svg></annotation-xml></math>',
  },
  {
    name: 'a glyph that is an element again',
    html: '<math><mtext><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=alert(1)&gt;"></mglyph></mtext></math>',
  },
  { name: 'a handler', html: '<math onclick=alert(1)><mi>x</mi></math>' },
];
