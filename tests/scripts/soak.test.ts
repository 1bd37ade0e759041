import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ArticleModel, type Event } from '../../scripts/soak/model.ts';
import { Random } from '../../scripts/soak/random.ts';
import type { Revision } from '../../src/desk/contract/messages.ts';
import { decide, type HeldArticle, type TimedEvent } from '../../src/desk/contract/revision.ts';

describe('the soak', () => {
  const draws = (random: Random) => Array.from({ length: 50 }, () => random.between(1, 1_000));

  test('draws the same for a seed and an actor, and something else for another of either', () => {
    const first = draws(Random.for(7, 'editor 1'));
    expect(draws(Random.for(7, 'editor 1'))).toEqual(first);
    expect(draws(Random.for(8, 'editor 1'))).not.toEqual(first);
    expect(draws(Random.for(7, 'editor 2'))).not.toEqual(first);
    expect(first.every((number) => number >= 1 && number <= 1_000)).toBe(true);
  });

  test('draws by weight', () => {
    const random = new Random(1);
    const drawn = Array.from({ length: 4_000 }, () => random.weighted({ often: 3, seldom: 1, never: 0 }));
    const often = drawn.filter((each) => each === 'often').length;
    expect(often).toBeGreaterThan(2_800);
    expect(often).toBeLessThan(3_200);
    expect(drawn).not.toContain('never');
  });

  /** What is sent of one article: kind, time and content by a small number each, and the operator between. */
  const step = fc.oneof(
    fc.record({
      type: fc.constantFrom('published' as const, 'updated' as const, 'withdrawn' as const),
      at: fc.nat(5),
      mark: fc.nat(3),
    }),
    fc.constantFrom('take down' as const, 'restore' as const),
  );

  test('has a model that answers as the Desk’s rules do, whatever is sent', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const model = new ArticleModel('gazette', '1');
        let held: HeldArticle | undefined;
        for (const each of steps) {
          if (typeof each === 'string') {
            if (held === undefined) continue;
            held = { ...held, operatorWithdrew: each === 'take down' };
            model.takeDown(held.operatorWithdrew);
            continue;
          }
          const decision = decide(held, toDesk(each));
          const answer = model.take(toModel(each));
          const accepted = decision === 'accept' || decision === 'withdraw';
          expect(answer).toBe(accepted ? 'accepted' : decision);
          held = after(held, each, decision);
        }
      }),
    );
  });
});

type Sent = { type: Event['type']; at: number; mark: number };

const iso = (at: number): string => new Date(at * 1_000).toISOString();

function toModel({ type, at, mark }: Sent): Event {
  if (type === 'withdrawn') return { type, revisedAt: at * 1_000 };
  return { type, revisedAt: at * 1_000, content: { mark: String(mark), section: 'City', tags: [] } };
}

function toDesk({ type, at, mark }: Sent): TimedEvent {
  const [id, revisedAt] = ['0000000000000001', iso(at)];
  if (type === 'withdrawn') return { kind: type, id, publisher: 'gazette', sourceId: '1', revisedAt };
  return { kind: type, id, revisedAt, revision: { hash: String(mark) } as Revision };
}

/** What the ledger holds after a decision. */
function after(
  held: HeldArticle | undefined,
  { at, mark }: Sent,
  decision: ReturnType<typeof decide>,
): HeldArticle | undefined {
  const revisedAt = iso(at);
  const before = held ?? {
    ...{ revisedAt, sentAt: null, contentHash: null, publishedAt: null, embargoUntil: null, expiresAt: null },
    ...{ publisherWithdrew: false, operatorWithdrew: false },
  };
  switch (decision) {
    case 'accept':
      return { ...before, revisedAt, contentHash: String(mark), publisherWithdrew: false };
    case 'withdraw':
      return { ...before, revisedAt, publisherWithdrew: true };
    case 'unchanged':
      return { ...before, revisedAt };
    default:
      return held;
  }
}
