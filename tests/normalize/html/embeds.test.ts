import { describe, expect, test } from 'vitest';
import { embedFrom } from '../../../src/normalize/html/embeds.ts';
import { htmlToBlocks } from '../../../src/normalize/html/html.ts';
import { Warnings } from '../../../src/normalize/warnings.ts';
import { draft, outline, read } from '../drafts.ts';

const blocks = (html: string) => htmlToBlocks(html, undefined, new Warnings());

const VIDEO = 'aB3_-xY9zQ0';
const youtube = {
  type: 'embed',
  provider: 'youtube',
  id: VIDEO,
  url: `https://www.youtube.com/watch?v=${VIDEO}`,
};
const post = { type: 'embed', provider: 'x', id: '1234567890', url: 'https://x.com/i/status/1234567890' };

describe('YouTube', () => {
  test.each([
    `https://www.youtube.com/watch?v=${VIDEO}`,
    `https://www.youtube.com/watch?feature=share&v=${VIDEO}&t=10s`,
    `http://youtube.com/watch?v=${VIDEO}#x`,
    `https://m.youtube.com/watch?v=${VIDEO}`,
    `https://music.youtube.com/watch?v=${VIDEO}`,
    `https://youtu.be/${VIDEO}?si=abc`,
    `https://www.youtube.com/embed/${VIDEO}?rel=0`,
    `//www.youtube.com/embed/${VIDEO}`,
    `https://www.youtube-nocookie.com/embed/${VIDEO}`,
    `https://www.youtube.com/shorts/${VIDEO}`,
    `https://www.youtube.com/live/${VIDEO}?feature=shared`,
    `https://www.youtube.com/v/${VIDEO}`,
    `https://www.youtube.com/attribution_link?u=%2Fwatch%3Fv%3D${VIDEO}`,
  ])('%s', (address) => {
    expect(embedFrom(address)).toEqual(youtube);
  });

  test.each([
    'https://www.youtube.com/@channel',
    'https://www.youtube.com/embed/short',
    `https://youtube.com.evil.example/watch?v=${VIDEO}`,
    `https://evilyoutube.com/watch?v=${VIDEO}`,
    `javascript://youtube.com/watch?v=${VIDEO}`,
    `https://www.youtube.com/watch?v=${VIDEO}%22onload`,
  ])('%s is none', (address) => {
    expect(embedFrom(address)).toBeUndefined();
  });
});

