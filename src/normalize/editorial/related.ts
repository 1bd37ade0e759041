import type { Related } from '../../domain/article.ts';
import { type Block, type Inline, inlineText } from '../../domain/blocks.ts';
import { LIMITS } from '../../domain/draft.ts';
import { foldLine } from '../../text/fold-line.ts';
import type { Lexicon } from '../../text/lexicon.ts';
import { hasMoreWords, oneLine } from '../../text/text.ts';
import { linksIn, sliceInline } from '../html/inline.ts';
import { leadsNowhere } from '../html/unresolvable-links.ts';

const MAX_TITLE_WORDS = 40;

/**
 * The articles that an "also read" line links to; undefined for other lines. A single word (`Read:`, `Watch:`) may also
 * start a sentence, so a link must follow it.
 */
export function relatedOf(content: Inline[], lexicon: Lexicon): Related[] | undefined {
  const text = inlineText(content);
  const start = lexicon.restAfter('alsoRead', text) ?? linkedRest(text, content, lexicon);
  if (start === undefined) return undefined;
  const bracketed = /^[([].*[)\]]$/su.test(text);
  const rest = sliceInline(content, start, bracketed ? text.length - 1 : undefined);
  const title = oneLine(inlineText(rest));
  if (title === '' || title.length > LIMITS.headline || hasMoreWords(title, MAX_TITLE_WORDS))
    return undefined;
  const opening = foldLine(text.slice(0, start)).split(' ').length;
  if (opening < 2 && linksIn(content).length === 0) return undefined;
  return titles(rest, title);
}

/** The targets of a block of nothing but links, which may follow a line that says only "Also read". */
export function linkedArticles(block: Block | undefined): Related[] | undefined {
  if (block?.type === 'paragraph') return onlyLinks(block.content);
  if (block?.type !== 'list') return undefined;
  const found = block.items.map(([first, ...more]) =>
    first?.type === 'paragraph' && more.length === 0 ? onlyLinks(first.content) : undefined,
  );
  return found.every((each) => each !== undefined) ? found.flat() : undefined;
}

/** Whether a block is a heading that is entirely a link: another article's title. */
export const isLinkedHeading = (block: Block): boolean =>
  block.type === 'heading' && onlyLinks(block.content) !== undefined;

/** `Also read <a>…</a>`: the link separates the opening from the title, as a colon does elsewhere. */
function linkedRest(text: string, content: Inline[], lexicon: Lexicon): number | undefined {
  const [first] = linksIn(content);
  const at = first === undefined ? -1 : text.indexOf(inlineText(first.content));
  return at > 0 && lexicon.has('alsoRead', text.slice(0, at)) ? at : undefined;
}

function onlyLinks(content: Inline[]): Related[] | undefined {
  const links = linksIn(content);
  const linked = links.map((link) => inlineText(link.content)).join(' ');
  if (links.length === 0 || foldLine(linked) !== foldLine(inlineText(content))) return undefined;
  return links.flatMap((link) => related(inlineText(link.content), link.href));
}

function titles(rest: Inline[], title: string): Related[] {
  return onlyLinks(rest) ?? related(title, linksIn(rest)[0]?.href);
}

function related(text: string, href: string | undefined): Related[] {
  const title = oneLine(text);
  if (title === '' || title.length > LIMITS.headline) return [];
  const isKnown = href !== undefined && /^https?:/.test(href) && !leadsNowhere(href);
  return [isKnown ? { title, url: href } : { title }];
}
