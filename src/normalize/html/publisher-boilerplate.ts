import type { Attributes } from '../../markup/html-parser.ts';
import type { IsBoilerplate } from './html.ts';

/** The test for elements that a publisher's own simple selectors name; none match without any. */
export function matching(selectors: readonly string[] = []): IsBoilerplate {
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
