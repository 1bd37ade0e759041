import type { Attack } from './attack.ts';

/** Elements whose content is text to one parser and markup to another. */
export const rawText: readonly Attack[] = [
  { name: 'a script', html: '<script>alert(1)</script>' },
  { name: 'a script never closed', html: '<script>alert(1)' },
  {
    name: 'a script closed with rubbish in the tag',
    html: '<script>1</script x><img src=x onerror=alert(1)>',
  },
  { name: 'a script closed behind a space', html: '<script>1</script ><img src=x onerror=alert(1)>' },
  {
    name: 'a script in a script, escaped twice',
    html: '<script><!--<script></script>--><img src=x onerror=alert(1)></script>',
  },
  { name: 'a style closed early', html: '<style></style><img src=x onerror=alert(1)></style>' },
  {
    name: 'a style that holds its end in a string',
    html: '<style>p{content:"</style><script>alert(1)</script>"}</style>',
  },
  { name: 'an xmp', html: '<xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp>' },
  { name: 'a noembed', html: '<noembed><p title="</noembed><img src=x onerror=alert(1)>"></noembed>' },
  { name: 'a noframes', html: '<noframes><p title="</noframes><img src=x onerror=alert(1)>"></noframes>' },
  {
    name: 'a noscript, text only where scripts run',
    html: '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  },
  {
    name: 'a noscript in a noscript',
    html: '<noscript><noscript></noscript><script>alert(1)</script></noscript>',
  },
  { name: 'a plaintext', html: '<plaintext><script>alert(1)</script></plaintext>' },
  {
    name: 'a title',
    html: '<title><script>alert(1)</script></title><title></title><script>alert(1)</script>',
  },
  { name: 'a textarea', html: '<textarea><p title="</textarea><img src=x onerror=alert(1)>"></textarea>' },
  { name: 'a textarea never closed', html: '<textarea><script>alert(1)</script>' },
  { name: 'a frame’s fallback', html: '<iframe><img src=x onerror=alert(1)></iframe>' },
  {
    name: 'a frame closed in its fallback',
    html: '<iframe><p title="</iframe><script>alert(1)</script>"></iframe>',
  },
  { name: 'a listing', html: '<listing>&lt;img src=x onerror=alert(1)&gt;</listing>' },
  { name: 'a select', html: '<select><option></select><script>alert(1)</script></option></select>' },
  {
    name: 'preformatted code that speaks of markup',
    html: '<pre><code>&lt;script&gt;alert(1)&lt;/script&gt;</code></pre>',
  },
  { name: 'a script in preformatted code', html: '<pre>one<script>alert(1)</script>two</pre>' },
];
