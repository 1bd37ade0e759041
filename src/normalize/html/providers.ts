import { resolve } from '../../markup/url.ts';

/** A site whose posts can be embedded in an article. To support another one, add an entry to `PROVIDERS`. */
export interface Provider {
  name: string;
  /** Host names; their subdomains (`www.`, `m.`, `player.`) belong to the same site. */
  hosts: readonly string[];
  /** The id of what a URL of one of the hosts shows; undefined when it shows nothing to embed. */
  id(url: URL): string | undefined;
  /** The provider's page for an id; `id` reads the same id from it. */
  page(id: string): string;
  /** Classes of the element that the script of the site's embed code replaces. */
  classes?: readonly string[];
  /** AMP's element for the site, and its attributes with the id or the address. */
  amp?: readonly [element: string, ...attributes: string[]];
  /** The attribute with the id on the `script` of the site's player. */
  script?: string;
}

/** The first group of the first pattern that matches a URL's path and query. */
function part(url: URL, ...patterns: RegExp[]): string | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(url.pathname + url.search)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A query parameter, if it has the shape of an id. */
function parameter(url: URL, name: string, shape: RegExp): string | undefined {
  return shape.exec(url.searchParams.get(name) ?? '')?.[0];
}

/** The id of the URL within a player's parameter. */
function wrapped(url: URL, name: string, id: (inner: URL) => string | undefined): string | undefined {
  const inner = resolve(url.searchParams.get(name) ?? undefined, url.href);
  return inner === undefined || inner.searchParams.has(name) ? undefined : id(inner);
}

const YOUTUBE_ID = /^[\w-]{11}$/;
const FACEBOOK_PAGE =
  /^\/((?:[\w.-]{1,80}\/(?:posts|videos)\/(?:[\w%.-]{1,200}\/)?[\w-]{1,100}|groups\/[\w.-]{1,80}\/(?:posts|permalink)\/\d{1,30}|reel\/\d{1,30}|share\/(?:[prv]\/)?\w{1,40}))(?:[/?]|$)/;

