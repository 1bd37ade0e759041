import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Client } from './client.ts';
import { Failure, Unreachable } from './failure.ts';

export interface Delivery {
  id: string;
  /** What people know it by. */
  label: string;
  payload: string;
}

type Settled = Exclude<Answer, { kind: 'busy' }>;

const TRIES = 8;
const LONGEST_WAIT = 300_000;

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
    let wait = 500 * 2 ** tries;
    let failure: Failure;
    try {
      const answer = await client.post(id, payload);
      if (answer.kind !== 'busy') return answer;
      wait = answer.retryAfter ?? wait;
      failure = new Failure(`The site is busy (${answer.reason}). Try again later.`);
      if (wait > LONGEST_WAIT) {
        failure = new Failure(
          `The site asks to be left alone for ${Math.ceil(wait / 60_000)} minutes (${answer.reason}).`,
        );
      }
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      failure = error;
    }
    if (tries === TRIES || wait > LONGEST_WAIT || isStopped()) throw failure;
    // An unreachable site is given some seconds only: who started the command is waiting for it.
    if (failure instanceof Unreachable && tries >= 4) throw failure;
    gate.close(wait);
  }
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
