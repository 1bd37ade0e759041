import type { Attributes } from '../../markup/html-parser.ts';

const ELEMENTS = new Set(['nav', 'aside', 'footer', 'form', 'menu', 'dialog']);
const ROLES = new Set(['navigation', 'complementary', 'banner', 'contentinfo', 'search', 'dialog']);
// What such an element's class ends in, or begins with: `post-comments`, `related-stories`.
const NAMES = [
  'share|sharing|social|recommend(?:ed|ations?)|newsletter|breadcrumbs?|comments?|advert(?:isement)?s?|sponsored|promo',
  'taboola|outbrain|sidebar|subscribe|subscription|most-read|trending|sign-?up|follow(?:-us)?|whats-?app|telegram',
  'related-?(?:posts?|articles?|stories|news|content)|more-(?:stories|news|from)',
  'about-author|author-?(?:box|bio|info|card|profile|description|details)|post-author|bio|tags|tag-?(?:list|cloud)',
  'paywall|abonnement|cookies?|consent|gdpr|pagination|post-navigation|block-query|post-template|latest-posts',
];
const CLASSES = new RegExp(`^(?:[\\w-]*[-_])?(?:${NAMES.join('|')})(?:[-_][\\w-]*)?$`, 'i');

// A link or a span of such a class is words of the text that open something over it.
const OVERLAYS = /^(?:[\w-]*[-_])?(?:pop-?up|modal)(?:[-_][\w-]*)?$/i;
const INLINE = new Set('a abbr b em i mark span strong u'.split(' '));

// Where classes are made by a build, components say what they are elsewhere.
const NAMING = ['class', 'id', 'data-component', 'data-testid'] as const;

/** Whether an element inside the article's own is still the page's: navigation, share rows, promotions. */
export function isPageBoilerplate(name: string, attributes: Attributes): boolean {
  if (ELEMENTS.has(name) || ROLES.has(attributes.role ?? '')) return true;
  if (name === 'article' || name === 'main' || name === 'body') return false;
  const names = NAMING.map((attribute) => attributes[attribute] ?? '')
    .join(' ')
    .slice(0, 500);
  return names.length > NAMING.length && isNamedSo(names, name);
}

const isNamedSo = (names: string, name: string): boolean =>
  names.split(/\s+/).some((each) => CLASSES.test(each) || (OVERLAYS.test(each) && !INLINE.has(name)));
