import { reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { deskOf } from '../../src/bindings.ts';
import type { CardContent, Delivery, Filters, Outcome, Revision } from '../../src/desk/contract/messages.ts';
import type { Desk } from '../../src/desk/desk.ts';
import type { Article, Tombstone } from '../../src/domain/article.ts';
import type { Scope } from '../../src/domain/site.ts';
import { store } from '../client.ts';

export const desk = () => deskOf(env);

/** 16 characters of Crockford base 32 for a short test name. */
export const idOf = (name: string): string => name.padEnd(16, '0');

let deliveries = 0;

interface Content extends Partial<CardContent> {
  text?: string;
  publishedAt?: string;
  updatedAt?: string;
}

/** A revision as intake would hand it over; equal content has an equal hash. */
export function revisionOf(content: Content = {}): Revision {
  const { text = 'Body.', publishedAt, updatedAt, ...card } = content;
  const full: CardContent = {
    publisher: 'gazette',
    sourceId: '1',
    language: 'en',
    direction: 'ltr',
    headline: 'A headline',
    authors: [],
    tags: [],
    wordCount: 1,
    readingMinutes: 1,
    ...card,
  };
  const body = [{ type: 'paragraph', content: [{ type: 'text', text }] }];
  const detail = JSON.stringify({ body, related: [], corrections: [], translations: [] });
  return {
    hash: JSON.stringify([full, publishedAt, detail]),
    card: full,
    detail,
    bytes: detail.length,
    ...(publishedAt && { publishedAt }),
    ...(updatedAt && { updatedAt }),
  };
}

const arrival = { source: 'native', signature: 'standard-webhooks', milliseconds: 3 } as const;

/** Delivers events of the publisher `gazette` together, under a delivery id of their own. */
export const deliverAll = (events: Delivery['events'], deliveryId = `delivery-${++deliveries}`) =>
  desk().receive({ publisher: 'gazette', id: deliveryId, arrival, events });

/** Delivers one event. @returns its outcome */
export async function deliver(event: Delivery['events'][number], deliveryId?: string): Promise<Outcome> {
  const { outcomes } = await deliverAll([event], deliveryId);
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error('A delivery of one article has one outcome.');
  return outcome;
}

/** `revisedAt` is undefined for a sender that gives no time. */
export const published = (name: string, revisedAt: string | undefined, content?: Content) =>
  deliver({
    kind: 'published',
    id: idOf(name),
    ...(revisedAt && { revisedAt }),
    revision: revisionOf(content),
  });

export const updated = (name: string, revisedAt: string | undefined, content?: Content) =>
  deliver({
    kind: 'updated',
    id: idOf(name),
    ...(revisedAt && { revisedAt }),
    revision: revisionOf(content),
  });

export const withdrawn = (name: string, revisedAt: string | undefined) =>
  deliver({
    ...{ kind: 'withdrawn', id: idOf(name), publisher: 'gazette', sourceId: name },
    ...(revisedAt && { revisedAt }),
  });

/** What is asked of the Desk: articles on a list of each of these kinds, and on none of those. */
export const filtersFor = (include: Filters['include'], exclude: Filters['exclude'] = {}): Filters => ({
  include,
  exclude,
});

/** Until what was just acknowledged is due to be written. */
export const gathered = () => scheduler.wait(120);

/** Runs the alarm until nothing is due, as the platform would. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 50; round += 1) {
    await runDurableObjectAlarm(desk());
    const { pending } = await desk().backlog();
    if (pending === 0) return;
    await scheduler.wait(50);
  }
  throw new Error('The outbox does not empty.');
}

/** Replaces the Desk by a new one, and waits until KV has the records that every site has. */
export async function freshDesk(): Promise<void> {
  await reset();
  await settle();
}

export const inKv = (name: string): Promise<Article | Tombstone | null> => store().readArticle(idOf(name));

export const cardsIn = async (scope: Scope): Promise<string[]> => {
  const feed = await store().readFeed(scope);
  return feed === null ? [] : feed.cards(100).map((card) => card.id);
};

/** Makes it seem later to the Desk's dates: shifts a column of one article. */
export async function passTime(name: string, column: 'embargo_until' | 'expires_at'): Promise<void> {
  await runInDurableObject(desk(), (_instance: Desk, state) => {
    const past = new Date(Date.now() - 1_000).toISOString();
    state.storage.sql.exec(`UPDATE articles SET ${column} = ? WHERE id = ?`, past, idOf(name));
  });
}
