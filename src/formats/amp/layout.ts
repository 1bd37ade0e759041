import type { Direction } from '../../article/article.ts';
import { feedPath, pagePath, type Scope, type Site } from '../../article/site.ts';
import { escapeAttribute, escapeText } from '../escape.ts';
import { READER_FORMATS } from '../registry.ts';
import { type Component, runtimeHead } from './components.ts';
import { languageAttributes, type Phrases } from './phrases.ts';
import { STYLES } from './styles.ts';

/** A page before it has a frame around it. Strings are plain text unless they say HTML. */
export interface Page {
  site: Site;
  /** BCP 47. */
  language: string;
  direction: Direction;
  phrases: Phrases;
  title: string;
  description?: string | undefined;
  canonicalUrl: string;
  /** The scope whose feeds the page offers. */
  scope: Scope;
  /** The front page, whose heading is the site's name. */
  front?: boolean;
  /** Names of the sections in the bar at the top. */
  sections: readonly string[];
  /** HTML: what else goes into the head. */
  head?: string;
  /** HTML: what stands in `<main>`. */
  main: string;
  components?: ReadonlySet<Component>;
}

/** The whole document: valid AMP HTML, with scripts only when `components` needs them. */
export function renderPage(page: Page): string {
  return [
    `<!doctype html><html amp ${languageAttributes(page.language, page.direction)}>`,
    `<head>${head(page)}</head>`,
    '<body>',
    `<a class="skip" href="#main">${page.phrases.html(page.phrases.strings.skip)}</a>`,
    masthead(page),
    `<main id="main" tabindex="-1">${page.main}</main>`,
    footer(page),
    '</body></html>\n',
  ].join('');
}

function head(page: Page): string {
  const description = page.description;
  return [
    '<meta charset="utf-8">',
    `<title>${escapeText(page.title)}</title>`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    runtimeHead(page.components ?? new Set()),
    `<link rel="canonical" href="${escapeAttribute(page.canonicalUrl)}">`,
    description ? meta('name', 'description', description) : '',
    meta('property', 'og:site_name', page.site.name),
    description ? meta('property', 'og:description', description) : '',
    page.head ?? '',
    ...feedLinks(page).map(
      ({ href, type, label }) =>
        `<link rel="alternate" type="${type}" href="${escapeAttribute(href)}" title="${label}">`,
    ),
    `<style amp-custom>${STYLES}</style>`,
  ].join('');
}

/** A `<meta>`; `attribute` is `property` for Open Graph and `name` for everything else. */
export function meta(attribute: 'name' | 'property', name: string, content: string): string {
  return `<meta ${attribute}="${name}" content="${escapeAttribute(content)}">`;
}

function masthead({ site, phrases, sections, scope, front }: Page): string {
  const name = `<a href="${scopeHref(site, { kind: 'all' })}" ${languageAttributes(site.language)}>${escapeText(site.name)}</a>`;
  const title = front ? `<h1 class="name">${name}</h1>` : `<p class="name">${name}</p>`;
  const tagline = site.description
    ? `<p class="tagline" ${languageAttributes(site.language)}>${escapeText(site.description)}</p>`
    : '';
  const links = sections.map((section) => {
    const here = scope.kind === 'sections' && scope.name === section ? ' aria-current="page"' : '';
    return `<li><a href="${scopeHref(site, { kind: 'sections', name: section })}"${here}><bdi>${escapeText(section)}</bdi></a></li>`;
  });
  const nav =
    links.length > 0
      ? `<nav aria-label="${escapeAttribute(phrases.strings.sections)}"><ul>${links.join('')}</ul></nav>`
      : '';
  return `<header class="masthead">${title}${tagline}${nav}</header>`;
}

function footer(page: Page): string {
  const { phrases } = page;
  const feeds = feedLinks(page).map(
    ({ href, label }) => `<li><a href="${escapeAttribute(href)}">${label}</a></li>`,
  );
  return [
    '<footer class="foot">',
    `<p><a href="${scopeHref(page.site, { kind: 'all' })}">${phrases.html(phrases.strings.home)}</a></p>`,
    `<nav aria-label="${escapeAttribute(phrases.strings.feeds)}"><ul>${feeds.join('')}</ul></nav>`,
    '</footer>',
  ].join('');
}

function feedLinks({ site, scope }: Page): { href: string; type: string; label: string }[] {
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
