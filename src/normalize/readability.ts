import type { IsFurniture } from './html.ts';

/** Shorter articles make Readability try again with weaker rules; its own 500 is made for long reads. */
const SHORTEST = 250;

/**
 * The markup of the article in a page, as Mozilla's Readability finds it; undefined when it finds none. Its time
 * grows faster than a page's size: callers see to it that the page has few enough elements. What `isFurniture` says
 * goes first, for Readability makes paragraphs of divisions and forgets what they were called.
 */
export async function readableArticle(html: string, isFurniture: IsFurniture): Promise<string | undefined> {
  // A DOM costs more to start than all the rest of the Worker, and only whole pages need one.
  const [{ Readability }, { parseHTML }] = await Promise.all([
    import('@mozilla/readability'),
    import('linkedom/worker'),
  ]);
  const { document } = parseHTML(asDocument(html));
  removeFurniture(document.documentElement, isFurniture);
  const reader = new Readability(document, {
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

/**
 * A page as a document with a head and a body. linkedom builds what is written, a browser what is meant: a page
 * without a `body`, or a paragraph in its head, would leave Readability without the body it looks for.
 */
function asDocument(html: string): string {
  const content = html
    .replace(/<!doctype\b[^<>]*>|<\/?(?:html|head|body)\b[^<>]*>|<title\b[^<>]*>[^<]*<\/title\s*>/gi, '')
    // AMP's picture is an `img` by another name; what holds only such pictures would be taken for empty.
    .replace(/<amp-img\b/gi, '<img')
    .replace(/<\/amp-img\s*>/gi, '');
  return `<!doctype html><html><head></head><body>${content}</body></html>`;
}

/** An element with more of a page's text than this holds the article, whatever it is called. */
const LARGEST_FURNITURE = 0.3;

interface DomElement {
  readonly localName: string;
  readonly textContent: string | null;
  readonly children: Iterable<DomElement>;
  readonly attributes: Iterable<{ name: string; value: string }>;
  remove(): void;
}

function removeFurniture(root: DomElement, isFurniture: IsFurniture): void {
  const most = (root.textContent?.length ?? 0) * LARGEST_FURNITURE;
  const open = [root];
  for (let element = open.pop(); element !== undefined; element = open.pop()) {
    const attributes = Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));
    const isPart = isFurniture(element.localName, attributes) && (element.textContent?.length ?? 0) < most;
    if (isPart) element.remove();
    else open.push(...element.children);
  }
}
