import { Refusal } from '../domain/refusal.ts';
import { decodeBody, mediaTypeOf } from './body.ts';

/** A delivery's body as far as its media type tells, for a dialect to read. */
export type Payload = { headers: Headers } & (
  | { kind: 'json'; value: unknown }
  | { kind: 'form'; fields: Readonly<Record<string, string>> }
  | { kind: 'xml' | 'html' | 'text'; text: string }
);

const MEDIA_TYPES: readonly (readonly [pattern: RegExp, kind: Payload['kind']])[] = [
  [/^(?:application|text)\/json$|\+json$/, 'json'],
  [/^application\/x-www-form-urlencoded$/, 'form'],
  [/^text\/html$|^application\/xhtml\+xml$/, 'html'],
  [/^(?:application|text)\/xml$|\+xml$/, 'xml'],
  [/^text\/plain$/, 'text'],
];

/** The body by its media type; a refusal when no dialect comes in that type, or it is not what it says. */
export function readPayload(headers: Headers, body: Uint8Array<ArrayBuffer>): Payload | Refusal {
  const mediaType = mediaTypeOf(headers);
  if (mediaType instanceof Refusal) return mediaType;
  const kind = MEDIA_TYPES.find(([pattern]) => pattern.test(mediaType))?.[1];
  if (kind === undefined) {
    return new Refusal('unsupported-media-type', {
      detail: 'Send JSON, a form, RSS or Atom, HTML or plain text, with its Content-Type.',
    });
  }
  const text = decodeBody(body);
  if (text instanceof Refusal) return text;
  switch (kind) {
    case 'json':
      return parseJson(headers, text);
    case 'form':
      return { headers, kind, fields: Object.fromEntries(new URLSearchParams(text)) };
    default:
      return { headers, kind, text };
  }
}

function parseJson(headers: Headers, text: string): Payload | Refusal {
  try {
    return { headers, kind: 'json', value: JSON.parse(text) };
  } catch (error) {
    return new Refusal('malformed', { detail: `The body is not JSON: ${(error as SyntaxError).message}` });
  }
}
