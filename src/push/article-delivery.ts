import { endpointOwner } from '../access/secrets.ts';
import { type Bindings, deskOf } from '../bindings.ts';
import { filtersOfPartner, isWanted } from '../desk/contract/filters.ts';
import { type Article, type Instant, isTombstone, type Tombstone, toCard } from '../domain/article.ts';
import { MAX_ARTICLE_BYTES } from '../domain/article-size.ts';
import type { PartnerRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { fitsIn } from '../text/bytes.ts';
import type { RenderedTopics } from './feed-delivery.ts';
import type { Outcome, PendingDelivery, Render } from './messages.ts';
import { isWorthWaiting, POSTPONED_FOR_KV, post, postponedFor } from './post.ts';
import { secretOf, webhookHeaders } from './signing.ts';

type Shown = Article | Tombstone | Pick<Tombstone, 'id' | 'version' | 'status'>;

/**
 * Sends a partner an article as `/articles/{id}` returns it, as a Standard Webhook. The event depends on what this
 * partner accepted before: `article.published` for the first version it may show, `article.updated` for a newer one,
 * `article.withdrawn` for an article that it may no longer show, whatever the reason.
 */
export async function deliverArticle(
  delivery: PendingDelivery,
  env: Bindings,
  { render, store, topics }: { render: Render; store: Store; topics: RenderedTopics },
  onSend: () => void,
): Promise<Outcome> {
  const response = await render(`/articles/${delivery.articleId}`);
  const article = await readArticle(response);
  if (article === undefined) return postponedFor('the article could not be read', delivery);
  // Feeds that were rendered before may contain the article.
  if (article?.status === 'withdrawn') topics.withdraw(article as Tombstone);
  const isOld = article === null ? delivery.shown === null : article.version < delivery.sequence;
  if (isOld && isWorthWaiting(delivery)) return POSTPONED_FOR_KV;
  const partner = await store.readPartner(delivery.topic);
  const wait = secondsLeft(article, partner, delivery);
  if (wait > 0) return { result: 'postponed', wait };
  const mayShow = await isShown(article, partner, env);
  const event = eventOf(article, delivery, mayShow);
  if (event === undefined) return { result: 'unneeded' };
  const body = write(event, delivery.changedAt);
  const secret = await secretOf(env, endpointOwner(delivery.topic), delivery.secret ?? '');
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    ...(await webhookHeaders(secret, delivery.deliveryId, Date.now(), body)),
  };
  const posted = await post(env, delivery, headers, body, onSend);
  if (posted.result !== 'accepted') return posted;
  const shown = event.type === 'article.withdrawn' ? null : event.data.version;
  return { result: 'told', shown, milliseconds: posted.milliseconds };
}

/**
 * The event as JSON of at most `MAX_ARTICLE_BYTES`, like everything else that shows an article. One that an earlier release
 * stored and that is larger is sent without its body: its card, with its URL.
 */
function write({ type, data }: PartnerEvent, timestamp: Instant): string {
  const text = JSON.stringify({ type, timestamp, data });
  if (!('body' in data) || fitsIn(MAX_ARTICLE_BYTES, text)) return text;
  return JSON.stringify({ type, timestamp, data: toCard(data) });
}

interface PartnerEvent {
  type: string;
  data: Shown;
}

function eventOf(
  article: Article | Tombstone | null,
  delivery: PendingDelivery,
  mayShow: boolean,
): PartnerEvent | undefined {
  const { shown, articleId, sequence } = delivery;
  // Every partner gets a withdrawal, because it may have the article from a feed.
  if (article?.status === 'withdrawn') return { type: 'article.withdrawn', data: article };
  if (article !== null && mayShow) {
    if (article.version === shown) return undefined;
    return { type: shown === null ? 'article.published' : 'article.updated', data: article };
  }
  // Embargoed again, or no longer for this partner: nothing changed for a partner that never had it.
  if (shown === null) return undefined;
  return { type: 'article.withdrawn', data: { id: articleId, version: sequence, status: 'withdrawn' } };
}

/**
 * Whether a partner's settings and the article's rights allow the partner to have the article. The article does not say
 * from whom it is withheld, so the Desk is asked.
 */
async function isShown(
  article: Article | Tombstone | null,
  partner: PartnerRecord | null,
  env: Bindings,
): Promise<boolean> {
  if (article === null || partner === null || isTombstone(article)) return false;
  if (!isWanted(filtersOfPartner(partner, Date.now()), article)) return false;
  return !(await deskOf(env).isWithheld(article.id, partner));
}

/** The remaining seconds of a partner's delay for an article. A withdrawal is never delayed. */
function secondsLeft(
  article: Article | Tombstone | null,
  partner: PartnerRecord | null,
  { changedAt }: PendingDelivery,
): number {
  if (partner === null || article === null || article.status === 'withdrawn') return 0;
  // If the clock was set back after the publication, the delay begins with the announced change, which counts as now.
  const from = Math.min(Date.parse((article as Article).publishedAt), Date.parse(changedAt));
  const left = Math.ceil((from - Date.now()) / 1_000) + partner.delay;
  return Math.min(partner.delay, Math.max(0, left));
}

/** The article or tombstone in a response of `/articles/{id}`; null when there is none, undefined when it failed. */
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
