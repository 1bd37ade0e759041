import { Document, type Element } from '../../markup/dom.ts';
import type { IsBoilerplate } from '../html/boilerplate.ts';

/** Shorter articles make Readability try again with weaker rules; its own 500 is made for long reads. */
const MIN_ARTICLE_LENGTH = 250;

/**
 * The markup of the article in a page, as Mozilla's Readability finds it; undefined when it finds none. Its time
 * grows faster than a page's size: callers see to it that the page has few enough elements. What `isBoilerplate` says
 * goes first, for Readability makes paragraphs of divisions and forgets what they were called.
 */
export async function readableArticle(
  html: string,
  isBoilerplate: IsBoilerplate,
): Promise<string | undefined> {
  // Only whole pages need it, and nothing the test whether a page is worth reading, which the package's entry brings.
  const { default: Readability } = await import('@mozilla/readability/Readability.js');
  const document = new Document();
  document.body.innerHTML = html;
  removeBoilerplate(document.body, isBoilerplate);
  const reader = new Readability(document as unknown as ConstructorParameters<typeof Readability>[0], {
    charThreshold: MIN_ARTICLE_LENGTH,
    // Classes say what is a caption, a gallery or a post; JSON-LD is read elsewhere, with more patience.
    keepClasses: true,
    disableJSONLD: true,
    // Which frames may stay is the embeds' own question.
    allowedVideoRegex: /^/,
  });
  try {
    return reader.parse()?.content ?? undefined;
  } catch {
    // It was made for documents that a browser has mended; what it cannot read, the plain way reads.
    return undefined;
  }
}

/** An element with more of a page's text than this holds the article, whatever it is called. */
const MAX_BOILERPLATE_SHARE = 0.3;

function removeBoilerplate(root: Element, isBoilerplate: IsBoilerplate): void {
  const most = root.textContent.length * MAX_BOILERPLATE_SHARE;
  const open = [root];
  for (let element = open.pop(); element !== undefined; element = open.pop()) {
    const attributes = Object.fromEntries(element.attributes.map(({ name, value }) => [name, value]));
    const isPart = isBoilerplate(element.localName, attributes) && element.textContent.length < most;
    if (isPart) element.remove();
    else open.push(...element.children);
  }
}
