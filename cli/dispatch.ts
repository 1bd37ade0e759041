import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Client } from './client.ts';
import type { Delivery } from './payload.ts';
import { Failure, Unreachable } from './report.ts';

type Settled = Exclude<Answer, { kind: 'busy' }>;

const MAX_TRIES_BUSY = 8;
/** Seven seconds in total, because a person waits for the error. */
const MAX_TRIES_UNREACHABLE = 4;
const MIN_WAIT = 200;
const MAX_WAIT = 300_000;

/**
 * Sends deliveries, at most `atOnce` concurrently, and reads each from the source only when a worker is free. When the
 * site is busy, all workers wait as long as it requests (`Retry-After`), else with exponential backoff.
 * @param settle called once for each delivery, with the site's response
 * @throws Failure when the site is unreachable, rejects the signature, or stays busy; nothing is sent after that
 */
export async function dispatch(
  deliveries: AsyncIterable<Delivery>,
  client: Pick<Client, 'post'>,
  atOnce: number,
  settle: (delivery: Delivery, answer: Settled) => void,
): Promise<void> {
  const queue = deliveries[Symbol.asyncIterator]();
  const backoff = new Backoff();
  let failure: unknown;
  const isStopped = () => failure !== undefined;
  const work = async () => {
    try {
      while (!isStopped()) {
        const { done, value } = await queue.next();
        if (done) return;
        settle(value, await sendWithRetries(client, value, backoff, isStopped));
      }
    } catch (error) {
      // The first error is the cause; the other workers stop because of it.
      failure ??= error;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (isStopped()) throw failure;
}

async function sendWithRetries(
  client: Pick<Client, 'post'>,
  { id, payload }: Delivery,
  backoff: Backoff,
  isStopped: () => boolean,
): Promise<Settled> {
  for (let tries = 1; ; tries += 1) {
    await backoff.passed();
    if (isStopped()) throw new Failure('Stopped.');
    let attempt: { failure: Failure; maxTries: number; wait?: number | undefined };
    try {
      const answer = await client.post(id, payload);
      if (answer.kind !== 'busy') return answer;
      attempt = { failure: tooBusy(answer), maxTries: MAX_TRIES_BUSY, wait: answer.retryAfter };
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      attempt = { failure: error, maxTries: MAX_TRIES_UNREACHABLE };
    }
    const wait = Math.max(attempt.wait ?? 500 * 2 ** tries, MIN_WAIT);
    if (tries === attempt.maxTries || wait > MAX_WAIT) throw attempt.failure;
    backoff.pause(wait);
  }
}

function tooBusy({ reason, retryAfter = 0 }: Extract<Answer, { kind: 'busy' }>): Failure {
  const wait =
    retryAfter > MAX_WAIT ? `requests a wait of ${Math.ceil(retryAfter / 60_000)} minutes` : 'stays busy';
  return new Failure(`The site ${wait} (${reason}). Try again later.`);
}

/** Holds all workers back until the latest time that the site asked any of them to wait for. */
class Backoff {
  #until = 0;

  pause(milliseconds: number): void {
    this.#until = Math.max(this.#until, Date.now() + milliseconds);
  }

  async passed(): Promise<void> {
    for (let wait = this.#until - Date.now(); wait > 0; wait = this.#until - Date.now()) await sleep(wait);
  }
}
