import { setTimeout as sleep } from 'node:timers/promises';
import { each, load } from '../load.ts';
import { type Contestant, compare } from '../rounds.ts';
import { type Row, ratioFigure } from './row.ts';
import type { Stage } from './stage.ts';

/** From webhook to acknowledgement, compared with checking a signature and storing one row in a Durable Object. */
export const ingest: Row = {
  name: 'ingest',
  quick: true,
  async run(stage, { webhookRounds: rounds, webhooks }) {
    const { workerd } = stage;
    const alone: Run = (url, requests) => acknowledged(stage, url, requests);
    const crowd: Run = (url, requests) => load(url, each(requests), 202);
    const [floor, counted, ours] = await compare(
      workerd,
      SENT_TO.map((path) => contestant(stage, path, alone, webhooks / 8)),
      rounds,
    );
    const crowds = [FLOOR, OURS].map((path) => contestant(stage, path, crowd, webhooks));
    return {
      title: 'Webhook to acknowledgement, beside one row stored',
      how: 'Webhooks for the same processor time, as a multiple of those of a Worker that checks the same signature and stores one row in a Durable Object.',
      figures: [
        ratioFigure('until it is acknowledged', [floor, ours], { atLeast: 0.6 }),
        ratioFigure('the same, the floor counting deliveries, too', [counted, ours]),
        ratioFigure('sixteen at once, KV being written', await compare(workerd, crowds, rounds)),
      ],
    };
  },
};

type Run = (url: URL, requests: readonly Buffer[]) => ReturnType<typeof load>;

const FLOOR = 'receive';
const OURS = undefined;
/** Miniflare counts deliveries in a Durable Object; Cloudflare does it on the machine that runs the Worker. */
const SENT_TO = [FLOOR, 'receive-limited', OURS] as const;

/** A contestant that gets `count` new articles in each turn: a floor by its path, or Dateline. */
function contestant(
  { newsroom, url }: Stage,
  floor: string | undefined,
  run: Run,
  count: number,
): Contestant {
  const path = floor && `/${floor}/${encodeURIComponent(newsroom.secret)}`;
  return {
    name: floor ?? 'ours',
    // The previous turn's outbox must not count in this turn.
    prepare: () => newsroom.settle(),
    run: () => {
      const requests = Array.from({ length: Math.ceil(count) }, () => newsroom.webhook(path).request);
      return run(url(floor === undefined ? 'hot' : 'bench'), requests);
    },
  };
}

/** Milliseconds before a webhook, in which the outbox writes what the previous one changed, if KV's limits allow. */
const BREATH = 250;

/**
 * Sends webhooks one after the other, with a pause between them. The cost is the processor time until the
 * acknowledgement, including what the outbox does until then.
 */
async function acknowledged({ workerd }: Stage, url: URL, requests: readonly Buffer[]) {
  const latencies: number[] = [];
  let cost = 0;
  for (const request of requests) {
    await sleep(BREATH);
    const before = workerd.processorTime();
    const { latencies: own } = await load(url, each([request]), 202, 1);
    cost += workerd.processorTime() - before;
    latencies.push(...own);
  }
  const milliseconds = latencies.reduce((sum, latency) => sum + latency, 0);
  return { requests: requests.length, milliseconds, latencies, cost: cost / requests.length };
}