export const PROVIDERS: readonly Provider[] = [
  {
    name: 'youtube',
    hosts: ['youtube.com', 'youtube-nocookie.com', 'youtu.be'],
    id(url): string | undefined {
      if (url.hostname.endsWith('youtu.be')) return part(url, /^\/([\w-]{11})(?:[/?]|$)/);
      if (url.pathname === '/attribution_link') return wrapped(url, 'u', this.id);
      return (
        part(url, /^\/(?:embed|shorts|live|v|e)\/([\w-]{11})(?:[/?&]|$)/) ?? parameter(url, 'v', YOUTUBE_ID)
      );
    },
    page: (id) => `https://www.youtube.com/watch?v=${id}`,
    amp: ['amp-youtube', 'data-videoid'],
  },
  {
    name: 'x',
    hosts: ['x.com', 'twitter.com'],
    id: (url) =>
      url.pathname === '/embed/Tweet.html'
        ? parameter(url, 'id', /^\d{1,20}$/)
        : part(url, /^\/(?:i\/web|i|\w{1,30})\/status(?:es)?\/(\d{1,20})(?:[/?]|$)/),
    page: (id) => `https://x.com/i/status/${id}`,
    classes: ['twitter-tweet', 'twitter-video'],
    amp: ['amp-twitter', 'data-tweetid'],
  },
  {
    name: 'instagram',
    hosts: ['instagram.com', 'instagr.am'],
    id: (url) => part(url, /^\/(?:[\w.]{1,30}\/)?(?:p|reels?|tv)\/([\w-]{5,40})(?:[/?]|$)/),
    page: (id) => `https://www.instagram.com/p/${id}/`,
    classes: ['instagram-media'],
    amp: ['amp-instagram', 'data-shortcode'],
  },
  {
    name: 'facebook',
    hosts: ['facebook.com', 'fb.watch'],
    id(url): string | undefined {
      if (url.hostname === 'fb.watch') {
        const code = part(url, /^\/([\w-]{4,40})(?:[/?]|$)/);
        return code === undefined ? undefined : `fb.watch/${code}`;
      }
      if (/^\/(?:v\d+\.\d+\/)?plugins\/(?:post|video)\.php$/.test(url.pathname))
        return wrapped(url, 'href', this.id);
      const video =
        /^\/(?:watch(?:\/live)?\/?|video\.php)$/.test(url.pathname) && parameter(url, 'v', /^\d{1,30}$/);
      if (video) return `watch/?v=${video}`;
      const photo = /^\/photo(?:\.php|\/?)$/.test(url.pathname) && parameter(url, 'fbid', /^\d{1,30}$/);
      if (photo) return `photo/?fbid=${photo}`;
      const story =
        /^\/(?:permalink|story)\.php$/.test(url.pathname) && parameter(url, 'story_fbid', /^\w{1,100}$/);
      const page = parameter(url, 'id', /^\d{1,30}$/);
      return story && page ? `permalink.php?story_fbid=${story}&id=${page}` : part(url, FACEBOOK_PAGE);
    },
    page: (id) => (id.startsWith('fb.watch/') ? `https://${id}/` : `https://www.facebook.com/${id}`),
    classes: ['fb-post', 'fb-video'],
    amp: ['amp-facebook', 'data-href'],
  },
  {
    name: 'tiktok',
    hosts: ['tiktok.com'],
    id: (url) =>
      part(url, /^\/(?:@[\w.-]{1,40}\/(?:video|photo)|embed(?:\/v\d)?|player\/v1|v)\/(\d{5,20})(?:[./?]|$)/),
    // The account's name does not count: TikTok leads on to the right one.
    page: (id) => `https://www.tiktok.com/@_/video/${id}`,
    classes: ['tiktok-embed'],
    amp: ['amp-tiktok', 'data-src'],
  },
  {
    name: 'vimeo',
    hosts: ['vimeo.com'],
    id(url) {
      const id = part(
        url,
        /^\/(?:video\/|channels\/[\w-]{1,60}\/|groups\/[\w-]{1,60}\/videos\/)?(\d{4,20})(?:[/?]|$)/,
      );
      // A film that is not listed opens only with its hash.
      const hash =
        part(url, /^\/\d{4,20}\/([0-9a-f]{6,20})(?:[/?]|$)/) ?? parameter(url, 'h', /^[0-9a-f]{6,20}$/);
      return id !== undefined && hash !== undefined ? `${id}/${hash}` : id;
    },
    page: (id) => `https://vimeo.com/${id}`,
    amp: ['amp-vimeo', 'data-videoid'],
  },
  {
    name: 'dailymotion',
    hosts: ['dailymotion.com', 'dai.ly'],
    id: (url) =>
      url.hostname.endsWith('dai.ly')
        ? part(url, /^\/(\w{4,20})(?:[/?]|$)/)
        : (part(url, /^\/(?:embed\/)?video\/([a-zA-Z0-9]{4,20})(?:[_/?]|$)/) ??
          parameter(url, 'video', /^\w{4,20}$/)),
    page: (id) => `https://www.dailymotion.com/video/${id}`,
    amp: ['amp-dailymotion', 'data-videoid'],
    script: 'data-video',
  },
  {
    name: 'reddit',
    hosts: ['reddit.com', 'redditmedia.com', 'redd.it'],
    id: (url) =>
      url.hostname === 'redd.it'
        ? part(url, /^\/(\w{4,12})(?:[/?]|$)/)
        : part(url, /^\/(?:(?:r|user)\/[\w-]{1,40}\/)?comments\/(\w{4,12})(?:[/?]|$)/),
    page: (id) => `https://www.reddit.com/comments/${id}/`,
    classes: ['reddit-embed-bq', 'reddit-card'],
    amp: ['amp-reddit', 'data-src'],
  },
  {
    name: 'pinterest',
    hosts: 'com at ca ch cl co.kr co.uk com.au com.mx de dk es fr ie it jp nz ph pt se'
      .split(' ')
      .map((end) => `pinterest.${end}`),
    id: (url) =>
      part(url, /^\/pin\/(?:[\w%-]{1,300}--)?(\d{5,25})(?:[/?]|$)/) ??
      (url.pathname === '/ext/embed.html' ? parameter(url, 'id', /^\d{5,25}$/) : undefined),
    page: (id) => `https://www.pinterest.com/pin/${id}/`,
    amp: ['amp-pinterest', 'data-url'],
  },
  {
    name: 'soundcloud',
    hosts: ['soundcloud.com'],
    id(url): string | undefined {
      const inner = url.searchParams.get('url');
      const asset = /(?:^|[/:])((?:tracks|playlists)[/:]\d{1,20})(?:[/?]|$)/.exec(
        decodeColons(inner ?? url.pathname),
      )?.[1];
      if (asset !== undefined) return asset.replace(':', '/');
      if (inner !== null) return wrapped(url, 'url', this.id);
      return part(
        url,
        /^\/(?!you\/|discover\/|search\/|pages\/)([\w-]{1,60}\/(?:sets\/)?[\w-]{1,200})\/?(?:\?|$)/,
      );
    },
    page: (id) =>
      /^(?:tracks|playlists)\/\d+$/.test(id)
        ? `https://w.soundcloud.com/player/?url=${encodeURIComponent(`https://api.soundcloud.com/${id}`)}`
        : `https://soundcloud.com/${id}`,
    amp: ['amp-soundcloud', 'data-trackid', 'data-playlistid'],
  },
  {
    name: 'spotify',
    hosts: ['open.spotify.com'],
    id: (url) =>
      part(
        url,
        /^\/(?:intl-[\w-]{2,8}\/)?(?:embed(?:-podcast)?\/)?((?:track|album|artist|playlist|episode|show)\/\w{10,40})(?:[/?]|$)/,
      ),
    page: (id) => `https://open.spotify.com/${id}`,
  },
  {
    name: 'telegram',
    hosts: ['t.me', 'telegram.me'],
    id: (url) => part(url, /^\/(?:s\/)?([a-zA-Z]\w{3,40}\/\d{1,12})(?:[/?]|$)/),
    page: (id) => `https://t.me/${id}`,
    script: 'data-telegram-post',
  },
  {
    name: 'threads',
    hosts: ['threads.com', 'threads.net'],
    id: (url) => part(url, /^\/(?:@[\w.]{1,40}\/post|t)\/([\w-]{5,40})(?:[/?]|$)/),
    page: (id) => `https://www.threads.com/t/${id}`,
    classes: ['text-post-media'],
  },
  {
    name: 'bluesky',
    hosts: ['bsky.app'],
    id(url) {
      const post =
        /^\/(?:profile\/([\w.:-]{3,100})\/post|embed\/(did:[\w.:-]{3,100})\/app\.bsky\.feed\.post)\/(\w{5,30})\/?$/;
      const [, handle, did, key] = post.exec(decodeColons(url.pathname)) ?? [];
      return key === undefined ? undefined : `${handle ?? did}/${key}`;
    },
    page: (id) => `https://bsky.app/profile/${id.replace('/', '/post/')}`,
    classes: ['bluesky-embed'],
  },
  {
    name: 'koo',
    hosts: ['kooapp.com'],
    id: (url) =>
      part(url, /^\/koo\/([\w-]{1,60}\/[0-9a-f-]{36})(?:[/?]|$)/) ??
      parameter(url, 'kooId', /^[0-9a-f-]{36}$/),
    page: (id) =>
      id.includes('/')
        ? `https://www.kooapp.com/koo/${id}`
        : `https://embeds.kooapp.com/embedKoo?kooId=${id}`,
    classes: ['koo-media'],
  },
];

const decodeColons = (path: string): string => path.replace(/%3A/gi, ':');
