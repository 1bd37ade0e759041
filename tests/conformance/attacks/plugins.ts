import type { Attack } from './attack.ts';

/** What hands a part of the page to something else: plug-ins and frames. */
export const plugins: readonly Attack[] = [
  { name: 'an object', html: '<object data="javascript:alert(1)"></object>' },
  {
    name: 'an object with a film',
    html: '<object type="application/x-shockwave-flash" data="//evil.example/x.swf"><param name=allowScriptAccess value=always><param name=movie value="javascript:alert(1)"></object>',
  },
  { name: 'an object’s fallback', html: '<object><img src=x onerror=alert(1)></object>' },
  {
    name: 'an object by class',
    html: '<object classid="clsid:ae24fdae-03c6-11d1-8b76-0080c744f389"><param name=url value=javascript:alert(1)></object>',
  },
  { name: 'an embed', html: '<embed src="javascript:alert(1)">' },
  {
    name: 'an embed of SVG',
    html: '<embed type="image/svg+xml" src="data:image/svg+xml;base64,PHN2Zy8+" onload=alert(1)>',
  },
  { name: 'an applet', html: '<applet code="alert(1).class" archive=//evil.example/x.jar>word</applet>' },
  { name: 'a frame with a document', html: '<iframe srcdoc="<script>alert(1)</script>"></iframe>' },
  {
    name: 'a frame with an escaped document',
    html: '<iframe srcdoc="&lt;img src=x onerror=alert(1)&gt;"></iframe>',
  },
  {
    name: 'a frame with a handler',
    html: '<iframe src=https://evil.example/ onload=alert(1) allow="camera *; microphone *"></iframe>',
  },
  {
    name: 'a frame that a known host only seems to serve',
    html: '<iframe src="https://www.youtube.com.evil.example/embed/M7lc1UVf-VE"></iframe>',
  },
  {
    name: 'a known host with a script for an id',
    html: '<iframe src="https://www.youtube.com/embed/&quot;onload=alert(1)"></iframe>',
  },
  {
    name: 'a known host behind a name',
    html: '<iframe src="https://www.youtube.com@evil.example/embed/M7lc1UVf-VE"></iframe>',
  },
  {
    name: 'a post whose quote is an attack',
    html: '<blockquote class="twitter-tweet" onclick=alert(1)><p>word</p><a href="https://twitter.com/a/status/1?x=&quot;onclick=alert(1)">go</a></blockquote><script src=//evil.example/widgets.js></script>',
  },
  {
    name: 'a portal and a fenced frame',
    html: '<portal src="https://evil.example/alert(1)"></portal><fencedframe src="https://evil.example/alert(1)"></fencedframe>',
  },
  {
    name: 'a layer',
    html: '<layer src="javascript:alert(1)"></layer><ilayer src="//evil.example/alert(1)"></ilayer>',
  },
  { name: 'a sound of old', html: '<bgsound src="javascript:alert(1)">' },
];
