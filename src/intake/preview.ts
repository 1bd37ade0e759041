import { settlePublishedAt, settleRevisedAt, settleUpdatedAt, statusAt } from '../desk/contract/revision.ts';
import type { Item } from '../dialects/dialect.ts';
import type { Article } from '../domain/article.ts';
import { sharedIssues, type Warning } from '../domain/draft.ts';
import { articleId, articlePath } from '../domain/identity.ts';
import { Refusal } from '../domain/refusal.ts';
import type { PublisherProfile } from '../domain/site.ts';
import { NO_STORE } from '../http/problem.ts';
import { toRevision } from './events.ts';

/** Responds with the articles that a delivery would create: a single one as an object, several as a list. */
export async function previewItems(
  items: readonly Item[],
  publisher: PublisherProfile,
  origin: string,
  now: number,
): Promise<Response | Refusal> {
  const previews = [];
  for (const item of items) previews.push(await preview(item, publisher, origin, now));
  const [only] = previews;
  if (only !== undefined && previews.length === 1) {
    return only instanceof Refusal ? only : Response.json(only, { headers: NO_STORE });
  }
  const lists = sharedIssues(
    previews.map((each) => (each instanceof Refusal ? (each.details.issues ?? []) : [])),
  );
  const articles = previews.map((each, index) =>
    each instanceof Refusal ? { issues: lists[index] ?? [] } : each,
  );
  return Response.json({ articles }, { headers: NO_STORE });
}

async function preview(
  { path, event }: Item,
  publisher: PublisherProfile,
  origin: string,
  now: number,
): Promise<{ article: Article; warnings: Warning[] } | Refusal> {
  if (event.kind === 'refused') return new Refusal('invalid', { issues: event.issues });
  if (event.kind === 'withdrawn' || event.kind === 'ignored') {
    const message = 'must be article.published or article.updated for a preview';
    const why = event.kind === 'ignored' ? event.why : undefined;
    return new Refusal('invalid', { issues: [{ path: 'type', message }, ...(why ? [why] : [])] });
  }
  const made = await toRevision(event.draft, publisher, path);
  if (made instanceof Refusal) return made;
  const at = new Date(now).toISOString();
  const { publishedAt, warnings } = settlePublishedAt(at, made.revision, undefined);
  const revised = settleRevisedAt(at, event.revisedAt, undefined);
  const id = await articleId(publisher.id, event.draft.id);
  const { embargoUntil = null, expiresAt = null } = made.content;
  const article: Article = {
    id,
    version: 1,
    status: statusAt(at, { embargoUntil, expiresAt, publisherWithdrew: false, operatorWithdrew: false }),
    url: origin + articlePath(id, made.content.headline),
    ...made.content,
    publishedAt,
    updatedAt: settleUpdatedAt(at, made.content.updatedAt, { publishedAt, revisedAt: undefined }),
  };
  return {
    article,
    warnings: [...(event.warnings ?? []), ...made.warnings, ...warnings, ...revised.warnings],
  };
}
