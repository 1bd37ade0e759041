import { setTimeout as sleep } from 'node:timers/promises';
import { articleId } from '../../src/domain/identity.ts';
import { Connection } from '../http.ts';
import { PUBLISHER } from '../newsroom.ts';
import { quantile } from '../statistics.ts';
import { json } from './reading.ts';
import type { Row } from './row.ts';
import type { Stage } from './stage.ts';

const A_SECOND = 50;
const POLL_MS = 40;
/** An article not seen this long after the last webhook counts as lost. */
const ARRIVAL_TIMEOUT_MS = 30_000;

/** Fifty webhooks a second: how long after its acknowledgement an article is in the feed, and whether all arrive. */
export const freshness: Row = {
  name: 'freshness',
  quick: true,
  async run(stage, { freshnessSeconds }) {
    const acknowledged = new Map<string, number>();
    const seen = new Map<string, number>();
    const watching = new AbortController();
    const watched = watch(stage, seen, watching.signal);
    const late = await publish(stage, freshnessSeconds, acknowledged);
    const end = performance.now() + ARRIVAL_TIMEOUT_MS;
    while ([...acknowledged.keys()].some((id) => !seen.has(id)) && performance.now() < end) await sleep(100);
    watching.abort();
    await watched;
    const delays = [...acknowledged]
      .flatMap(([id, at]) => (seen.has(id) ? [Math.max(0, (seen.get(id) ?? 0) - at)] : []))
      .sort((a, b) => a - b);
    const found = await findAll(stage, [...acknowledged.keys()]);
    const seconds = `${acknowledged.size} webhooks in ${freshnessSeconds} s`;
    return {
      title: 'From acknowledgement to the feed',
      how: `${A_SECOND} webhooks a second; the feed is read every ${POLL_MS} ms, memory off.`,
      figures: [
        { name: 'p50', value: quantile(delays, 0.5), unit: 'ms', detail: seconds },
        { name: 'p99', value: quantile(delays, 0.99), unit: 'ms', aim: { atMost: 2_000 } },
        { name: 'longest', value: delays.at(-1) ?? Number.NaN, unit: 'ms' },
        {
          name: 'not acknowledged',
          value: freshnessSeconds * A_SECOND - acknowledged.size,
          unit: 'articles',
          aim: { atMost: 0 },
        },
        {
          name: 'never seen in the feed',
          value: acknowledged.size - delays.length,
          unit: 'articles',
          aim: { atMost: 0 },
          detail: 'it shows the newest 100',
        },
        { name: 'lost', value: acknowledged.size - found, unit: 'articles', aim: { atMost: 0 } },
        { name: 'p99 of webhooks sent late', value: quantile(late, 0.99), unit: 'ms' },
      ],
      plot: {
        x: 'per cent of the articles',
        y: 'milliseconds',
        lines: [
          {
            name: 'acknowledgement to feed',
            points: PERCENTS.map((percent) => [percent, quantile(delays, percent / 100)] as const),
          },
        ],
      },
    };
  },
};

const PERCENTS = [1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 100];

/** Sends the webhooks on time, without waiting for responses. @returns how late each was sent */
async function publish(
  { newsroom, url }: Stage,
  seconds: number,
  acknowledged: Map<string, number>,
): Promise<number[]> {
  const idle: Connection[] = [];
  const started = performance.now();
  const late: number[] = [];
  const send = async () => {
    const { sourceId, request } = newsroom.webhook();
    let connection = idle.pop();
    while (connection?.closed) connection = idle.pop();
    connection ??= await Connection.open(url('hot'));
    const status = await connection.exchange(request);
    if (status === 202) acknowledged.set(await articleId(PUBLISHER, sourceId), performance.now());
    idle.push(connection);
  };
  const sending: Promise<void>[] = [];
  for (let sent = 0; sent < seconds * A_SECOND; sent += 1) {
    const due = started + (sent * 1_000) / A_SECOND;
    await sleep(Math.max(0, due - performance.now()));
    late.push(performance.now() - due);
    sending.push(send());
  }
  await Promise.all(sending);
  for (const connection of idle) connection.close();
  return late.sort((a, b) => a - b);
}

/** Polls the feed's newest 100 until stopped, and records when each article first appeared. */
async function watch(stage: Stage, seen: Map<string, number>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const feed = await json<{ items: { id: string }[] }>(stage, '/feeds/all.json?limit=100&content=summary');
    const now = performance.now();
    for (const { id } of feed.items) {
      const article = id.replace('urn:dateline:', '');
      if (!seen.has(article)) seen.set(article, now);
    }
    await sleep(POLL_MS);
  }
}

/** How many of these articles are in `/changes` and can be read from KV. */
async function findAll(stage: Stage, ids: readonly string[]): Promise<number> {
  const changed = new Set<string>();
  for (let after: number | null = 0; after !== null; ) {
    const page: { changes: { id: string }[]; next: number | null } = await json(
      stage,
      `/changes?after=${after}&limit=1000`,
    );
    for (const { id } of page.changes) changed.add(id);
    after = page.next;
  }
  let found = 0;
  const queue = ids.values();
  const work = async () => {
    for (const id of queue) {
      const response = await fetch(new URL(`/articles/${id}`, stage.url('cold')));
      await response.arrayBuffer();
      if (response.ok && changed.has(id)) found += 1;
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return found;
}
