import { Refusal } from '../problem.ts';

/** The largest delivery accepted: 1 MiB. */
export const BODY_LIMIT = 1_048_576;

/**
 * The raw bytes of a request's body, for a signature is over these. What `Content-Length` admits to be too large is
 * refused unread; whatever that header says, no more than the limit is ever held.
 */
export async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer> | Refusal> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_LIMIT) return tooLarge();
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > BODY_LIMIT) {
      await reader.cancel();
      return tooLarge();
    }
    chunks.push(value);
  }
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

const tooLarge = () =>
  new Refusal('too-large', { detail: `A delivery may have at most ${BODY_LIMIT} bytes (1 MiB).` });

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
