import type { Direction } from '../../domain/article.ts';
import { NETWORKS, type OperatorSettings } from '../../domain/settings.ts';
import { feedPath, pagePath, type Scope, type Site } from '../../domain/site.ts';
import { escapeAttribute, escapeText } from '../escape.ts';
import { READER_FORMATS } from '../registry.ts';
import { httpsUrl, safeLinkUrl } from '../url.ts';
import { runtimeHead, type Script } from './components.ts';
import { ownName } from './locale.ts';
import { languageAttributes, type Phrases } from './phrases.ts';
import { styles } from './styles.ts';

/** The content of a page. Strings are plain text unless marked as HTML. */
export interface Page {
  site: Site;
  /** BCP 47. */
  language: string;
  direction: Direction;
  phrases: Phrases;
  title: string;
  description?: string | undefined;
  canonicalUrl: string;
  /** The scope whose feeds the page links to. */
  scope: Scope;
  /** The front page, whose heading is the site's name. */
  front?: boolean;
  /** Names of the sections in the bar at the top, where the site has no navigation of its own. */
  sections: readonly string[];
  /** HTML: additional head elements. */
  head?: string;
  /** HTML: the content of `<main>`. */
  main: string;
  components?: ReadonlySet<Script>;
}

/** The whole document: valid AMP HTML, with scripts only when `components` needs them. */
export function renderPage(page: Page): string {
  const body = [
    `<a class="skip" href="#main">${page.phrases.html(page.phrases.strings.skip)}</a>`,
    masthead(page),
    `<main id="main" tabindex="-1">${page.main}</main>`,
    footer(page),
  ].join('');
  return [
    `<!doctype html><html amp ${languageAttributes(page.language, page.direction)}>`,
    `<head>${head(page, styles(page.site.colours, languagesIn(page.language, body), body))}</head>`,
    `<body>${body}</body></html>\n`,
  ].join('');
}

/** All languages on the page: each has its own typography. */
function languagesIn(language: string, html: string): Set<string> {
  return new Set([language, ...[...html.matchAll(/ lang="([^"]+)"/g)].map(([, tag = '']) => tag)]);
}

function head(page: Page, css: string): string {
  const { site, description } = page;
  return [
    '<meta charset="utf-8">',
    `<title>${escapeText(page.title)}</title>`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    runtimeHead(page.components ?? new Set()),
    `<link rel="canonical" href="${escapeAttribute(page.canonicalUrl)}">`,
    description ? meta('name', 'description', description) : '',
    meta('property', 'og:site_name', site.name),
    meta('property', 'og:locale', page.language.replaceAll('-', '_')),
    description ? meta('property', 'og:description', description) : '',
    page.head ?? '',
    ...feedAlternates(page).map(
      ({ href, type, label }) =>
        `<link rel="alternate" type="${type}" href="${escapeAttribute(href)}" title="${label}">`,
    ),
    `<style amp-custom>${css}</style>`,
  ].join('');
}

/** A `<meta>`; `attribute` is `property` for Open Graph and `name` for everything else. */
export function meta(attribute: 'name' | 'property', name: string, content: string): string {
  return `<meta ${attribute}="${name}" content="${escapeAttribute(content)}">`;
}

function masthead(page: Page): string {
  const { site, phrases, front } = page;
  const own = languageAttributes(site.language);
  const name = `<a href="${scopeHref(site, { kind: 'all' })}" ${own}>${logo(site) || escapeText(site.name)}</a>`;
  const title = front ? `<h1 class="name">${name}</h1>` : `<p class="name">${name}</p>`;
  const tagline =
    front && site.description ? `<p class="tagline" ${own}>${escapeText(site.description)}</p>` : '';
  const liveUrl = httpsUrl(site.liveUrl);
  const live = liveUrl
    ? `<a class="live" href="${escapeAttribute(liveUrl)}">${phrases.html(phrases.strings.live)}</a>`
    : '';
  const entries = navigation(page);
  const nav =
    entries.length > 0
      ? `<nav aria-label="${escapeAttribute(phrases.strings.sections)}"><ul>${entries.join('')}</ul></nav>`
      : '';
  return `<header class="masthead${front ? ' front' : ''}"><div class="bar"><div>${title}${tagline}</div>${live}</div>${nav}</header>`;
}

function logo({ logo: picture, name }: Site): string {
  const src = httpsUrl(picture?.url);
  if (picture === undefined || src === undefined) return '';
  const size = `width="${picture.width}" height="${picture.height}"`;
  return `<img class="logo" src="${escapeAttribute(src)}" alt="${escapeAttribute(name)}" ${size} decoding="async">`;
}

/** The site's navigation, else the sections of the page's articles. */
function navigation({ site, scope, sections }: Page): string[] {
  const entries: OperatorSettings['navigation'] =
    site.navigation ?? sections.map((section) => ({ title: section, section }));
  return entries.map(({ title, section, url = '' }) => {
    const words = `<bdi>${escapeText(title)}</bdi>`;
    if (section === undefined) return link(url, words);
    const here = scope.kind === 'sections' && scope.name === section;
    const to = `${site.origin}${pagePath({ kind: 'sections', name: section })}`;
    return link(to, words, here ? ' aria-current="page"' : '');
  });
}

function footer(page: Page): string {
  const { site, phrases } = page;
  const { strings } = phrases;
  const own = languageAttributes(site.language);
  const links = (site.footer?.links ?? []).map(({ title, url }) =>
    link(url, `<bdi>${escapeText(title)}</bdi>`),
  );
  const follow = Object.entries(NETWORKS).flatMap(([network, label]) => {
    const url = site.social?.[network as keyof typeof NETWORKS];
    return url === undefined ? [] : [link(url, label, ' rel="me noopener"')];
  });
  const languages = (site.languages ?? []).map((name) =>
    link(
      `${site.origin}${feedPath({ kind: 'languages', name })}.rss`,
      escapeText(ownName(name)),
      ` ${languageAttributes(name)}`,
    ),
  );
  const feeds = feedAlternates(page).map(({ href, label }) => link(href, label));
  return [
    '<footer class="foot">',
    `<p class="home"><a href="${scopeHref(site, { kind: 'all' })}" ${own}>${escapeText(site.name)}</a></p>`,
    site.footer?.text ? `<p ${own}>${escapeText(site.footer.text)}</p>` : '',
    links.length > 0 ? `<ul>${links.join('')}</ul>` : '',
    listed(strings.follow, phrases, follow),
    listed(strings.feeds, phrases, [...feeds, ...languages]),
    '</footer>',
  ].join('');
}

/** A list item with a link; empty for a URL that is not allowed. */
function link(to: string, html: string, attributes = ''): string {
  const href = safeLinkUrl(to);
  return href === undefined ? '' : `<li><a href="${escapeAttribute(href)}"${attributes}>${html}</a></li>`;
}

/** Links after their common label. */
function listed(title: string, phrases: Phrases, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<nav aria-label="${escapeAttribute(title)}"><p>${phrases.html(title)}</p><ul>${items.join('')}</ul></nav>`;
}

function feedAlternates({ site, scope }: Page): { href: string; type: string; label: string }[] {
  return READER_FORMATS.map(({ extension, mediaType }) => ({
    href: `${site.origin}${feedPath(scope)}.${extension}`,
    type: mediaType.split(';', 1)[0] ?? mediaType,
    label: extension.toUpperCase(),
  }));
}

/** The absolute URL of a scope's page, ready for an attribute. */
export function scopeHref(site: Site, scope: Scope): string {
  return escapeAttribute(`${site.origin}${pagePath(scope)}`);
}
