import { Document, type Element } from '../../markup/dom.ts';
import type { IsBoilerplate } from '../html/boilerplate.ts';
import { MAX_BOILERPLATE_SHARE, MIN_READABLE_LENGTH } from '../thresholds.ts';

/**
 * The markup of the article that Mozilla's Readability finds in a page; undefined when it finds none. Its time grows
 * faster than the page's size, so callers bound the number of elements. Removes what `isBoilerplate` names first, since
 * Readability turns divisions into paragraphs and forgets their classes.
 */
export async function readableArticle(
  html: string,
  isBoilerplate: IsBoilerplate,
): Promise<string | undefined> {
  // Only whole pages need it. The package's entry would add its test of whether a page is worth reading.
  const { default: Readability } = await import('@mozilla/readability/Readability.js');
  const document = new Document();
  document.body.innerHTML = html;
  removeBoilerplate(document.body, isBoilerplate);
  const reader = new Readability(document as unknown as ConstructorParameters<typeof Readability>[0], {
    charThreshold: MIN_READABLE_LENGTH,
    // Classes tell captions, galleries and posts. JSON-LD is read in markup/json-ld.ts.
    keepClasses: true,
    disableJSONLD: true,
    // html/embeds.ts decides which frames stay.
    allowedVideoRegex: /^/,
  });
  try {
    return reader.parse()?.content ?? undefined;
  } catch {
    // It expects documents that a browser has repaired. The surveyed element stands in for what it cannot read.
    return undefined;
  }
}

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
