/**
 * Reads the raw bytes of a request's body. Reads nothing when `Content-Length` exceeds the limit; whatever that header
 * says, never holds more than `limit` bytes.
 * @returns undefined when the body is larger than `limit`
 */
export async function readBody(
  request: Request,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(request.headers.get('Content-Length') ?? 0) > limit) return undefined;
  const { bytes, isWhole } = await readAtMost(request.body, limit);
  return isWhole ? bytes : undefined;
}

/** Reads at most `limit` bytes of a body and cancels the rest. `isWhole` is true when nothing was left. */
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
