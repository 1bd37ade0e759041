import { expect } from 'vitest';
import type { Dialect, DraftEvent, Item } from '../../src/dialects/dialect.ts';
import { readPayload } from '../../src/dialects/payload.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import type { Draft } from '../../src/domain/draft.ts';
import type { DialectName } from '../../src/domain/publisher.ts';
import { Refusal } from '../../src/domain/refusal.ts';

/** A delivery as it is read: by which source, and what of each article. */
export interface Read {
  source: DialectName;
  items: Item[];
}

/** Reads a body as a publisher's that names no source, or this one. */
export function read(
  body: string | Uint8Array<ArrayBuffer> | object,
  type = 'application/json',
  { headers = {}, source }: { headers?: Record<string, string>; source?: DialectName } = {},
): Read | Refusal {
  const text = typeof body === 'object' && !(body instanceof Uint8Array) ? JSON.stringify(body) : body;
  const bytes = typeof text === 'string' ? Uint8Array.from(new TextEncoder().encode(text)) : text;
  const payload = readPayload(new Headers({ 'Content-Type': type, ...headers }), bytes);
  if (payload instanceof Refusal) return payload;
  const chosen = dialectOf(payload, source);
  if (chosen instanceof Refusal) return chosen;
  const items = chosen.read(payload);
  if (payload.kind === 'xml') expectSameStreamed(chosen, payload.text, items);
  return items instanceof Refusal ? items : { source: chosen.name, items };
}

const PIECES = 200;

/** Every document of XML that a test reads is read in pieces, too, as from a large file, and says the same. */
function expectSameStreamed(dialect: Dialect, text: string, whole: Item[] | Refusal): void {
  const stream = dialect.stream?.();
  if (stream === undefined) return;
  const length = Math.max(7, Math.ceil(text.length / PIECES));
  const pieces = text.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? [];
  for (const piece of pieces) stream.survey(piece);
  const refusal = stream.endSurvey();
  expect(refusal).toEqual(whole instanceof Refusal ? whole : undefined);
  if (whole instanceof Refusal) return;
  const items = pieces.flatMap((piece) => stream.read(piece));
  const cut = stream.end();
  // The item in which the document ends is refused in one, and the document's fault in the other.
  const complete = whole.filter(({ path }) => cut === undefined || cut.path === '' || path !== cut.path);
  const byPath = (one: Item, other: Item) => (one.path < other.path ? -1 : 1);
  expect(items.toSorted(byPath)).toEqual(complete.toSorted(byPath));
}

/** What a delivery of articles says of each. */
export function eventsOf(...given: Parameters<typeof read>): DraftEvent[] {
  const found = read(...given);
  if (found instanceof Refusal) throw new Error(`refused: ${JSON.stringify(found)}`);
  return found.items.map(({ event }) => event);
}

/** What a delivery of one article says. */
export function eventOf(...given: Parameters<typeof read>): DraftEvent {
  const [event, ...others] = eventsOf(...given);
  if (event === undefined || others.length > 0) throw new Error('Not one article.');
  return event;
}

/** The drafts of a delivery whose articles are all published or updated. */
export const draftsOf = (...given: Parameters<typeof read>): Draft[] =>
  eventsOf(...given).map((event) => {
    if (event.kind === 'published' || event.kind === 'updated') return event.draft;
    throw new Error(`${event.kind}: ${JSON.stringify(event)}`);
  });
