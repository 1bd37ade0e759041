import type { Warnings } from '../warnings.ts';

const ELEMENT =
  '(?:p|div|br|h[1-6]|ul|ol|li|blockquote|figure|img|a|strong|em|b|i|span|table|iframe|section|article)';
/** `<`, escaped one to four times. */
const LESS = '&(?:amp;){0,3}(?:lt|#0{0,4}60|#x0{0,4}3c);';

const ESCAPED_START = new RegExp(
  `^\\s{0,50}(?:<(?!pre\\b|code\\b)[a-z][^<>]{0,200}>\\s{0,50}){0,3}${LESS}${ELEMENT}(?=[\\s/&])`,
  'i',
);
const ESCAPED_TAG = new RegExp(`${LESS}/?${ELEMENT}(?=[\\s/&])`, 'gi');
const TAG = new RegExp(`</?${ELEMENT}(?=[\\s/>])`, 'gi');
const JSON_TAG = new RegExp(`<\\\\/${ELEMENT}>|\\\\u003c/?${ELEMENT}\\b`, 'gi');

/** How many surplus levels of escaping are removed. */
const ROUNDS = 3;

/**
 * Restores markup that was escaped more often than its container asks for: `&lt;p&gt;`, or the remains of a JSON string
 * (`\u003cp\u003e`, `<\/p>`). Leaves an article that only mentions tags as it is: it begins with a real tag and has
 * more of those. Warns when it restores something.
 */
export function unescapeMarkup(html: string, warnings: Warnings): string {
  let markup = html;
  for (let round = 0; round < ROUNDS; round += 1) {
    if (isJson(markup)) markup = fromJson(markup);
    else if (isEscaped(markup)) markup = fromEntities(markup);
    else break;
  }
  if (markup !== html) warnings.add('markup-unescaped', html);
  return markup;
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

function isEscaped(html: string): boolean {
  if (!ESCAPED_START.test(html.slice(0, 1_000))) return false;
  const escaped = count(html, ESCAPED_TAG);
  return escaped > 1 && escaped >= count(html, TAG);
}

function isJson(html: string): boolean {
  if (!html.includes('\\')) return false;
  const escaped = count(html, JSON_TAG);
  // Real markup has closing tags without a backslash in them.
  return escaped > 0 && escaped > count(html, /<\/[a-z]/gi);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** Removes one level of escaping: only what escaping produces; other entities are left for the parser. */
function fromEntities(html: string): string {
  return html.replace(
    /&(?:(lt|gt|quot|apos|amp)|#(\d{2,6})|#x([0-9a-f]{2,6}));/gi,
    (whole, name, decimal, hex) => {
      if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return [34, 38, 39, 60, 62].includes(code) ? String.fromCharCode(code) : whole;
    },
  );
}

const JSON_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '', f: '\f' };

/** Decodes the escapes of RFC 8259 section 7; incomplete ones stay. */
function fromJson(html: string): string {
  return html.replace(/\\(?:u([0-9a-f]{4})|(["\\/nrtbf]))/gi, (_whole, hex, letter) =>
    hex === undefined
      ? (JSON_ESCAPES[String(letter)] ?? String(letter))
      : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
