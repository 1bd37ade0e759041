/** Which elements of a page are boilerplate rather than part of the article: by common names, or by a publisher's own. */
import type { Attributes } from '../../markup/html-parser.ts';

/** Whether an element, with all it holds, is part of the page rather than of the article. */
export type IsBoilerplate = (name: string, attributes: Attributes) => boolean;

/** A test for the elements that a publisher's own simple selectors name; without any, nothing matches. */
export function publisherBoilerplate(selectors: readonly string[] = []): IsBoilerplate {
  if (selectors.length === 0) return () => false;
  const names = new Set<string>();
  const classes = new Set<string>();
  const ids = new Set<string>();
  const attributes: { name: string; value: string | undefined }[] = [];
  for (const selector of selectors) {
    const rest = selector.slice(1);
    if (selector.startsWith('.')) classes.add(rest);
    else if (selector.startsWith('#')) ids.add(rest);
    else if (selector.startsWith('[')) attributes.push(attribute(rest));
    else names.add(selector.toLowerCase());
  }
  return (name, given) =>
    names.has(name) ||
    (given.id !== undefined && ids.has(given.id)) ||
    (classes.size > 0 && (given.class ?? '').split(/\s+/).some((each) => classes.has(each))) ||
    attributes.some((each) => holds(given, each.name, each.value));
}

function attribute(selector: string): { name: string; value: string | undefined } {
  const [, name = '', value] = /^([^=\]]+)(?:="?([^"\]]*)"?)?\]$/.exec(selector) ?? [];
  return { name: name.toLowerCase(), value };
}

const holds = (given: Attributes, name: string, value: string | undefined): boolean =>
  Object.hasOwn(given, name) && (value === undefined || given[name] === value);

const ELEMENTS = new Set(['nav', 'aside', 'footer', 'form', 'menu', 'dialog']);
const ROLES = new Set(['navigation', 'complementary', 'banner', 'contentinfo', 'search', 'dialog']);
// Parts of boilerplate's classes, between hyphens or underscores: `post-comments`, `related-stories`.
const NAMES = [
  'share|sharing|social|recommend(?:ed|ations?)|newsletter|breadcrumbs?|comments?|advert(?:isement)?s?|sponsored|promo',
  'taboola|outbrain|sidebar|subscribe|subscription|most-read|trending|sign-?up|follow(?:-us)?|whats-?app|telegram',
  'related-?(?:posts?|articles?|stories|news|content)|more-(?:stories|news|from)',
  'about-author|author-?(?:box|bio|info|card|profile|description|details)|post-author|bio|tags|tag-?(?:list|cloud)',
  'paywall|abonnement|cookies?|consent|gdpr|pagination|post-navigation|block-query|post-template|latest-posts',
];
const CLASSES = new RegExp(`(?<![^_-])(?:${NAMES.join('|')})(?![^_-])`, 'i');

// Overlays. A link or a span of such a class is not one: it is words of the text that open one.
const OVERLAYS = /(?<![^_-])(?:pop-?up|modal)(?![^_-])/i;
const INLINE = new Set('a abbr b em i mark span strong u'.split(' '));

// Where a build generates the classes, components are named in other attributes.
const NAMING = ['class', 'id', 'data-component', 'data-testid'] as const;

/** Whether an element within the article's is boilerplate: navigation, share buttons, promotions. */
export function isPageBoilerplate(name: string, attributes: Attributes): boolean {
  if (ELEMENTS.has(name) || ROLES.has(attributes.role ?? '')) return true;
  if (name === 'article' || name === 'main' || name === 'body') return false;
  const names = NAMING.map((attribute) => attributes[attribute] ?? '')
    .join(' ')
    .slice(0, 500);
  return names.length > NAMING.length && hasBoilerplateName(names, name);
}

const hasBoilerplateName = (names: string, name: string): boolean =>
  names
    .split(/\s+/)
    .some(
      (each) => /^[\w-]+$/.test(each) && (CLASSES.test(each) || (OVERLAYS.test(each) && !INLINE.has(name))),
    );
