import type { Attack } from './attack.ts';

/** Text that other systems turn into markup: Markdown, shortcodes, wiki and bulletin-board marks. */
export const markdownLike: readonly Attack[] = [
  { name: 'a link', html: '<p>[go](javascript:alert(1))</p>' },
  {
    name: 'a link with a title that is an attribute',
    html: '<p>[go](https://evil.example/ "onmouseover=alert(1)")</p>',
  },
  { name: 'a picture', html: '<p>![x](x"onerror="alert(1))</p>' },
  { name: 'a reference', html: '<p>[go][1]</p><p>[1]: javascript:alert(1)</p>' },
  { name: 'an address in angle brackets', html: '<p>&lt;javascript:alert(1)&gt;</p>' },
  { name: 'HTML inside a code fence', html: '```html\n<script>alert(1)</script>\n```' },
  { name: 'an HTML block', html: '\n\n<div markdown="1"><script>alert(1)</script></div>\n\n' },
  {
    name: 'a caption shortcode',
    html: '[caption id="x" align="none"]<img src=x onerror=alert(1)> </p><script>alert(1)</script>[/caption]',
  },
  {
    name: 'a caption shortcode whose attribute is markup',
    html: '[caption caption="<img src=x onerror=alert(1)>"]<img src="x.jpg">[/caption]',
  },
  { name: 'an embed shortcode', html: '[embed]javascript:alert(1)[/embed]' },
  {
    name: 'an embed shortcode around markup',
    html: '[embed width="1" onclick="alert(1)"]"><script>alert(1)</script>[/embed]',
  },
  { name: 'a gallery shortcode', html: '[gallery ids="1\\" onload=alert(1)" link="javascript:alert(1)"]' },
  {
    name: 'a video shortcode',
    html: '[video src="javascript:alert(1)" mp4="x&quot; onerror=&quot;alert(1)"][/video]',
  },
  {
    name: 'a bulletin board’s link',
    html: '[url=javascript:alert(1)]go[/url] [img]javascript:alert(1)[/img]',
  },
  { name: 'a wiki’s link', html: '[[javascript:alert(1)|go]] {{#tag:script|alert(1)}}' },
  {
    name: 'a block comment of an editor',
    html: '<!-- wp:html {"content":"\\u003cscript\\u003ealert(1)"} --><script>alert(1)</script><!-- /wp:html -->',
  },
  {
    name: 'a block comment with an embed that is a script',
    html: '<!-- wp:embed {"url":"javascript:alert(1)"} /-->\njavascript:alert(1)',
  },
];
