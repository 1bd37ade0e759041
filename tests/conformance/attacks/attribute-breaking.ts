import type { Attack } from './attack.ts';

/** Values that end their attribute, or their tag, and go on as markup. */
export const attributeBreaking: readonly Attack[] = [
  { name: 'a double quote ends an alt', html: '<img alt=""onerror=alert(1)//" src="x.jpg">' },
  {
    name: 'an escaped quote in a double-quoted alt',
    html: '<img src="x.jpg" alt="&quot; onerror=&quot;alert(1)">',
  },
  { name: 'a numbered quote in an alt', html: '<img src="x.jpg" alt="&#34;&#62;<svg onload=alert(1)>">' },
  {
    name: 'an apostrophe in a single-quoted alt',
    html: "<img src='x.jpg' alt='&apos; onerror=&apos;alert(1)'>",
  },
  { name: 'a grave accent, a quote to old browsers', html: '<img src="x.jpg" alt="`` onerror=alert(1) ``">' },
  {
    name: 'a quote in a link',
    html: '<a href="https://evil.example/&quot;onmouseover=&quot;alert(1)">go</a>',
  },
  {
    name: 'a closing bracket in an unquoted value',
    html: '<a href=https://evil.example/><img src=x onerror=alert(1)>go</a>',
  },
  {
    name: 'an element inside a quoted value',
    html: '<a href="https://evil.example/?<script>alert(1)</script>">go</a>',
  },
  { name: 'a slash between attributes', html: '<img/src=x/onerror=alert(1)>' },
  { name: 'a form feed between attributes', html: '<img\fsrc=x\fonerror=alert(1)>' },
  { name: 'a quote where a name should be', html: '<img """><script>alert(1)</script>">' },
  {
    name: 'a missing closing quote',
    html: '<img src="x.jpg" alt="open onerror=alert(1)>and on<p title="closed">',
  },
  {
    name: 'a quote in a colspan',
    html: '<table><tr><td colspan=\'2" onclick="alert(1)\'>a</td><td>b</td></tr></table>',
  },
  { name: 'a quote in a list’s start', html: '<ol start=\'3" onfocus="alert(1)\'><li>a</li></ol>' },
  {
    name: 'a quote in the name of a code’s language',
    html: '<pre><code class=\'language-js" onclick="alert(1)\'>x</code></pre>',
  },
  {
    name: 'an angle bracket in the name of a code’s language',
    html: '<pre><code class="language-&lt;script&gt;alert(1)">x</code></pre>',
  },
  { name: 'a quote in a width', html: '<img src="x.jpg" width=\'640" onload="alert(1)\' height="360">' },
  {
    name: 'a quote in a language tag',
    html: '<p lang=\'en" onclick="alert(1)\' dir=\'rtl" onclick="alert(1)\'>word</p>',
  },
];
