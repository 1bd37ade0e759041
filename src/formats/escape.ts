/** Escaping: the only place where text becomes part of an HTML or XML document. */

// Characters outside XML 1.0 section 2.2 (production Char). They cannot be escaped: `&#0;` is an error as well, and a
// single one makes a whole feed unreadable. \p{Cs} with `u` is a lone surrogate.
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF\p{Cs}]/gu;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const entity = (character: string): string => ENTITIES[character] ?? '';

/** The text without characters that XML 1.0 forbids; not escaped. */
export function xmlText(text: string): string {
  return text.replace(NOT_XML, '');
}

/** Text as the content of an HTML or XML element. */
export function escapeText(text: string): string {
  return xmlText(text).replace(/[&<>]/g, entity);
}

/** Text as the value of an attribute in double or single quotes. */
export function escapeAttribute(text: string): string {
  return xmlText(text).replace(/[&<>"']/g, entity);
}

/**
 * A value as JSON inside an HTML `<script>`. Only `<` can end or re-open a script element or start `<!--` (HTML section
 * 4.12.1.3); the other characters are escaped so that no intermediate parser takes them for markup.
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
