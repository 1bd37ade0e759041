import { type DefaultTreeAdapterTypes, parse, parseFragment } from 'parse5';

/** What a browser would make of rendered HTML, for tests that hold it against a closed list. */

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** The last markup that was parsed: judges look at the same in several ways, one after the other. */
let last = { html: '', elements: [] as readonly Element[] };

/** Every element in document order. */
export function elements(html: string): readonly Element[] {
  if (last.html !== html) last = { html, elements: parsed(html) };
  return last.elements;
}

function parsed(html: string): Element[] {
  const root: Node = /^<!doctype/i.test(html) ? parse(html) : parseFragment(html);
  const found: Element[] = [];
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ('tagName' in node) found.push(node);
    if ('childNodes' in node) waiting.push(...[...node.childNodes].reverse());
  }
  return found;
}

export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((each) => each.name === name)?.value;
}

/** The words in an element, as a reader sees them. */
export function textContent(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textContent).join('') : '';
}

const COMMON = ['class', 'dir', 'id', 'lang'];

/** The elements of a feed's content and the attributes of each. */
export const BODY_ELEMENTS: Record<string, readonly string[]> = {
  a: ['href'],
  abbr: ['title'],
  aside: [],
  audio: ['controls', 'src'],
  blockquote: [],
  br: [],
  caption: [],
  cite: [],
  code: [],
  dd: [],
  div: [],
  dl: [],
  dt: [],
  em: [],
  figcaption: [],
  figure: [],
  footer: [],
  h2: [],
  h3: [],
  h4: [],
  h5: [],
  h6: [],
  hr: [],
  img: ['alt', 'height', 'src', 'width'],
  li: [],
  mark: [],
  ol: ['start'],
  p: [],
  pre: [],
  q: [],
  rp: [],
  rt: [],
  ruby: [],
  small: [],
  span: [],
  strong: [],
  sub: [],
  sup: [],
  table: [],
  tbody: [],
  td: ['colspan', 'rowspan'],
  th: ['colspan', 'rowspan', 'scope'],
  thead: [],
  tr: [],
  ul: [],
  video: ['controls', 'poster', 'src'],
};

const component = ['width', 'height', 'layout'];

/** The elements of a page. A `<script>` has its own test. */
export const PAGE_ELEMENTS: Record<string, readonly string[]> = {
  ...BODY_ELEMENTS,
  a: ['aria-current', 'href', 'hreflang', 'rel'],
  'amp-ad': [...component, 'data-slot', 'json', 'type'],
  'amp-audio': [...component, 'controls', 'src'],
  'amp-facebook': [...component, 'data-embed-as', 'data-href'],
  'amp-pinterest': [...component, 'data-do', 'data-url'],
  'amp-reddit': [...component, 'data-embedtype', 'data-src'],
  'amp-soundcloud': [...component, 'data-playlistid', 'data-trackid'],
  'amp-twitter': [...component, 'data-tweetid'],
  'amp-video': [...component, 'controls', 'poster', 'src'],
  'amp-youtube': [...component, 'data-videoid'],
  article: [],
  b: [],
  bdi: [],
  body: [],
  div: ['aria-label', 'role', 'tabindex'],
  h1: [],
  head: [],
  header: [],
  html: ['amp'],
  img: ['alt', 'decoding', 'fetchpriority', 'height', 'loading', 'src', 'width'],
  link: ['href', 'hreflang', 'rel', 'title', 'type'],
  main: ['tabindex'],
  meta: ['charset', 'content', 'name', 'property'],
  nav: ['aria-label'],
  noscript: [],
  script: ['async', 'custom-element', 'src', 'type'],
  section: ['aria-labelledby'],
  span: ['aria-hidden'],
  style: ['amp-boilerplate', 'amp-custom'],
  time: ['datetime'],
  title: [],
};

const SCHEMES: Record<string, RegExp> = {
  href: /^(?:https?:|mailto:|tel:|#main$)/,
  src: /^https?:/,
  poster: /^https?:/,
  'data-href': /^https:/,
  'data-url': /^https:/,
  'data-src': /^https:/,
};

/** What in the markup is not on the list: an empty list for markup that is all right. */
export function strangers(html: string, allowed: Record<string, readonly string[]>): string[] {
  return elements(html).flatMap((element) => {
    // An element may be called `constructor`, which every object has.
    const attributes = Object.hasOwn(allowed, element.tagName) ? allowed[element.tagName] : undefined;
    if (attributes === undefined) return [`<${element.tagName}>`];
    return element.attrs.flatMap(({ name, value }) => {
      if (![...COMMON, ...attributes].includes(name)) return [`<${element.tagName} ${name}>`];
      const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
      return scheme && !scheme.test(value) ? [`<${element.tagName} ${name}="${value}">`] : [];
    });
  });
}
