import { Refusal } from '../domain/refusal.ts';

/**
 * How many deliveries one isolate works on at once. They wait for the one Desk, and each may hold a few MiB of the
 * isolate's 128: more at once are done no sooner.
 */
const MAX_AT_ONCE = 64;

/** Longer than any delivery takes. Work whose sender hung up is dropped without a word, and never reports its end. */
const MAX_MILLISECONDS = 30_000;

/** When each of those under way began. */
const underWay = new Map<symbol, number>();

/** Does a delivery's work, unless too many are under way: then its sender is to come back. */
export async function admit<Result>(now: number, work: () => Promise<Result>): Promise<Result | Refusal> {
  if (underWay.size >= MAX_AT_ONCE) forgetDropped(now);
  if (underWay.size >= MAX_AT_ONCE) {
    return new Refusal('unavailable', {
      detail: 'Too many deliveries at once. Send the same delivery again in a moment.',
      headers: { 'Retry-After': '2' },
    });
  }
  const delivery = Symbol('delivery');
  underWay.set(delivery, now);
  try {
    return await work();
  } finally {
    underWay.delete(delivery);
  }
}

function forgetDropped(now: number): void {
  for (const [delivery, began] of underWay) if (now - began > MAX_MILLISECONDS) underWay.delete(delivery);
}
