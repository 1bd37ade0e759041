import { endpointOwner, openSecret } from '../access/secrets.ts';
import type { Bindings } from '../bindings.ts';
import { filtersOfPartner, isWanted } from '../desk/contract/filters.ts';
import type { Article, Tombstone } from '../domain/article.ts';
import type { PartnerRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { type Early, isWorthWaiting, post, STALE } from './delivery.ts';
import type { Outcome, Render, Work } from './messages.ts';
import { webhookHeaders } from './signatures.ts';

type Shown = Article | Tombstone | Pick<Tombstone, 'id' | 'version' | 'status'>;

/**
 * Tells a partner's endpoint of an article as `/articles/{id}` shows it, as a Standard Webhook. Which event it is
 * follows from what this partner was told before: the first it may show is `article.published`, a newer version
 * `article.updated`, and what it may not show any more `article.withdrawn`, whatever it was that took it away.
 */
export async function deliverArticle(
  work: Work,
  env: Bindings,
  { render, store }: { render: Render; store: Store },
): Promise<Outcome | Early> {
  const { number, sequence } = work;
  const response = await render(`/articles/${work.subject}`);
  const article = await readArticle(response);
  if (article === undefined) {
    return { number, sequence, result: 'failed', problem: 'the article could not be read' };
  }
  const isOld = article === null ? work.shown === null : article.version < sequence;
  if (isOld && isWorthWaiting(work)) return STALE;
  const partner = await store.readPartner(work.topic);
  const wait = secondsLeft(article, partner);
  if (wait > 0) return { wait };
  const event = eventOf(article, work, partner);
  if (event === undefined) return { number, sequence, result: 'unneeded' };
  const body = JSON.stringify({ type: event.type, timestamp: work.changedAt, data: event.data });
  const secret = await openSecret(env.SECRETS_KEY, endpointOwner(work.topic), work.secret ?? '');
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    ...(await webhookHeaders(secret, work.deliveryId, Date.now(), body)),
  };
  const posted = await post(env, work, headers, body);
  if (posted.result !== 'accepted') return { number, sequence, ...posted };
  const shown = event.type === 'article.withdrawn' ? null : event.data.version;
  return { number, sequence, result: 'told', shown };
}

function eventOf(
  article: Article | Tombstone | null,
  work: Work,
  partner: PartnerRecord | null,
): { type: string; data: Shown } | undefined {
  const { shown, subject, sequence } = work;
  // A takedown goes to everybody: a partner may have the article from a feed.
  if (article?.status === 'withdrawn') return { type: 'article.withdrawn', data: article };
  if (article !== null && mayShow(partner, article as Article)) {
    if (article.version === shown) return undefined;
    return { type: shown === null ? 'article.published' : 'article.updated', data: article };
  }
  // Under embargo again, or not for this partner any more: to those who never had it, nothing happened.
  if (shown === null) return undefined;
  return { type: 'article.withdrawn', data: { id: subject, version: sequence, status: 'withdrawn' } };
}

/** Whether a partner's settings and the article's rights let it have the article. */
const mayShow = (partner: PartnerRecord | null, article: Article): boolean =>
  partner !== null && isWanted(filtersOfPartner(partner, Date.now()), article);

/** How many seconds a partner has yet to wait for an article; a takedown waits for nobody. */
function secondsLeft(article: Article | Tombstone | null, partner: PartnerRecord | null): number {
  if (partner === null || article === null || article.status === 'withdrawn') return 0;
  const dueAt = Date.parse((article as Article).publishedAt) + partner.delay * 1_000;
  return Math.max(0, Math.ceil((dueAt - Date.now()) / 1_000));
}

/** What `/articles/{id}` shows; null when it shows nothing, undefined when it failed. */
async function readArticle(response: Response): Promise<Article | Tombstone | null | undefined> {
  switch (response.status) {
    case 200:
      return (await response.json()) as Article;
    case 410:
      return ((await response.json()) as { tombstone: Tombstone }).tombstone;
    default:
      await response.body?.cancel();
      return response.status === 404 ? null : undefined;
  }
}
