import type { Attributes } from './parser.ts';

const ELEMENTS = new Set(['nav', 'aside', 'footer', 'form', 'menu', 'dialog']);
const ROLES = new Set(['navigation', 'complementary', 'banner', 'contentinfo', 'search', 'dialog']);
const CLASSES =
  /^(?:[\w-]*[-_])?(?:share|sharing|social|recommend(?:ed|ations?)|newsletter|breadcrumbs?|comments?|advert(?:isement)?s?|sponsored|promo|taboola|outbrain|sidebar|subscribe|most-read|trending)(?:[-_][\w-]*)?$/i;

/** Whether an element inside the article's own is still the page's: navigation, share rows, promotions. */
export function isPageFurniture(name: string, attributes: Attributes): boolean {
  if (ELEMENTS.has(name) || ROLES.has(attributes.role ?? '')) return true;
  if (name === 'article' || name === 'main' || name === 'body') return false;
  const names = `${attributes.class ?? ''} ${attributes.id ?? ''}`.slice(0, 500);
  return names.length > 1 && names.split(/\s+/).some((each) => CLASSES.test(each));
}
