import { Refusal } from '../domain/refusal.ts';

/** The text of a body in UTF-8, the only encoding of JSON between systems (RFC 8259 section 8.1). */
export function decodeBody(body: Uint8Array): string | Refusal {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(body);
  } catch {
    return new Refusal('malformed', { detail: 'The body is not UTF-8.' });
  }
}

/**
 * The media type of a body that can be read as it stands: lower case, without parameters.
 * @returns a refusal when it is missing, compressed, or in a charset other than UTF-8
 */
export function mediaTypeOf(headers: Headers): string | Refusal {
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    return unsupported(`Content-Encoding ${encoding} is not taken; send the body plain.`);
  const [mediaType = '', ...parameters] = (headers.get('content-type') ?? '').toLowerCase().split(';');
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/.exec(parameter)?.[1])
    .find(Boolean);
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    return unsupported(`The charset ${charset} is not taken; send UTF-8.`);
  }
  return mediaType.trim();
}

const unsupported = (detail: string) => new Refusal('unsupported-media-type', { detail });
