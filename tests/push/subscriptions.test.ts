import { reset, runDurableObjectAlarm } from 'cloudflare:test';
import { beforeEach, describe, expect, test } from 'vitest';
import type { IntentRequest, PendingDelivery } from '../../src/push/messages.ts';
import { sqlOf, subscriptions, type TestQueue, withQueue } from './queue.ts';

let queue: TestQueue;

beforeEach(async () => {
  await reset();
  queue = await withQueue();
});

const TOPIC = 'https://news.example/feeds/all.json';

const intentOf = (change: Partial<IntentRequest> = {}): IntentRequest => ({
  mode: 'subscribe',
  topic: TOPIC,
  path: '/feeds/all',
  callback: 'https://partner.example/hook',
  secret: null,
  leaseSeconds: 3_600,
  ...change,
});

/** Asks, and confirms as the callback would. */
async function subscribe(change: Partial<IntentRequest> = {}): Promise<void> {
  await subscriptions().request(intentOf(change));
  const message = queue.taken.at(-1);
  if (message?.kind === 'verify') await subscriptions().confirm(message.intent);
}

const changed = (sequence: number) =>
  subscriptions().announce([{ kind: 'feed', path: '/feeds/all', sequence, at: '2026-11-20T10:00:00.000Z' }]);

const list = async () => (await subscriptions().list('', 100)).subscriptions;
const claimed = (): Promise<PendingDelivery[]> => subscriptions().claim(queue.deliveries);
const accept = ({ number, sequence }: PendingDelivery, digest = 'digest') =>
  subscriptions().settle([{ number, sequence, result: 'accepted', digest }]);

describe('the hub', () => {
  test('of two intents for a topic and callback the newer one counts', async () => {
    await subscriptions().request(intentOf({ secret: 'older' }));
    await subscriptions().request(intentOf({ secret: 'newer' }));
    const [older, newer] = queue.taken.map((message) => (message.kind === 'verify' ? message.intent : ''));
    expect(await subscriptions().intent(older ?? '')).toBeUndefined();
    await subscriptions().confirm(older ?? '');
    expect(await list()).toEqual([]);
    await subscriptions().confirm(newer ?? '');
    expect(await sqlOf((sql) => sql.exec('SELECT secret FROM subscriptions').one().secret)).toBe('newer');
  });

  test('calls a host at most 60 times a minute, whatever the port, and others meanwhile', async () => {
    for (let port = 1; port <= 60; port += 1) {
      expect(await subscriptions().request(intentOf({ callback: `https://victim.example:${port}/` }))).toBe(
        true,
      );
    }
    expect(await subscriptions().request(intentOf({ callback: 'https://victim.example/x' }))).toBe(false);
    expect(await subscriptions().request(intentOf())).toBe(true);
    await sqlOf((sql) => sql.exec('UPDATE intents SET created_at = created_at - 60000'));
    expect(await subscriptions().request(intentOf({ callback: 'https://victim.example/x' }))).toBe(true);
  });

  test('sends at most 600 verifications per minute', async () => {
    await subscriptions().request(intentOf());
    await sqlOf((sql) =>
      sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 599)
         INSERT INTO intents SELECT 'x' || i, mode, topic, path, callback, 'h' || i, NULL, 1, created_at, 0
         FROM n, intents`,
      ),
    );
    expect(await subscriptions().request(intentOf())).toBe(false);
  });

  test('denies a host its 1,001st subscription, and renews those it has', async () => {
    await subscribe();
    await sqlOf((sql) =>
      sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
         INSERT INTO subscriptions SELECT 'x' || i, kind, topic, path, callback || i, host, NULL, lease_until,
           state, created_at, NULL, NULL, NULL FROM n, subscriptions`,
      ),
    );
    const denialOf = async (callback: string) => {
      await subscriptions().request(intentOf({ callback }));
      const message = queue.taken.at(-1);
      return (await subscriptions().intent(message?.kind === 'verify' ? message.intent : ''))?.denial;
    };
    expect(await denialOf('https://partner.example/another')).toContain('maximum of 1000 subscriptions');
    expect(await denialOf('https://partner.example/hook')).toBeUndefined();
    expect(await denialOf('https://other.example/hook')).toBeUndefined();
  });

  test('does not verify the end of a subscription that does not exist', async () => {
    await subscriptions().request(intentOf({ mode: 'unsubscribe' }));
    const message = queue.taken.at(-1);
    expect(await subscriptions().intent(message?.kind === 'verify' ? message.intent : '')).toBeUndefined();
  });
});

