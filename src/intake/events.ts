import type { Delivery } from '../desk/contract/messages.ts';
import type { Item } from '../dialects/dialect.ts';
import { articleId } from '../domain/identity.ts';
import { Refusal } from '../domain/refusal.ts';
import type { PublisherProfile } from '../domain/site.ts';
import { toRevision } from './revision.ts';

/** What a sender says of an article as the Desk takes it: identified, normalized, and timed. */
export async function toEvent(
  { path, event }: Item,
  publisher: PublisherProfile,
  now: number,
): Promise<Delivery['events'][number]> {
  if (event.kind === 'ignored' || event.kind === 'refused') return event;
  const revisedAt = event.revisedAt ?? new Date(now).toISOString();
  if (event.kind === 'withdrawn') {
    const { kind, sourceId, ifHeld = false } = event;
    const id = await articleId(publisher.id, sourceId);
    return { kind, id, publisher: publisher.id, sourceId, revisedAt, ...(ifHeld && { ifHeld }) };
  }
  const made = await toRevision(event.draft, publisher, path);
  if (made instanceof Refusal) return { kind: 'refused', issues: [...(made.details.issues ?? [])] };
  const id = await articleId(publisher.id, event.draft.id);
  return { kind: event.kind, id, revisedAt, revision: made.revision };
}
