import type { Attack } from './attack.ts';

/** Elements where they may not be, names that shadow a page's own, and markup escaped once too often. */
export const structure: readonly Attack[] = [
  {
    name: 'ids that shadow a document’s own',
    html: '<a id=location name=cookie href="https://evil.example/">go</a><img name=getElementById src=x.jpg><form id=body></form>',
  },
  { name: 'an id of the page’s own', html: '<h2 id=main class="story text">word</h2>' },
  {
    name: 'a class of the page’s own',
    html: '<div class="byline kicker credit" role=alert aria-label="alert(1)">word</div>',
  },
  {
    name: 'a table that fosters',
    html: '<table><script>alert(1)</script><img src=x onerror=alert(1)><tr><td>a<td>b</table>',
  },
  {
    name: 'a cell in no table',
    html: '<td onclick=alert(1)>a</td><th scope="col" onclick=alert(1)>b</th><caption onclick=alert(1)>c</caption>',
  },
  {
    name: 'items in no list',
    html: '<li onclick=alert(1)>a</li><dt onclick=alert(1)>b</dt><option onclick=alert(1)>c</option>',
  },
  {
    name: 'a document in a paragraph',
    html: '<p>word<!doctype html><html onclick=alert(1)><head><script>alert(1)</script></head><body onload=alert(1)><p>more</p></body></html></p>',
  },
  {
    name: 'a caption that is markup',
    html: '<figure><img src=x.jpg><figcaption><script>alert(1)</script>&lt;b onclick=alert(1)&gt;word<small onclick=alert(1)>&lt;/small&gt;</small></figcaption></figure>',
  },
  {
    name: 'a citation that is markup',
    html: '<blockquote>word<footer onclick=alert(1)><cite>&lt;script&gt;alert(1)&lt;/script&gt;</cite></footer></blockquote>',
  },
  {
    name: 'a table’s caption that is markup',
    html: '<table><caption>&lt;/caption&gt;&lt;script&gt;alert(1)<tr><th>&lt;/th&gt;<th>&lt;img src=x onerror=alert(1)&gt;</table>',
  },
  {
    name: 'markup escaped once too often',
    html: '&lt;p&gt;word&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;',
  },
  {
    name: 'markup escaped twice too often',
    html: '&amp;lt;p&amp;gt;word&amp;lt;/p&amp;gt;&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;',
  },
  {
    name: 'markup escaped as JSON',
    html: '\\u003cp\\u003eword\\u003c/p\\u003e\\u003cscript\\u003ealert(1)\\u003c/script\\u003e',
  },
  {
    name: 'markup escaped as JSON, with slashes',
    html: '<p class=\\"x\\">word<\\/p>\\n<img src=\\"x\\" onerror=\\"alert(1)\\">',
  },
  {
    name: 'a related line that is an attack',
    html: '<p>Also read: <a href="javascript:alert(1)">&lt;script&gt;alert(1)&lt;/script&gt;</a></p>',
  },
  {
    name: 'a place line that is an attack',
    html: '<p>&lt;B&gt; (Reuters) - &lt;script&gt;alert(1)&lt;/script&gt; said nine people in the city on Sunday.</p>',
  },
  {
    name: 'a credit that is an attack',
    html: '<p>word</p><p>(With inputs from &lt;img src=x onerror=alert(1)&gt;)</p>',
  },
  {
    name: 'a ruby and its relatives',
    html: '<ruby onclick=alert(1)>word<rp>(<rt onclick=alert(1)><script>alert(1)</script>read</ruby><bdo dir=rtl onclick=alert(1)>back</bdo><abbr title="&quot; onclick=&quot;alert(1)">ab</abbr>',
  },
];