describe('a lease', () => {
  test('that is over is ended by the alarm, with what was owed', async () => {
    await subscribe();
    await changed(1);
    await sqlOf((sql) => sql.exec('UPDATE subscriptions SET lease_until = ?', Date.now() - 1));
    expect(await claimed()).toEqual([]);
    expect(await runDurableObjectAlarm(subscriptions())).toBe(true);
    expect(await list()).toEqual([]);
    expect(await sqlOf((sql) => sql.exec('SELECT COUNT(*) AS n FROM deliveries').one().n)).toBe(0);
  });

  test('that is over before its alarm brings nothing', async () => {
    await subscribe();
    await sqlOf((sql) => sql.exec('UPDATE subscriptions SET lease_until = ?', Date.now() - 1));
    await changed(1);
    expect(queue.deliveries).toEqual([]);
  });
});

describe('what is owed', () => {
  test('is queued once, however often it is announced', async () => {
    await subscribe();
    await changed(1);
    await changed(1);
    await changed(2);
    expect(queue.deliveries).toHaveLength(1);
    expect(await claimed()).toMatchObject([{ sequence: 2, callback: 'https://partner.example/hook' }]);
  });

  test('has an id that changes with what is new, not with attempts', async () => {
    await subscribe();
    await changed(1);
    const [first] = (await claimed()) as [PendingDelivery];
    await subscriptions().settle([{ ...first, result: 'failed', problem: 'responded with 500' }]);
    expect((await claimed())[0]?.deliveryId).toBe(first.deliveryId);
    await changed(2);
    expect((await claimed())[0]?.deliveryId).not.toBe(first.deliveryId);
  });

  test('is owed again when it changed during the delivery', async () => {
    await subscribe();
    await changed(1);
    const [first] = (await claimed()) as [PendingDelivery];
    await changed(2);
    await accept(first);
    expect(queue.deliveries).toHaveLength(2);
    expect(await claimed()).toMatchObject([{ sequence: 2, delivered: 'digest' }, { sequence: 2 }]);
  });

  test('is nothing any more once it was accepted, though the message comes twice', async () => {
    await subscribe();
    await changed(1);
    const [first] = (await claimed()) as [PendingDelivery];
    await accept(first);
    await accept(first);
    expect(await claimed()).toEqual([]);
  });

  test('outlives a queue that takes nothing', async () => {
    await subscribe();
    queue.broken = true;
    await changed(1);
    expect(queue.deliveries).toEqual([]);
    queue.broken = false;
    expect(await runDurableObjectAlarm(subscriptions())).toBe(true);
    expect(await claimed()).toHaveLength(1);
  });

  test('is queued again when its message was lost', async () => {
    await subscribe();
    await changed(1);
    await runDurableObjectAlarm(subscriptions());
    expect(queue.deliveries).toHaveLength(1);
    await sqlOf((sql) => sql.exec('UPDATE deliveries SET queued_at = queued_at - 13 * 3600000 - 1'));
    await runDurableObjectAlarm(subscriptions());
    expect(queue.deliveries).toHaveLength(2);
  });

  test('waits while its subscription is suspended, and comes under a new number when it is resumed', async () => {
    await subscribe();
    await changed(1);
    await subscriptions().suspend(queue.deliveries);
    expect(await list()).toMatchObject([{ state: 'suspended', waiting: 1 }]);
    expect(await claimed()).toEqual([]);
    await changed(2);
    expect(queue.deliveries).toHaveLength(1);
    const [{ id } = { id: '' }] = await list();
    expect(await subscriptions().resume(id)).toBe(true);
    expect(queue.deliveries).toHaveLength(2);
    expect(await claimed()).toMatchObject([{ sequence: 2 }]);
    expect(await subscriptions().resume('nobody')).toBe(false);
  });

  test('is taken up again by a verified renewal, too', async () => {
    await subscribe();
    await changed(1);
    await subscriptions().suspend(queue.deliveries);
    await subscribe();
    expect(await list()).toMatchObject([{ state: 'active', problem: null }]);
    expect(await claimed()).toHaveLength(1);
  });
});

test('the operator’s list has pages', async () => {
  for (const name of ['a', 'b', 'c'])
    await subscribe({ callback: `https://partner.example/${name}?token=x` });
  const first = await subscriptions().list('', 2);
  const second = await subscriptions().list(first.next ?? '', 2);
  expect(second.next).toBeNull();
  const callbacks = [...first.subscriptions, ...second.subscriptions].map(({ callback }) => callback);
  expect(callbacks.sort()).toEqual(['a', 'b', 'c'].map((name) => `https://partner.example/${name}?…`));
});
