import type { Revision } from '../desk/contract/messages.ts';
import type { ArticleContent } from '../domain/article.ts';
import type { Draft, Warning } from '../domain/draft.ts';
import { Refusal } from '../domain/refusal.ts';
import type { PublisherProfile } from '../domain/site.ts';
import { normalize } from '../normalize/normalize.ts';

/** Normalized JSON over 1.5 MB is refused: a Durable Object's row holds 2 MB, and the rest of the row needs room. */
const CONTENT_LIMIT = 1_500_000;

/**
 * A draft as the Desk takes it: normalized, measured and hashed.
 * @param draftPath where the draft stands in the body, for the paths of issues; empty when it is the body
 */
export async function toRevision(
  draft: Draft,
  publisher: PublisherProfile,
  draftPath: string,
): Promise<{ revision: Revision; content: ArticleContent; warnings: Warning[] } | Refusal> {
  const normalized = await normalize(draft, publisher);
  if ('issues' in normalized) {
    const issues = normalized.issues.map(({ path, message }) => ({ path: under(draftPath, path), message }));
    return new Refusal('invalid', { issues });
  }
  const { content, warnings } = normalized;
  const { body, related, corrections, translations, publishedAt, updatedAt, ...card } = content;
  const detail = JSON.stringify({ body, related, corrections, translations });
  // `updatedAt` is left out: the same words sent again at another time are `unchanged`.
  const hashed = new TextEncoder().encode(JSON.stringify([card, publishedAt ?? null, detail]));
  if (hashed.length > CONTENT_LIMIT) {
    const message = `comes to ${hashed.length} bytes of normalized JSON; at most ${CONTENT_LIMIT} are kept. Send less markup or split the article`;
    return new Refusal('invalid', { issues: [{ path: under(draftPath, 'body.content'), message }] });
  }
  const revision: Revision = {
    hash: hex(await crypto.subtle.digest('SHA-256', hashed)),
    card,
    detail,
    bytes: hashed.length,
    ...(publishedAt !== undefined && { publishedAt }),
    ...(updatedAt !== undefined && { updatedAt }),
  };
  return { revision, content, warnings };
}

const under = (parent: string, path: string): string => (parent === '' ? path : `${parent}.${path}`);

const hex = (digest: ArrayBuffer): string =>
  [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