describe('every form of a provider’s addresses is one embed', () => {
  const UUID = '0a1b2c3d-0a1b-4c3d-8e5f-0a1b2c3d4e5f';
  const forms: [provider: string, id: string, ...addresses: string[]][] = [
    [
      'x',
      '1234567890',
      'https://twitter.com/someone/status/1234567890',
      'https://x.com/someone/status/1234567890?s=20',
      'https://mobile.twitter.com/someone/statuses/1234567890',
      'https://x.com/i/web/status/1234567890/photo/1',
      'https://platform.twitter.com/embed/Tweet.html?id=1234567890',
    ],
    [
      'instagram',
      'CxYz_12-ab3',
      'https://www.instagram.com/p/CxYz_12-ab3/',
      'https://www.instagram.com/reel/CxYz_12-ab3/?igsh=1',
      'https://www.instagram.com/some.one/p/CxYz_12-ab3/',
      'https://www.instagram.com/p/CxYz_12-ab3/embed/captioned/',
    ],
    [
      'facebook',
      'coast.courier/posts/10102577175875681',
      'https://www.facebook.com/coast.courier/posts/10102577175875681',
      'https://m.facebook.com/coast.courier/posts/10102577175875681?ref=1',
      'https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fcoast.courier%2Fposts%2F10102577175875681&width=500',
    ],
    [
      'facebook',
      'coast.courier/videos/123456',
      'https://www.facebook.com/coast.courier/videos/123456/',
      'https://www.facebook.com/v19.0/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fcoast.courier%2Fvideos%2F123456%2F',
    ],
    [
      'facebook',
      'watch/?v=123456',
      'https://www.facebook.com/watch/?v=123456',
      'https://fb.com.facebook.com/watch?v=123456',
    ],
    [
      'facebook',
      'permalink.php?story_fbid=12&id=34',
      'https://www.facebook.com/permalink.php?id=34&story_fbid=12',
    ],
    ['facebook', 'reel/123456', 'https://www.facebook.com/reel/123456'],
    ['facebook', 'fb.watch/aBc123', 'https://fb.watch/aBc123/'],
    [
      'tiktok',
      '6718335390845095173',
      'https://www.tiktok.com/@some.one/video/6718335390845095173?is_from_webapp=1',
      'https://www.tiktok.com/embed/v2/6718335390845095173',
      'https://www.tiktok.com/player/v1/6718335390845095173',
      'https://m.tiktok.com/v/6718335390845095173.html',
    ],
    [
      'vimeo',
      '27246366',
      'https://vimeo.com/27246366',
      'https://player.vimeo.com/video/27246366?color=fff',
      'https://vimeo.com/channels/staffpicks/27246366',
    ],
    [
      'vimeo',
      '27246366/0a1b2c3d4e',
      'https://vimeo.com/27246366/0a1b2c3d4e',
      'https://player.vimeo.com/video/27246366?h=0a1b2c3d4e',
    ],
    [
      'dailymotion',
      'x2m8jpp',
      'https://www.dailymotion.com/video/x2m8jpp_a-title',
      'https://www.dailymotion.com/embed/video/x2m8jpp?autoplay=1',
      'https://dai.ly/x2m8jpp',
      'https://geo.dailymotion.com/player/x1abc.html?video=x2m8jpp',
    ],
    [
      'reddit',
      '1abc23d',
      'https://www.reddit.com/r/tides/comments/1abc23d/a_title/',
      'https://embed.reddit.com/r/tides/comments/1abc23d/?embed=true',
      'https://redd.it/1abc23d',
    ],
    [
      'pinterest',
      '99360735500167749',
      'https://www.pinterest.com/pin/99360735500167749/',
      'https://in.pinterest.com/pin/a-harbour--99360735500167749/',
      'https://assets.pinterest.com/ext/embed.html?id=99360735500167749',
      'https://www.pinterest.co.uk/pin/99360735500167749',
    ],
    ['soundcloud', 'coast-courier/low-tide', 'https://soundcloud.com/coast-courier/low-tide?si=1'],
    ['soundcloud', 'coast-courier/sets/tides', 'https://m.soundcloud.com/coast-courier/sets/tides'],
    [
      'soundcloud',
      'tracks/243169232',
      'https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/243169232&color=ff5500',
      'https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/soundcloud%253Atracks%253A243169232',
    ],
    [
      'spotify',
      'episode/0aBcDeFgHiJkLmNoPqRsTu',
      'https://open.spotify.com/episode/0aBcDeFgHiJkLmNoPqRsTu?si=1',
      'https://open.spotify.com/embed/episode/0aBcDeFgHiJkLmNoPqRsTu',
      'https://open.spotify.com/intl-de/episode/0aBcDeFgHiJkLmNoPqRsTu',
    ],
    [
      'telegram',
      'coastcourier/123',
      'https://t.me/coastcourier/123?embed=1',
      'https://telegram.me/s/coastcourier/123',
    ],
    [
      'threads',
      'CxYz_12-ab3',
      'https://www.threads.net/@some.one/post/CxYz_12-ab3',
      'https://www.threads.com/t/CxYz_12-ab3/embed',
    ],
    [
      'bluesky',
      'did:plc:abc123/3kabcdefghi2x',
      'https://bsky.app/profile/did:plc:abc123/post/3kabcdefghi2x',
      'https://embed.bsky.app/embed/did:plc:abc123/app.bsky.feed.post/3kabcdefghi2x?id=1',
    ],
    ['bluesky', 'coast.example/3kabcdefghi2x', 'https://bsky.app/profile/coast.example/post/3kabcdefghi2x'],
    ['koo', UUID, `https://embeds.kooapp.com/embedKoo?kooId=${UUID}`],
    ['koo', `someone/${UUID}`, `https://www.kooapp.com/koo/someone/${UUID}`],
    [
      'video',
      'https://media.example/a.mp4?x=1',
      'https://media.example/a.mp4?x=1',
      'http://media.example/a.mp4?x=1',
    ],
    ['audio', 'https://media.example/a.mp3', 'https://media.example/a.mp3'],
  ];

  test.each(
    forms.flatMap(([provider, id, ...addresses]) => addresses.map((each) => [each, provider, id] as const)),
  )('%s', (address, provider, id) => {
    const embed = embedFrom(address);
    expect(embed).toMatchObject({ type: 'embed', provider, id });
    // The page it is shown under stands for the same thing, so that a feed's reader may embed it again.
    expect(embedFrom(embed?.url)).toEqual(embed);
    // In a frame, and alone on its line, it is the same.
    const attribute = address.replaceAll('&', '&amp;');
    expect(blocks(`<p>a</p><iframe src="${attribute}"></iframe>`)[1]).toEqual(embed);
    expect(blocks(`<p>${attribute}</p>`)).toEqual([embed]);
  });

  test.each([
    'https://x.com/someone',
    'https://www.instagram.com/someone/',
    'https://www.facebook.com/coast.courier',
    'https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fplugins%2Fpost.php%3Fhref%3Dx',
    'https://www.tiktok.com/@some.one',
    'https://vimeo.com/about',
    'https://www.reddit.com/r/tides/',
    'https://www.pinterest.com/someone/',
    'https://soundcloud.com/coast-courier',
    'https://t.me/coastcourier',
    'https://bsky.app/profile/coast.example',
    'https://notx.com/a/status/1',
    'https://media.example/a.html',
  ])('%s is none', (address) => {
    expect(embedFrom(address)).toBeUndefined();
  });
});

