import { Refusal } from '../domain/refusal.ts';
import { xmlEncoding } from '../markup/xml.ts';
import { occurrencesOf } from '../text/text.ts';

/** A document, decoded according to its media type or file name, for a dialect to read. */
export type Payload = {
  headers: Headers;
  /** The document's `Content-Location` (RFC 9110 section 8.7), or its path in a folder. */
  location?: string | undefined;
  /**
   * Whether headers say nothing of the document: its id, time and language. Its signature covers the body alone, so that
   * anyone who has seen the delivery can send it again under other headers.
   */
  ignoresHeaders?: boolean;
} & (
  | { kind: 'json'; value: unknown }
  | { kind: 'form'; fields: Readonly<Record<string, string>> }
  | { kind: 'xml' | 'html' | 'text' | 'markdown'; text: string }
);

/** The fields of a form. WordPress's hooks send some thirty. */
const MAX_FORM_FIELDS = 1_000;

type DeliveredKind = Exclude<Payload['kind'], 'markdown'>;

interface MediaTypes {
  kind: DeliveredKind;
  types: readonly string[];
  /** A structured syntax suffix (RFC 6839): every other type that ends so is of this kind. */
  suffix?: string;
}

/** The media types of deliveries. The API's document lists the same. */
export const MEDIA_TYPES: readonly MediaTypes[] = [
  {
    kind: 'json',
    types: ['application/json', 'text/json', 'application/feed+json', 'application/ld+json'],
    suffix: '+json',
  },
  { kind: 'form', types: ['application/x-www-form-urlencoded'] },
  { kind: 'html', types: ['text/html', 'application/xhtml+xml'] },
  {
    kind: 'xml',
    types: [
      'application/rss+xml',
      'application/atom+xml',
      'application/rdf+xml',
      'application/xml',
      'text/xml',
    ],
    suffix: '+xml',
  },
  { kind: 'text', types: ['text/plain'] },
];

/** How a body of a media type is read; undefined when it is not supported. */
const kindOf = (mediaType: string): DeliveredKind | undefined =>
  (
    MEDIA_TYPES.find(({ types }) => types.includes(mediaType)) ??
    MEDIA_TYPES.find(({ suffix }) => suffix !== undefined && mediaType.endsWith(suffix))
  )?.kind;

/** Decodes a delivery's body by its media type. Refuses unsupported types and malformed bodies. */
export function readPayload(
  headers: Headers,
  body: Uint8Array<ArrayBuffer>,
  { ignoresHeaders = false } = {},
): Payload | Refusal {
  const type = mediaTypeOf(headers);
  if (type instanceof Refusal) return type;
  const kind = kindOf(type.mediaType);
  if (kind === undefined) {
    return unsupported('Content-Type must be that of JSON, a form, RSS, Atom, HTML or plain text.');
  }
  // RFC 7303 section 3: an XML document declares its encoding if its media type does not.
  const text = decode(body, kind === 'xml' && type.charset === undefined ? xmlEncoding(body) : 'utf-8');
  if (text instanceof Refusal) return text;
  const location = ignoresHeaders ? undefined : (headers.get('Content-Location') ?? undefined);
  const shared = { headers, location, ignoresHeaders };
  switch (kind) {
    case 'json': {
      const value = parseJson(text);
      return value instanceof Refusal ? value : { ...shared, kind, value };
    }
    case 'form': {
      const fields = parseForm(text);
      return fields instanceof Refusal ? fields : { ...shared, kind, fields };
    }
    default:
      return { ...shared, kind, text };
  }
}

/** The media type in lower case; a refusal when the body is compressed or not in UTF-8. */
function mediaTypeOf(headers: Headers): { mediaType: string; charset: string | undefined } | Refusal {
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    return unsupported(`Content-Encoding ${encoding} is not supported; send the body uncompressed.`);
  const [mediaType = '', ...parameters] = (headers.get('content-type') ?? '').toLowerCase().split(';');
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/.exec(parameter)?.[1])
    .find(Boolean);
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    return unsupported(`The charset ${charset} is not supported; send UTF-8.`);
  }
  return { mediaType: mediaType.trim(), charset };
}

function decode(body: Uint8Array, encoding: string): string | Refusal {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: false }).decode(body);
  } catch {
    return new Refusal('malformed', { detail: `The body is not valid ${encoding.toUpperCase()}.` });
  }
}

/** Counts the fields first: Node's URLSearchParams takes quadratic time for many. */
function parseForm(text: string): Readonly<Record<string, string>> | Refusal {
  const count = 1 + occurrencesOf('&', text);
  if (count > MAX_FORM_FIELDS) {
    const message = `must have at most ${MAX_FORM_FIELDS} fields, not ${count}`;
    return new Refusal('invalid', { issues: [{ path: '', message }] });
  }
  return Object.fromEntries(new URLSearchParams(text));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return new Refusal('malformed', {
      detail: `The body is not valid JSON: ${(error as SyntaxError).message}`,
    });
  }
}

const unsupported = (detail: string) => new Refusal('unsupported-media-type', { detail });
