/**
 * The raw bytes of a request's body; undefined when they are more than `limit`. What `Content-Length` admits to be
 * more is not read at all; whatever that header says, no more than the limit is ever held.
 */
export async function readBody(
  request: Request,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(request.headers.get('Content-Length') ?? 0) > limit) return undefined;
  const { bytes, isWhole } = await readAtMost(request.body, limit);
  return isWhole ? bytes : undefined;
}

/** At most so many bytes of a body, and whether these are all. The rest is thrown away. */
export async function readAtMost(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isWhole = true;
  for await (const chunk of body ?? []) {
    isWhole = chunk.length <= limit - size;
    chunks.push(chunk.subarray(0, limit - size));
    size = Math.min(size + chunk.length, limit);
    // Leaving the loop cancels the stream.
    if (!isWhole) break;
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return { bytes, isWhole };
}
