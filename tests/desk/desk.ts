import { reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { deskOf } from '../../src/bindings.ts';
import type { CardContent, Delivery, Filters, Outcome, Revision } from '../../src/desk/contract/messages.ts';
import type { Desk } from '../../src/desk/desk.ts';
import type { RebuildProgress } from '../../src/desk/jobs/rebuild.ts';
import type { Article, Tombstone } from '../../src/domain/article.ts';
import type { Scope } from '../../src/domain/site.ts';
import { store } from '../client.ts';

export const desk = () => deskOf(env);

/** 16 characters of Crockford base 32 for a short test name. */
export const idOf = (name: string): string => name.padEnd(16, '0');

let deliveries = 0;

/** The most bytes of a stored block. */
const MAX_STORED = 65_535;

/** A gzip of a text in stored blocks (RFC 1951, section 3.2.4): the platform's own compression is asynchronous. */
function gzip(text: string): Uint8Array<ArrayBuffer> {
  const content = new TextEncoder().encode(text);
  const blocks = Math.max(1, Math.ceil(content.length / MAX_STORED));
  const bytes = new Uint8Array(10 + 5 * blocks + content.length + 8);
  const view = new DataView(bytes.buffer);
  bytes.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  for (let index = 0, offset = 10; index < blocks; index += 1) {
    const block = content.subarray(index * MAX_STORED, (index + 1) * MAX_STORED);
    bytes[offset] = index === blocks - 1 ? 1 : 0;
    view.setUint16(offset + 1, block.length, true);
    view.setUint16(offset + 3, ~block.length & 0xff_ff, true);
    bytes.set(block, offset + 5);
    offset += 5 + block.length;
  }
  view.setUint32(bytes.length - 8, crc32(content), true);
  view.setUint32(bytes.length - 4, content.length, true);
  return bytes;
}

function crc32(content: Uint8Array): number {
  let crc = ~0;
  for (const byte of content) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xed_b8_83_20 : 0);
  }
  return ~crc >>> 0;
}

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
    detail: gzip(detail),
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

/** Runs the alarm until the rebuild is done. */
export async function rebuilt(): Promise<RebuildProgress> {
  for (let round = 0; round < 100; round += 1) {
    await runDurableObjectAlarm(desk());
    const progress = await desk().rebuildProgress();
    if (progress.state === 'done') return progress;
    await scheduler.wait(50);
  }
  throw new Error('The rebuild does not end.');
}

/** Executes a statement in the Desk's database. @returns its rows */
export const sql = (query: string, ...bindings: SqlStorageValue[]) =>
  runInDurableObject(desk(), (_instance: Desk, { storage }) =>
    storage.sql.exec(query, ...bindings).toArray(),
  );

/** Replaces the Desk by a new one, and waits until KV has the records that every site has. */
export async function freshDesk(): Promise<void> {
  await reset();
  await settle();
}

/** An article or tombstone as the Desk answers it. */
export const inDesk = async (name: string): Promise<Article | Tombstone | null> => {
  const [found = null] = await desk().values([`article:${idOf(name)}`]);
  if (typeof found === 'string') return JSON.parse(found);
  if (found !== null && 'unavailable' in found) throw new Error(found.unavailable);
  return null;
};

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
