import type { Attack } from './attack.ts';

/** An attribute given twice: the first counts (HTML section 13.2.5.33), unless a parser thinks otherwise. */
export const duplicates: readonly Attack[] = [
  {
    name: 'a good link, then a bad one',
    html: '<a href="https://a.example/" href="javascript:alert(1)">go</a>',
  },
  {
    name: 'a bad link, then a good one',
    html: '<a href="javascript:alert(1)" href="https://a.example/">go</a>',
  },
  { name: 'the same in other case', html: '<a HREF="https://a.example/" href="javascript:alert(1)">go</a>' },
  {
    name: 'two picture addresses',
    html: '<img src="x.jpg" src="javascript:alert(1)" SRC=x onerror=alert(1)>',
  },
  {
    name: 'two frame addresses',
    html: '<iframe src="https://www.youtube.com/embed/M7lc1UVf-VE" src="javascript:alert(1)"></iframe>',
  },
  {
    name: 'a frame with a document besides its address',
    html: '<iframe src="https://www.youtube.com/embed/M7lc1UVf-VE" srcdoc="<script>alert(1)</script>"></iframe>',
  },
  {
    name: 'a lazy address beside a bad one',
    html: '<img data-src="x.jpg" src="javascript:alert(1)" srcset="javascript:alert(1) 2x">',
  },
  {
    name: 'two classes',
    html: '<pre class="x" class="language-js" onclick=alert(1)><code class=language-a class="language-b&quot;onclick=alert(1)">x</code></pre>',
  },
  { name: 'a body twice', html: '<body><p>word</p><body onload=alert(1)><html onclick=alert(1)>' },
  { name: 'two alts', html: '<img src=x.jpg alt="a" alt="&quot; onerror=&quot;alert(1)">' },
];
