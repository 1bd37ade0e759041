import { Document } from '../../markup/dom/document.ts';
import type { Element } from '../../markup/dom/element.ts';
import type { IsFurniture } from '../html/html.ts';

/** Shorter articles make Readability try again with weaker rules; its own 500 is made for long reads. */
const SHORTEST = 250;

/**
 * The markup of the article in a page, as Mozilla's Readability finds it; undefined when it finds none. Its time
 * grows faster than a page's size: callers see to it that the page has few enough elements. What `isFurniture` says
 * goes first, for Readability makes paragraphs of divisions and forgets what they were called.
 */
export async function readableArticle(html: string, isFurniture: IsFurniture): Promise<string | undefined> {
  // Only whole pages need it, and nothing the test whether a page is worth reading, which the package's entry brings.
  const { default: Readability } = await import('@mozilla/readability/Readability.js');
  const document = new Document();
  document.body.innerHTML = html;
  removeFurniture(document.body, isFurniture);
  const reader = new Readability(document as unknown as ConstructorParameters<typeof Readability>[0], {
    charThreshold: SHORTEST,
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
const LARGEST_FURNITURE = 0.3;

function removeFurniture(root: Element, isFurniture: IsFurniture): void {
  const most = root.textContent.length * LARGEST_FURNITURE;
  const open = [root];
  for (let element = open.pop(); element !== undefined; element = open.pop()) {
    const attributes = Object.fromEntries(element.attributes.map(({ name, value }) => [name, value]));
    const isPart = isFurniture(element.localName, attributes) && element.textContent.length < most;
    if (isPart) element.remove();
    else open.push(...element.children);
  }
}
