import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Client } from './client.ts';
import type { Delivery } from './payload.ts';
import { Failure, Unreachable } from './report.ts';

type Settled = Exclude<Answer, { kind: 'busy' }>;

const TRIES_WHEN_BUSY = 8;
/** Seven seconds in all: whoever gave the command is waiting to hear that nothing is there. */
const TRIES_WHEN_UNREACHABLE = 4;
const MIN_WAIT = 200;
const MAX_WAIT = 300_000;

/**
 * Sends deliveries with so many in flight, taking each from the source only when there is room for it. A busy site
 * is left alone by all of them for as long as it asks (`Retry-After`), else ever longer.
 * @param settle told what became of each, once
 * @throws Failure when the site does not answer, does not take the signature, or stays busy; nothing is sent after
 */
export async function dispatch(
  deliveries: AsyncIterable<Delivery>,
  client: Pick<Client, 'post'>,
  atOnce: number,
  settle: (delivery: Delivery, answer: Settled) => void,
): Promise<void> {
  const queue = deliveries[Symbol.asyncIterator]();
  const gate = new Gate();
  let failure: unknown;
  const isStopped = () => failure !== undefined;
  const work = async () => {
    try {
      while (!isStopped()) {
        const { done, value } = await queue.next();
        if (done) return;
        settle(value, await sendPatiently(client, value, gate, isStopped));
      }
    } catch (error) {
      // The first tells why; the others stop because of it.
      failure ??= error;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (isStopped()) throw failure;
}

async function sendPatiently(
  client: Pick<Client, 'post'>,
  { id, payload }: Delivery,
  gate: Gate,
  isStopped: () => boolean,
): Promise<Settled> {
  for (let tries = 1; ; tries += 1) {
    await gate.passed();
    if (isStopped()) throw new Failure('Stopped.');
    let setback: { failure: Failure; mostTries: number; wait?: number | undefined };
    try {
      const answer = await client.post(id, payload);
      if (answer.kind !== 'busy') return answer;
      setback = { failure: tooBusy(answer), mostTries: TRIES_WHEN_BUSY, wait: answer.retryAfter };
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      setback = { failure: error, mostTries: TRIES_WHEN_UNREACHABLE };
    }
    const wait = Math.max(setback.wait ?? 500 * 2 ** tries, MIN_WAIT);
    if (tries === setback.mostTries || wait > MAX_WAIT) throw setback.failure;
    gate.close(wait);
  }
}

function tooBusy({ reason, retryAfter = 0 }: Extract<Answer, { kind: 'busy' }>): Failure {
  const wait =
    retryAfter > MAX_WAIT
      ? `asks to be left alone for ${Math.ceil(retryAfter / 60_000)} minutes`
      : 'stays busy';
  return new Failure(`The site ${wait} (${reason}). Try again later.`);
}

/** Holds everybody back until the latest time that anyone was asked to wait for. */
class Gate {
  #until = 0;

  close(milliseconds: number): void {
    this.#until = Math.max(this.#until, Date.now() + milliseconds);
  }

  async passed(): Promise<void> {
    for (let wait = this.#until - Date.now(); wait > 0; wait = this.#until - Date.now()) await sleep(wait);
  }
}
