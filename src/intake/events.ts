import { fingerprint, sha256, toHex } from '../access/encoding.ts';
import { compressDetail, detailJson } from '../desk/contract/detail.ts';
import type { Delivery, Revision } from '../desk/contract/messages.ts';
import type { Item } from '../dialects/dialect.ts';
import type { ArticleContent } from '../domain/article.ts';
import { excessOf, MAX_ARTICLE_BYTES } from '../domain/article-size.ts';
import type { Draft, Warning } from '../domain/draft.ts';
import { articleId } from '../domain/identity.ts';
import { Refusal } from '../domain/refusal.ts';
import type { PublisherProfile } from '../domain/site.ts';
import { normalize } from '../normalize/normalize.ts';

/** The largest normalized JSON of an article. A row of a Durable Object holds 2 MB, and the other columns need room. */
const MAX_CONTENT_BYTES = 1_500_000;

/**
 * Turns one item of a delivery into an event for the Desk: identified and normalized. The Desk settles its time, because
 * only the Desk knows the article's own.
 * @param warnings receives what was left out because of a limit; the preview tells of more
 */
export async function toEvent(
  { path, event }: Item,
  publisher: PublisherProfile,
  warnings: Warning[],
): Promise<Delivery['events'][number]> {
  if (event.kind === 'ignored' || event.kind === 'refused') return event;
  const revised = event.revisedAt !== undefined && { revisedAt: event.revisedAt };
  if (event.kind === 'withdrawn') {
    const { kind, sourceId, ifHeld = false } = event;
    const id = await articleId(publisher.id, sourceId);
    return { kind, id, publisher: publisher.id, sourceId, ...revised, ...(ifHeld && { ifHeld }) };
  }
  const made = await toRevision(event.draft, publisher, path);
  if (made instanceof Refusal) return { kind: 'refused', issues: [...(made.details.issues ?? [])] };
  warnings.push(...(event.warnings ?? []), ...made.warnings.filter(({ code }) => code === 'list-shortened'));
  const id = await articleId(publisher.id, event.draft.id);
  return { kind: event.kind, id, ...revised, revision: made.revision };
}

/**
 * The hash of what an item was read from; undefined when its dialect does not say, or when that is nested too deeply.
 * @param arounds the hashes of what items of this document inherit
 */
export async function sourceOf(
  { source }: Item,
  arounds: Map<object | undefined, string>,
): Promise<string | undefined> {
  if (source === undefined) return undefined;
  const { part, around } = source;
  try {
    const inherited = arounds.get(around) ?? (await fingerprint(JSON.stringify(around ?? null)));
    arounds.set(around, inherited);
    return await fingerprint(inherited + JSON.stringify(part));
  } catch (error) {
    // JSON.stringify uses the stack; JSON.parse does not.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Turns a draft into a revision for the Desk: normalized, measured and hashed.
 * @param draftPath the draft's path in the body, for the paths of issues; empty when the draft is the whole body
 */
export async function toRevision(
  draft: Draft,
  publisher: PublisherProfile,
  draftPath: string,
): Promise<{ revision: Revision; content: ArticleContent; warnings: Warning[] } | Refusal> {
  const normalized = await normalize(draft, publisher);
  if ('issues' in normalized) {
    const issues = normalized.issues.map(({ path, message }) => ({ path: pathIn(draftPath, path), message }));
    return new Refusal('invalid', { issues });
  }
  const { content, warnings } = normalized;
  const tooLarge = (message: string) =>
    new Refusal('invalid', { issues: [{ path: pathIn(draftPath, 'body.content'), message }] });
  const excess = excessOf(content);
  if (excess !== undefined) {
    return tooLarge(
      `may have ${excess.bytes} bytes as ${excess.form}, where characters such as & and < are escaped; the limit is ${MAX_ARTICLE_BYTES} bytes. Split the article, or send fewer characters and less markup`,
    );
  }
  const { body, related, corrections, translations, publishedAt, updatedAt, ...card } = content;
  const detail = detailJson({ body, related, corrections, translations });
  // Without `updatedAt`: the same words sent again at another time are `unchanged`.
  const hashed = new TextEncoder().encode(JSON.stringify([card, publishedAt ?? null, detail]));
  if (hashed.length > MAX_CONTENT_BYTES) {
    return tooLarge(
      `is ${hashed.length} bytes as normalized JSON; the limit is ${MAX_CONTENT_BYTES} bytes. Send less markup or split the article`,
    );
  }
  const revision: Revision = {
    hash: toHex(await sha256(hashed)),
    card,
    detail: await compressDetail(detail),
    bytes: hashed.length,
    ...(publishedAt !== undefined && { publishedAt }),
    ...(updatedAt !== undefined && { updatedAt }),
  };
  return { revision, content, warnings };
}

const pathIn = (parent: string, path: string): string => (parent === '' ? path : `${parent}.${path}`);
