import { domainsOf } from '../../markup/url.ts';

/** Hosts, with their subdomains, whose pictures and frames count readers or advertise. */
const HOSTS = new Set(
  (
    'doubleclick.net googlesyndication.com googletagmanager.com google-analytics.com googleadservices.com ' +
    'scorecardresearch.com quantserve.com quantcount.com pixel.wp.com stats.wp.com adnxs.com taboola.com ' +
    'outbrain.com criteo.com criteo.net chartbeat.net chartbeat.com parsely.com krxd.net bluekai.com demdex.net ' +
    'omtrdc.net amazon-adsystem.com adform.net rubiconproject.com pubmatic.com imrworldwide.com comscore.com ' +
    'counter.theconversation.com pixel.propublica.org analytics.twitter.com px.ads.linkedin.com ' +
    'bat.bing.com hotjar.com clarity.ms izooto.com colombiaonline.com mgid.com'
  ).split(' '),
);

const PATHS = [
  /^\/tr\/?$/,
  /\/(?:tracking[_-]?pixel|pixel|1x1|beacon|blank|spacer|transparent|clear)\.(?:gif|png|jpe?g|php)$/i,
];

/** Whether a URL serves to count readers or to advertise rather than to show something. */
export function isTracker(url: URL): boolean {
  if (domainsOf(url.hostname).some((domain) => HOSTS.has(domain))) return true;
  const { pathname } = url;
  return PATHS.some((path) => path.test(pathname));
}
