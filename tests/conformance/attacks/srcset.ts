import type { Attack } from './attack.ts';

/** Pictures and media have many addresses, and each is one. */
export const srcset: readonly Attack[] = [
  {
    name: 'a script as the widest candidate',
    html: '<img src=x.jpg srcset="x.jpg 320w, javascript:alert(1) 2000w">',
  },
  { name: 'data as the only candidate', html: '<img srcset="data:image/svg+xml,<svg/onload=alert(1)> 1x">' },
  {
    name: 'a candidate that ends the attribute',
    html: '<img src=x.jpg srcset=\'x.jpg" onerror="alert(1) 2x\'>',
  },
  {
    name: 'a comma that hides a candidate',
    html: '<img srcset="https://a.example/x.jpg,javascript:alert(1) 3x">',
  },
  { name: 'a handler as the descriptor', html: '<img srcset="x.jpg onerror=alert(1)" onerror=alert(1)>' },
  {
    name: 'a lazy srcset',
    html: '<img src=x.jpg data-srcset="javascript:alert(1) 1600w" data-lazy-srcset="data:,alert(1) 2x">',
  },
  {
    name: 'a source in a picture',
    html: '<picture><source srcset="javascript:alert(1) 2x"><img src=x.jpg></picture>',
  },
  {
    name: 'a source with a handler',
    html: '<picture><source onerror=alert(1) srcset="x.jpg"><img onerror=alert(1)></picture>',
  },
  { name: 'a video’s source', html: '<video><source onerror=alert(1) src="javascript:alert(1)"></video>' },
  { name: 'a video’s poster', html: '<video poster="javascript:alert(1)" src="x.mp4">word</video>' },
  { name: 'a video that plays at once', html: '<video autoplay onplay=alert(1) src=x.mp4></video>' },
  { name: 'a sound', html: '<audio src=x onerror=alert(1)>word</audio>' },
  {
    name: 'a track',
    html: '<video src=x.mp4><track default oncuechange=alert(1) src="data:text/vtt,alert(1)"></video>',
  },
  { name: 'an old picture element', html: '<image src=x onerror=alert(1)>' },
  {
    name: 'low and dynamic sources',
    html: '<img lowsrc="javascript:alert(1)" dynsrc="javascript:alert(1)" longdesc="javascript:alert(1)" src=x.jpg>',
  },
  {
    name: 'a picture that is a server’s map',
    html: '<a href="javascript:alert(1)"><img ismap src=x.jpg alt=map></a>',
  },
];