describe('embed codes that a script would replace', () => {
  test.each([
    [
      'x',
      '<blockquote class="twitter-tweet"><p>w</p><a href="https://twitter.com/a/status/1">d</a></blockquote>',
    ],
    [
      'instagram',
      '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/CxYz12ab3/"><p>w</p></blockquote>',
    ],
    [
      'facebook',
      '<div class="fb-post" data-href="https://www.facebook.com/a/posts/1"><blockquote>w</blockquote></div>',
    ],
    [
      'tiktok',
      '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@a/video/6718335390845095173"><section>w <a href="https://www.tiktok.com/music/x-1">m</a></section></blockquote>',
    ],
    [
      'reddit',
      '<blockquote class="reddit-embed-bq"><a href="https://www.reddit.com/r/a/comments/1abc23d/t/">w</a><br>by <a href="https://www.reddit.com/user/b/">b</a></blockquote>',
    ],
    [
      'threads',
      '<blockquote class="text-post-media" data-text-post-permalink="https://www.threads.net/@a/post/CxYz12ab3">w</blockquote>',
    ],
    [
      'bluesky',
      '<blockquote class="bluesky-embed" data-bluesky-uri="at://x"><p>w</p><a href="https://bsky.app/profile/did:plc:a1b2?ref_src=embed">a</a> <a href="https://bsky.app/profile/did:plc:a1b2/post/3kabcdefghi2x">d</a></blockquote>',
    ],
    [
      'koo',
      '<blockquote class="koo-media" data-koo-permalink="https://embeds.kooapp.com/embedKoo?kooId=0a1b2c3d-0a1b-4c3d-8e5f-0a1b2c3d4e5f">w</blockquote>',
    ],
    [
      'telegram',
      '<script async src="https://telegram.org/js/telegram-widget.js?22" data-telegram-post="coast/1"></script>',
    ],
    ['dailymotion', '<script src="https://geo.dailymotion.com/player/x1.js" data-video="x2m8jpp"></script>'],
    ['pinterest', '<a data-pin-do="embedPin" href="https://www.pinterest.com/pin/99360735500167749/"></a>'],
    ['instagram', '<amp-instagram data-shortcode="CxYz12ab3"></amp-instagram>'],
    ['youtube', `<amp-youtube data-videoid="${VIDEO}"></amp-youtube>`],
    ['x', '<amp-twitter data-tweetid="1"><blockquote placeholder>w</blockquote></amp-twitter>'],
    ['facebook', '<amp-facebook data-href="https://www.facebook.com/a/videos/1"></amp-facebook>'],
    ['vimeo', '<amp-vimeo data-videoid="27246366"></amp-vimeo>'],
    ['dailymotion', '<amp-dailymotion data-videoid="x2m8jpp"></amp-dailymotion>'],
    ['tiktok', '<amp-tiktok data-src="6718335390845095173"></amp-tiktok>'],
    ['reddit', '<amp-reddit data-src="https://www.reddit.com/r/a/comments/1abc23d/t/"></amp-reddit>'],
    [
      'pinterest',
      '<amp-pinterest data-url="https://www.pinterest.com/pin/99360735500167749/"></amp-pinterest>',
    ],
    ['soundcloud', '<amp-soundcloud data-trackid="243169232"></amp-soundcloud>'],
    ['frame', '<amp-iframe src="https://maps.example/1"></amp-iframe>'],
    ['video', '<amp-video src="https://media.example/a.mp4"><div fallback>w</div></amp-video>'],
    ['audio', '<amp-audio src="https://media.example/a.mp3"></amp-audio>'],
  ])('%s: %s', (provider, html) => {
    expect(blocks(`${html}<p>b</p>`)).toMatchObject([{ type: 'embed', provider }, { type: 'paragraph' }]);
  });
});

