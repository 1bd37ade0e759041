import { deskOf } from '../../src/bindings.ts';
import type { Delivery, Revision } from '../../src/desk/contract/messages.ts';
import type { Draft } from '../../src/domain/draft.ts';
import { articleId } from '../../src/domain/identity.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { toRevision } from '../../src/intake/events.ts';
import type { Handler } from './bindings.ts';
import type { Seeding } from './messages.ts';

/** Concurrent calls to the Desk. */
const AT_ONCE = 50;

/** An agency's publishers. They send nothing themselves, so they need no secret. */
const PUBLISHERS = Array.from({ length: 20 }, (_each, index) => `publisher-${index}`);

/** `POST /seed`: passes articles to the Desk as intake does, without HTTP. */
export const seed: Handler = async (request, env) => {
  const seeding = (await request.json()) as Seeding;
  const revisions = await Promise.all(seeding.templates.map(normalized));
  const desk = deskOf(env);
  if (seeding.from === 0) {
    for (const id of PUBLISHERS) await desk.savePublisher({ id, name: `The ${id}` }, { sealed: '' });
  }
  const numbers = Array.from({ length: seeding.to - seeding.from }, (_each, index) => seeding.from + index);
  const queue = numbers.values();
  const worker = async () => {
    for (const number of queue) {
      const revision = revisions[number % revisions.length];
      if (revision === undefined) throw new Error('There are no templates.');
      const outcome = await desk.receive(await delivery(revision, number, seeding));
      if (outcome.status !== 'accepted') throw new Error(`Article ${number} was ${outcome.status}.`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return new Response(String(numbers.length));
};

/** `/backlog`: how many keys the outbox still has to write. */
export const backlog: Handler = async (_request, env) => Response.json(await deskOf(env).backlog());

async function normalized(draft: Draft): Promise<Revision> {
  const made = await toRevision(draft, { id: 'publisher', name: 'Publisher' }, 'data');
  if (made instanceof Refusal) throw new Error(JSON.stringify(made.details));
  return made.revision;
}

/** One of an agency's articles: 12 sections, 500 tags and 200 authors. */
async function delivery(revision: Revision, number: number, { start, step }: Seeding): Promise<Delivery> {
  const publisher = PUBLISHERS[number % PUBLISHERS.length] ?? '';
  const sourceId = String(number);
  const publishedAt = new Date(start + number * step).toISOString();
  const card = {
    ...revision.card,
    publisher,
    sourceId,
    headline: `${revision.card.headline} ${number}`,
    section: `Section ${number % 12}`,
    tags: [3, 7, 11].map((factor) => `Tag ${(number * factor) % 500}`),
    authors: [{ name: `Author ${number % 200}` }],
  };
  return {
    publisher,
    id: `seed-${number}`,
    arrival: { source: 'native', signature: 'standard-webhooks', milliseconds: 0 },
    events: [
      {
        kind: 'published',
        id: await articleId(publisher, sourceId),
        revisedAt: publishedAt,
        revision: {
          ...revision,
          card,
          hash: `${revision.hash.slice(0, 48)}${sourceId.padStart(16, '0')}`,
          publishedAt,
        },
      },
    ],
  };
}
