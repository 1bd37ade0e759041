import type { Block } from '../../domain/blocks.ts';

/** RFC 2606 section 2: no host has this name. */
const NOWHERE = 'https://page.invalid/';

const RELATIVE = /(<a\b[^<>]*?\shref\s*=\s*["']?)(?!["'\s#>]|[a-z][a-z0-9+.-]*:)/gi;

/**
 * Makes the relative links of a page without a known address lead nowhere. Links tell the lists around an article from
 * the article; without an address to resolve them against they would be read as bare words.
 */
export const withLinksToNowhere = (html: string): string => html.replace(RELATIVE, `$1${NOWHERE}`);

export const leadsNowhere = (href: string): boolean => href.startsWith(NOWHERE);

/** Replaces such links with their words. */
export const withoutLinksToNowhere = (blocks: readonly Block[]): Block[] => blocks.map(unlink);

type Node = { type?: unknown; href?: unknown; text?: unknown; content?: unknown };

function unlink<Value>(value: Value): Value {
  if (Array.isArray(value)) return joined(value.flatMap(unlinkNode)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unlink(each)])) as Value;
}

function unlinkNode(node: Node): unknown[] {
  const isNone = node.type === 'link' && typeof node.href === 'string' && leadsNowhere(node.href);
  return isNone && Array.isArray(node.content) ? node.content.flatMap(unlinkNode) : [unlink(node)];
}

/** Joins texts that only a removed link separated. */
function joined(nodes: readonly unknown[]): unknown[] {
  const out: unknown[] = [];
  for (const each of nodes) {
    const [last, node] = [out.at(-1) as Node | undefined, each as Node];
    if (last?.type === 'text' && node?.type === 'text')
      out[out.length - 1] = { ...last, text: `${last.text}${node.text}` };
    else out.push(each);
  }
  return out;
}