describe('films, recordings and other pages', () => {
  test('the file that plays most widely, with its still picture', () => {
    const html =
      '<video poster="/still.jpg" controls><source src="a.webm" type="video/webm"><source src="http://media.example/a.mp4">Get a newer browser.</video>';
    const url = 'https://media.example/a.mp4';
    expect(htmlToBlocks(html, 'https://publisher.example/1', new Warnings())).toEqual([
      { type: 'embed', provider: 'video', id: url, url, poster: 'https://publisher.example/still.jpg' },
    ]);
  });

  test('a film’s caption stays, behind it', () => {
    const html =
      '<figure><video src="https://media.example/a.mp4"></video><figcaption>High tide</figcaption></figure>';
    expect(outline(blocks(html))).toEqual(['embed', 'p High tide']);
  });

  test('any other page over https is a frame', () => {
    const url = 'https://maps.example/1';
    expect(blocks(`<iframe src="${url}"></iframe>`)).toEqual([
      { type: 'embed', provider: 'frame', id: url, url },
    ]);
  });

  test.each([
    '<iframe src="http://maps.example/1"></iframe>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe src="about:blank"></iframe>',
    '<iframe src="https://www.googletagmanager.com/ns.html?id=1"></iframe>',
    '<iframe src="https://maps.example/1" width="1" height="1"></iframe>',
    '<iframe src="https://maps.example/1" height="0"></iframe>',
    '<video src="javascript:alert(1)"></video>',
    '<embed src="https://maps.example/1.swf">',
  ])('%s is none, and says so', (html) => {
    const warnings = new Warnings();
    expect(htmlToBlocks(html, undefined, warnings)).toEqual([]);
    expect(warnings.list).toMatchObject([{ code: 'element-dropped' }]);
  });

  test('what a feed shows of an embed is the embed again', () => {
    for (const html of [
      `<blockquote class="embed"><p><a href="https://youtu.be/${VIDEO}">https://youtu.be/${VIDEO}</a></p></blockquote>`,
      '<blockquote class="embed"><p><a href="https://maps.example/1">https://maps.example/1</a></p></blockquote>',
    ]) {
      expect(blocks(html)).toMatchObject([{ type: 'embed' }]);
    }
    expect(blocks('<blockquote><p>https://maps.example/1</p></blockquote>')).toMatchObject([
      { type: 'quote' },
    ]);
  });
});

describe('in markup', () => {
  test('a frame, also a lazy one', () => {
    expect(blocks(`<iframe src="https://www.youtube.com/embed/${VIDEO}">fallback</iframe>`)).toEqual([
      youtube,
    ]);
    expect(blocks(`<iframe data-src="//www.youtube.com/embed/${VIDEO}" src="about:blank"></iframe>`)).toEqual(
      [youtube],
    );
    expect(blocks(`<object><embed src="https://www.youtube.com/v/${VIDEO}"></object>`)).toEqual([youtube]);
  });

  test('an address alone on its line, bare or linked', async () => {
    expect(blocks(`<p>https://youtu.be/${VIDEO}</p>`)).toEqual([youtube]);
    expect(blocks(`<p><a href="https://youtu.be/${VIDEO}">https://youtu.be/${VIDEO}</a></p>`)).toEqual([
      youtube,
    ]);
    expect(outline(blocks(`<p>See https://youtu.be/${VIDEO}</p>`))).toEqual([
      `p See https://youtu.be/${VIDEO}`,
    ]);
    expect((await read(draft('text', `One.\n\nhttps://x.com/a/status/1234567890\n\nTwo.`))).body[1]).toEqual(
      post,
    );
  });

  test('X’s quote becomes the post, and says which words went with it', () => {
    const warnings = new Warnings();
    const html =
      '<blockquote class="twitter-tweet" data-lang="hi"><p>Words of the post <a href="https://t.co/a">t.co/a</a></p>&mdash; Someone <a href="https://twitter.com/someone/status/1234567890?ref_src=x">May 1</a></blockquote><script async src="https://platform.twitter.com/widgets.js"></script>';
    expect(htmlToBlocks(html, undefined, warnings)).toEqual([post]);
    expect(warnings.list).toMatchObject([{ code: 'embed-replaced' }]);
  });

  test('a post’s quote that leads nowhere stays a quote', () => {
    expect(outline(blocks('<blockquote class="twitter-tweet"><p>Words</p></blockquote>'))).toEqual([
      'quote Words',
    ]);
  });
});
