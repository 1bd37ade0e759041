import { Failure } from '../failure.ts';

type Fields = Record<string, string | string[]>;

const FRONT_MATTER = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/;
const FIELD = /^([A-Za-z][\w-]*)[ \t]*:(?:[ \t]+(.*))?$/;
const ITEM = /^[ \t]*-[ \t]+(.*)$/;

/**
 * A Markdown file's fields and the rest of it. Of YAML, only what articles have is read: `name: value` and lists of
 * values, `[a, b]` or a line each.
 * @throws Failure at anything else, rather than take it for something it is not
 */
export function readFrontMatter(text: string): { fields: Fields; content: string } {
  const match = FRONT_MATTER.exec(text);
  if (match === null) return { fields: {}, content: text };
  const fields: Fields = {};
  let list: string[] | undefined;
  for (const [index, line] of (match[1] ?? '').split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const item = ITEM.exec(line);
    const field = FIELD.exec(line);
    if (item && list) list.push(scalar(item[1] ?? '', index));
    else if (field) {
      const [, name = '', value = ''] = field;
      list = value.trim() === '' ? [] : undefined;
      fields[name.toLowerCase()] = list ?? listOrScalar(value.trim(), index);
    } else throw notUnderstood(index);
  }
  return { fields, content: text.slice(match[0].length) };
}

function listOrScalar(value: string, index: number): string | string[] {
  const list = /^\[(.*)\]$/.exec(value)?.[1];
  if (list === undefined) return scalar(value, index);
  const items = list.match(/\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,]+)/g) ?? [];
  return items
    .map((item) => item.trim())
    .filter(Boolean)
    .map((item) => scalar(item, index));
}

function scalar(written: string, index: number): string {
  const value = written.trim();
  if (/^"(?:[^"\\]|\\.)*"$/.test(value)) {
    try {
      return JSON.parse(value) as string;
    } catch {
      throw notUnderstood(index);
    }
  }
  if (/^'(?:[^']|'')*'$/.test(value)) return value.slice(1, -1).replaceAll("''", "'");
  // Maps, blocks, anchors, tags: not a plain value.
  if (/^["'{[|>&*!%@`]/.test(value) || /:\s/.test(value)) throw notUnderstood(index);
  return value.replace(/\s+#.*$/, '');
}

const notUnderstood = (index: number) =>
  new Failure(
    `has a front matter whose line ${index + 1} is not understood: write name: value, in quotes where a colon or bracket is in it`,
  );
