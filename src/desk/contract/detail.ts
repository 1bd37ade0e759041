import { readAtMost } from '../../access/bounded-body.ts';
import type { Article } from '../../domain/article.ts';

/** The members that only a full article has. Lists do not need them. */
export type Detail = Pick<Article, 'body' | 'related' | 'corrections' | 'translations'>;

/** The largest detail as JSON in UTF-8. Intake accepts less, so a larger one is corrupt. */
export const MAX_DETAIL_BYTES = 4_000_000;

/** The JSON of a detail. Its members have one order, so equal details have equal texts. */
export const detailJson = ({ body, related, corrections, translations }: Detail): string =>
  JSON.stringify({ body, related, corrections, translations } satisfies Detail);

/** Compresses a detail's JSON with gzip, as the Desk stores it. */
export async function compressDetail(json: string): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = new Blob([json]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}

/**
 * The JSON of a compressed detail. Asynchronous, so it never runs in a transaction, and its caller reads again what may
 * have changed. Throws when the bytes are not gzip, or when they expand to more than `MAX_DETAIL_BYTES`.
 */
export async function expandDetail(gzip: Uint8Array<ArrayBuffer> | ArrayBuffer): Promise<string> {
  const expanded = new Blob([gzip]).stream().pipeThrough(new DecompressionStream('gzip'));
  const { bytes, isWhole } = await readAtMost(expanded, MAX_DETAIL_BYTES);
  if (!isWhole) throw new Error(`A body expands to more than ${MAX_DETAIL_BYTES} bytes.`);
  return new TextDecoder().decode(bytes);
}

/** The size of a gzip's content in bytes: its last four bytes say it (RFC 1952, section 2.3.1). */
export function expandedSize(gzip: Uint8Array<ArrayBuffer>): number {
  return new DataView(gzip.buffer, gzip.byteOffset, gzip.byteLength).getUint32(gzip.byteLength - 4, true);
}
