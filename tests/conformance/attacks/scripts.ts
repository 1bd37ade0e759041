import type { Attack } from './attack.ts';

/** Scripts of every type, and data that ends its script. */
export const scripts: readonly Attack[] = [
  { name: 'a script of another host', html: '<script src=//evil.example/alert(1).js></script>' },
  { name: 'a module', html: '<script type=module>import "//evil.example/alert(1).js"</script>' },
  {
    name: 'an import map',
    html: '<script type=importmap>{"imports":{"a":"data:text/javascript,alert(1)"}}</script>',
  },
  {
    name: 'speculation rules',
    html: '<script type=speculationrules>{"prerender":[{"urls":["https://evil.example/alert(1)"]}]}</script>',
  },
  { name: 'an old language', html: '<script language=vbs>alert(1)</script>' },
  {
    name: 'JSON-LD that ends its script',
    html: '<script type="application/ld+json">{"@type":"NewsArticle","headline":"</script><script>alert(1)</script>"}</script>',
  },
  {
    name: 'JSON-LD whose words end a script',
    html: '<script type="application/ld+json">{"@type":"NewsArticle","description":"\\u003c/script\\u003e\\u003cscript\\u003ealert(1)","articleSection":"\\u003c!--\\u003cscript\\u003e"}</script>',
  },
  {
    name: 'JSON-LD with addresses that are scripts',
    html: '<script type="application/ld+json">{"@type":"NewsArticle","url":"javascript:alert(1)","image":"data:text/html,alert(1)","author":{"name":"Desk","url":"javascript:alert(1)"}}</script>',
  },
  {
    name: 'JSON-LD that reaches for a prototype',
    html: '<script type="application/ld+json">{"@type":"NewsArticle","__proto__":{"headline":"alert(1)"},"constructor":{"name":"alert(1)"}}</script>',
  },
  {
    name: 'AMP’s script',
    html: '<amp-script layout=container script=s><button>go</button></amp-script><script id=s type=text/plain target=amp-script>alert(1)</script>',
  },
  {
    name: 'AMP’s state',
    html: '<amp-state id=s><script type="application/json">{"x":"alert(1)"}</script></amp-state><p [text]="s.x" [class]="s.x">word</p>',
  },
  {
    name: 'AMP’s actions',
    html: '<p role=button tabindex=0 on="tap:AMP.navigateTo(url=\'javascript:alert(1)\')">word</p>',
  },
  {
    name: 'AMP’s frame',
    html: '<amp-iframe src="javascript:alert(1)" srcdoc="<script>alert(1)</script>" layout=fill sandbox="allow-scripts allow-same-origin"></amp-iframe>',
  },
  {
    name: 'AMP’s picture',
    html: '<amp-img src="javascript:alert(1)" srcset="data:,alert(1) 2x" on="tap:x" width=2 height=1></amp-img>',
  },
  {
    name: 'AMP’s film with an id that is markup',
    html: '<amp-youtube data-videoid=\'x" onclick="alert(1)\' width=16 height=9></amp-youtube>',
  },
  {
    name: 'AMP’s post with an id that is a path',
    html: '<amp-twitter data-tweetid="../../alert(1)" width=1 height=1></amp-twitter>',
  },
  {
    name: 'AMP’s list',
    html: '<amp-list src="https://evil.example/alert(1).json" width=1 height=1><template type=amp-mustache>{{{x}}}</template></amp-list>',
  },
];
