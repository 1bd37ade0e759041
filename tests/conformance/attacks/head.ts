import type { Attack } from './attack.ts';

/** What belongs in a document's head and rules the whole page from there. */
export const head: readonly Attack[] = [
  { name: 'a refresh', html: '<meta http-equiv=refresh content="0;url=https://evil.example/">' },
  { name: 'a refresh to a script', html: '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">' },
  {
    name: 'a refresh to data',
    html: '<META HTTP-EQUIV="Refresh" CONTENT="0;URL=data:text/html,<script>alert(1)</script>">',
  },
  { name: 'a cookie', html: '<meta http-equiv="Set-Cookie" content="session=alert(1)">' },
  {
    name: 'a policy of one’s own',
    html: '<meta http-equiv="Content-Security-Policy" content="script-src * \'unsafe-inline\'">',
  },
  { name: 'another charset', html: '<meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-' },
  { name: 'a referrer policy', html: '<meta name=referrer content=unsafe-url>' },
  { name: 'a base', html: '<base href="https://evil.example/"><a href="login">go</a>' },
  {
    name: 'a base that is a script',
    html: '<base href="javascript:alert(1)//"><a href="x">go</a><img src="x.jpg">',
  },
  { name: 'a base target', html: '<base target="_top"><a href="https://evil.example/">go</a>' },
  { name: 'an import', html: '<link rel=import href=//evil.example/alert(1).html>' },
  { name: 'a prefetch', html: '<link rel=prefetch href=//evil.example/alert(1)>' },
  {
    name: 'a manifest',
    html: '<html manifest=//evil.example/x.appcache><link rel=manifest href=//evil.example/x.json>',
  },
  { name: 'a canonical script', html: '<link rel=canonical href="javascript:alert(1)">' },
  {
    name: 'a picture of the page that is a script',
    html: '<meta property="og:image" content="javascript:alert(1)">',
  },
  {
    name: 'a title of the page that is markup',
    html: '<meta property="og:title" content="</title><script>alert(1)</script>">',
  },
  {
    name: 'a description of the page that is markup',
    html: '<meta name="description" content="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">',
  },
  {
    name: 'an author of the page that is markup',
    html: '<meta name="author" content="<img src=x onerror=alert(1)>Desk">',
  },
  {
    name: 'a body with handlers',
    html: '</head><body onload=alert(1) onpageshow=alert(1) background="javascript:alert(1)">',
  },
  { name: 'a frame set', html: '<frameset onload=alert(1)><frame src="javascript:alert(1)"></frameset>' },
];
