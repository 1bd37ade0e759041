import type { Attack } from './attack.ts';

/** A handler of some kind on an element of some kind. */
export const handlers: readonly Attack[] = [
  { name: 'error', html: '<img src=x onerror=alert(1)>' },
  { name: 'load', html: '<img src=x.jpg onload="alert(1)">' },
  { name: 'click', html: '<p onclick=alert(1)>word</p>' },
  { name: 'pointer', html: '<h2 onpointerenter=alert(1)>word</h2>' },
  { name: 'mouse over', html: '<strong onmouseover="alert(1)">word</strong>' },
  { name: 'wheel', html: '<blockquote onwheel=alert(1)>word</blockquote>' },
  { name: 'scroll', html: '<ul onscroll=alert(1)><li onscrollend=alert(1)>a</ul>' },
  { name: 'toggle', html: '<details open ontoggle=alert(1)><summary>a</summary>b</details>' },
  { name: 'start of a marquee', html: '<marquee onstart=alert(1) loop=1>word</marquee>' },
  {
    name: 'end of an animation',
    html: '<p style="animation:x" onanimationend=alert(1) onanimationstart=alert(1)>word</p>',
  },
  { name: 'end of a transition', html: '<a href="https://a.example/" ontransitionend=alert(1)>go</a>' },
  {
    name: 'focus without a field',
    html: '<p tabindex=1 autofocus onfocus=alert(1) onfocusin=alert(1)>word</p>',
  },
  { name: 'editing', html: '<div contenteditable onbeforeinput=alert(1) oninput=alert(1)>word</div>' },
  { name: 'cut, copy and paste', html: '<p oncut=alert(1) oncopy=alert(1) onpaste=alert(1)>word</p>' },
  { name: 'dragging', html: '<figure draggable=true ondragstart=alert(1)><img src=x.jpg></figure>' },
  {
    name: 'the context menu',
    html: '<table oncontextmenu=alert(1)><tr><td onauxclick=alert(1)>a<td>b</table>',
  },
  {
    name: 'visibility',
    html: '<p oncontentvisibilityautostatechange=alert(1) style="content-visibility:auto">word</p>',
  },
  { name: 'a match found', html: '<div hidden=until-found onbeforematch=alert(1)>word</div>' },
  { name: 'a policy broken', html: '<p onsecuritypolicyviolation=alert(1)>word</p>' },
  { name: 'a name nobody has heard of', html: '<p onsomethingnew=alert(1)>word</p>' },
  { name: 'a name with a line feed before the sign', html: '<img src=x onerror\n=\nalert(1)>' },
  { name: 'a value of entities', html: '<img src=x onerror=&#97;&#108;ert(1)//alert(1)>' },
  { name: 'on a break', html: '<p>a<br onclick=alert(1)>b<hr onclick=alert(1)></p>' },
  { name: 'on an end tag', html: '<p>word</p onclick=alert(1)>' },
];
