import { evictDurableObject, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DeliverMessage, IntentRequest, PendingDelivery } from '../../src/push/messages.ts';
import type { Subscriptions } from '../../src/push/subscriptions.ts';
import { intentTo, sqlOf, subscriptions, TestQueue, withQueue } from './queue.ts';

let queue: TestQueue;

beforeEach(async () => {
  await reset();
  queue = await withQueue();
});

const TOPIC = 'https://news.example/feeds/all.json';

const intentOf = (change: Partial<IntentRequest> = {}): IntentRequest =>
  intentTo(TOPIC, 'https://partner.example/hook', change);

/** Asks, and confirms as the callback would. */
async function subscribe(change: Partial<IntentRequest> = {}): Promise<void> {
  await subscriptions().request(intentOf(change));
  const message = queue.taken.at(-1);
  if (message?.kind === 'verify') await subscriptions().confirm(message.intent);
}

const changed = (sequence: number) =>
  subscriptions().announce([{ kind: 'feed', path: '/feeds/all', sequence, at: '2026-11-20T10:00:00.000Z' }]);

const list = async () => (await subscriptions().list('', 100)).subscriptions;
const claimed = (): Promise<PendingDelivery[]> => subscriptions().claim(queue.deliveries, 'slow');
const accept = ({ number, token, sequence }: PendingDelivery, digest = 'digest', milliseconds = 1) =>
  subscriptions().settle([{ number, token, sequence, result: 'accepted', digest, milliseconds }]);
const fail = ({ number, token, sequence }: PendingDelivery) =>
  subscriptions().settle([
    { number, token, sequence, result: 'failed', problem: 'responded with 500', milliseconds: 1 },
  ]);

/** The sequence number of the one delivery that waits. */
const sequenceOf = (sql: SqlStorage) => sql.exec('SELECT sequence FROM deliveries').one().sequence;

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; round < 500 && !(await holds()); round += 1) await scheduler.wait(5);
  expect(await holds()).toBe(true);
}

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

  const verified = async (change: Partial<IntentRequest>): Promise<string | undefined> => {
    await subscriptions().request(intentOf(change));
    const message = queue.taken.at(-1);
    return subscriptions().confirm(message?.kind === 'verify' ? message.intent : '');
  };
  const variant = (n: number, path = '/feeds/all') => ({
    topic: `https://news.example${path}.json?limit=${n}`,
    path,
  });

  test('denies a host its 21st topic with a query, and a feed its 51st, but never a plain feed', async () => {
    for (let n = 1; n <= 20; n += 1) expect(await verified(variant(n))).toBeUndefined();
    expect(await verified(variant(21))).toContain('20 topics with a query');
    expect(await verified(variant(20))).toBeUndefined();
    expect(await verified({ topic: TOPIC })).toBeUndefined();
    for (let n = 21; n <= 50; n += 1)
      expect(await verified({ ...variant(n), callback: `https://h${n}.example/` })).toBeUndefined();
    const other = { callback: 'https://another.example/' };
    expect(await verified({ ...variant(51), ...other })).toContain('50 topics with a query');
    // A topic that somebody has costs no other rendering.
    expect(await verified({ ...variant(50), ...other })).toBeUndefined();
    expect(await verified({ ...variant(51, '/feeds/tags/x'), ...other })).toBeUndefined();
    expect(await verified({ topic: TOPIC, ...other })).toBeUndefined();
    expect((await subscriptions().list('', 1)).counts).toMatchObject({
      subscriptions: 54,
      topics: 52,
      variants: 51,
    });
  });

  test('has 200 topics with a query, 5,000 topics and 20,000 subscriptions at most', async () => {
    await subscribe();
    const fill = (from: number, to: number, topic: string) =>
      sqlOf((sql) =>
        sql.exec(
          `WITH RECURSIVE n(i) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
           INSERT INTO subscriptions SELECT 'x' || i, kind, ${topic}, '/feeds/tags/' || i, callback, 'h' || i, NULL,
             lease_until, state, created_at, NULL, NULL, NULL
           FROM n, (SELECT * FROM subscriptions WHERE topic = '${TOPIC}' AND callback = 'https://partner.example/hook')`,
          from,
          to,
        ),
      );
    await fill(1, 200, "'https://news.example/feeds/tags/' || i || '.json?limit=1'");
    expect(await verified(variant(1))).toContain('200 topics with a query');
    await fill(201, 4_999, "'https://news.example/feeds/tags/' || i || '.json'");
    expect(await verified({ topic: 'https://news.example/feeds/tags/a.json' })).toContain('5000 topics');
    expect(await verified({ callback: 'https://another.example/' })).toBeUndefined();
    await sqlOf((sql) =>
      sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 14999)
         INSERT INTO subscriptions SELECT 'y' || i, kind, 'https://news.example/feeds/tags/' || (i % 9 + 201) || '.json',
           path, callback || i, 'g' || i, NULL, lease_until, state, created_at, NULL, NULL, NULL
         FROM n, (SELECT * FROM subscriptions WHERE id = 'x201')`,
      ),
    );
    expect(await verified({ callback: 'https://last.example/' })).toContain('20000 subscriptions');
    expect(await verified({})).toBeUndefined();
  });

  test('keeps its bounds when many are confirmed at once', async () => {
    for (let n = 1; n <= 25; n += 1) await subscriptions().request(intentOf(variant(n)));
    const ids = queue.taken.flatMap((message) => (message.kind === 'verify' ? [message.intent] : []));
    // None of them is over the bound before any is confirmed.
    const found = await subscriptions().intents(ids);
    expect(found.filter(({ denial }) => denial !== undefined)).toEqual([]);
    const denials = [];
    for (const id of ids) denials.push(await subscriptions().confirm(id));
    expect(denials.filter((denial) => denial !== undefined)).toHaveLength(5);
    expect((await subscriptions().list('', 1)).counts.variants).toBe(20);
  });

  test('announces to the subscribers of a feed by an index, and reads no others', async () => {
    const plan = await sqlOf((sql) =>
      sql
        .exec("EXPLAIN QUERY PLAN SELECT id FROM subscriptions WHERE kind = 'feed' AND path = '/feeds/all'")
        .toArray()
        .map(({ detail }) => detail),
    );
    expect(plan.join()).toMatch(/SEARCH subscriptions USING (COVERING )?INDEX subscriptions_by_path/);
  });

  test('renews what exists although strangers have used up the verifications of the minute', async () => {
    await subscribe();
    await sqlOf((sql) =>
      sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 599)
         INSERT INTO intents SELECT 'x' || i, mode, topic, path, callback, host, NULL, 1, created_at, 0 FROM n, intents`,
      ),
    );
    expect(await subscriptions().request(intentOf({ callback: 'https://stranger.example/' }))).toBe(false);
    expect(await subscriptions().request(intentOf({ leaseSeconds: 7_200 }))).toBe(true);
    const message = queue.taken.at(-1);
    const renewal = await subscriptions().intent(message?.kind === 'verify' ? message.intent : '');
    expect(renewal?.intent.leaseSeconds).toBe(7_200);
  });

  test('verifies many renewals of one subscription once, with the parameters of the last one', async () => {
    await subscribe();
    queue.taken.splice(0);
    for (let n = 1; n <= 400; n += 1)
      expect(await subscriptions().request(intentOf({ secret: `sealed ${n}` }))).toBe(true);
    expect(queue.taken).toHaveLength(1);
    const [message] = queue.taken.splice(0);
    const id = message?.kind === 'verify' ? message.intent : '';
    expect((await subscriptions().intent(id))?.intent.secret).toBe('sealed 400');
    // Once its verification has begun, its parameters do not change; the next one waits a few seconds.
    for (const secret of ['sealed 401', 'sealed 402']) await subscriptions().request(intentOf({ secret }));
    expect(queue.taken).toHaveLength(1);
    expect(queue.delays.at(-1)).toBeGreaterThan(3);
    await subscriptions().confirm(id);
    const next = queue.taken[0];
    await subscriptions().confirm(next?.kind === 'verify' ? next.intent : '');
    expect(await sqlOf((sql) => sql.exec('SELECT secret FROM subscriptions').one().secret)).toBe(
      'sealed 402',
    );
  });

  test('asks about a renewal although a stranger asks for the end, and the newer one that is confirmed counts', async () => {
    for (const order of [
      ['subscribe', 'unsubscribe'],
      ['unsubscribe', 'subscribe'],
    ] as const) {
      await subscribe();
      await sqlOf((sql) => sql.exec('DELETE FROM intents'));
      queue.taken.splice(0);
      for (const mode of order) await subscriptions().request(intentOf({ mode, secret: mode }));
      const ids = queue.taken.flatMap((message) => (message.kind === 'verify' ? [message.intent] : []));
      const asked = await subscriptions().intents(ids);
      expect(asked.map(({ intent: { mode, secret } }) => [mode, secret])).toEqual(
        order.map((mode) => [mode, mode]),
      );
      // The subscriber confirms the newer one first: the older one has no effect any more.
      await subscriptions().confirm(ids[1] ?? '');
      await subscriptions().confirm(ids[0] ?? '');
      expect(await list()).toHaveLength(order[1] === 'subscribe' ? 1 : 0);
    }
  });

  test('counts a host with and without the dot at its end as one', async () => {
    const statuses: boolean[] = [];
    for (let n = 0; n < 62; n += 1) {
      const host = `partner.example${n % 2 === 0 ? '.' : ''}`;
      statuses.push(await subscriptions().request(intentOf({ callback: `https://${host}/${n}` })));
    }
    expect(statuses).toEqual([...Array(60).fill(true), false, false]);
  });

  test('does not rely on the message of a renewal that the queue rejected', async () => {
    await subscribe();
    queue.taken.splice(0);
    await runInDurableObject(subscriptions(), async (instance: Subscriptions) => {
      queue.broken = true;
      await expect(instance.request(intentOf({ secret: 'first' }))).rejects.toThrow('sendBatch failed');
      queue.broken = false;
    });
    expect(await subscriptions().request(intentOf({ secret: 'second' }))).toBe(true);
    expect(queue.taken).toHaveLength(1);
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
    await fail(first);
    const [second] = (await claimed()) as [PendingDelivery];
    expect(second.deliveryId).toBe(first.deliveryId);
    await changed(2);
    await fail(second);
    const [third] = (await claimed()) as [PendingDelivery];
    expect(third.sequence).toBe(2);
    expect(third.deliveryId).not.toBe(first.deliveryId);
  });

  test('is owed again when it changed during the delivery', async () => {
    await subscribe();
    await changed(1);
    const [first] = (await claimed()) as [PendingDelivery];
    await changed(2);
    await accept(first);
    expect(queue.deliveries).toHaveLength(2);
    // The message of the delivery that was made is outdated.
    expect(await claimed()).toMatchObject([{ sequence: 2, delivered: 'digest' }]);
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

describe('a slow queue', () => {
  /** Announces a change to a queue that has taken its message but does not answer. */
  async function announceSlowly(sequence: number): Promise<(answer: 'taken' | 'rejected') => Promise<void>> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    queue.answer = () => promise;
    const announced = changed(sequence);
    await until(() => queue.deliveries.length > 0);
    queue.answer = async () => {};
    return async (answer) => {
      if (answer === 'taken') resolve();
      else reject(new Error('Queue sendBatch failed: timed out'));
      await announced;
    };
  }

  const claimLast = () => subscriptions().claim(queue.taken.splice(0) as DeliverMessage[], 'fast');

  for (const answer of ['taken', 'rejected'] as const) {
    test(`loses no change when its answer (${answer}) comes after the delivery was made`, async () => {
      await subscribe();
      queue.taken.splice(0);
      const end = await announceSlowly(1);
      const [first] = (await claimLast()) as [PendingDelivery];
      expect(first.sequence).toBe(1);
      const later = [2, 3, 4].map((sequence) => changed(sequence));
      await until(async () => (await sqlOf(sequenceOf)) === 4);
      await accept(first);
      await end(answer);
      await Promise.all(later);
      // After a rejection the alarm asks the queue again.
      if (answer === 'rejected') await runDurableObjectAlarm(subscriptions());
      const [second, ...others] = await claimLast();
      expect(second).toMatchObject({ sequence: 4, delivered: 'digest' });
      expect(others).toEqual([]);
      await accept(second as PendingDelivery);
      expect(await list()).toMatchObject([{ waiting: 0 }]);
    });

    test(`loses no change when its answer (${answer}) comes during the delivery`, async () => {
      await subscribe();
      queue.taken.splice(0);
      const end = await announceSlowly(1);
      const [first] = (await claimLast()) as [PendingDelivery];
      const later = [2, 3, 4].map((sequence) => changed(sequence));
      await end(answer);
      await Promise.all(later);
      expect(queue.taken).toEqual([]);
      await accept(first);
      expect(await claimLast()).toMatchObject([{ sequence: 4 }]);
    });
  }

  test('that rejects late before the delivery is asked again, and its message is not delivered twice', async () => {
    await subscribe();
    queue.taken.splice(0);
    const end = await announceSlowly(1);
    await end('rejected');
    await runDurableObjectAlarm(subscriptions());
    expect(queue.deliveries).toHaveLength(2);
    const [first, ...others] = (await claimLast()) as [PendingDelivery];
    expect(others).toEqual([]);
    await accept(first);
    expect(await list()).toMatchObject([{ waiting: 0 }]);
  });

  test('that never answers holds up neither a later change nor a claim', async () => {
    await subscribe();
    queue.taken.splice(0);
    await runInDurableObject(subscriptions(), (instance: Subscriptions) => {
      instance.queueTimeoutMs = 20;
    });
    queue.answer = () => new Promise(() => {});
    await changed(1);
    expect(queue.deliveries).toHaveLength(1);
    queue.answer = async () => {};
    await changed(2);
    const [first, ...others] = (await claimLast()) as [PendingDelivery];
    expect(first.sequence).toBe(2);
    expect(others).toEqual([]);
  });

  test('whose answer Subscriptions did not live to see is asked again within a minute', async () => {
    await subscribe();
    queue.taken.splice(0);
    const end = await announceSlowly(1);
    expect(await sqlOf((sql) => sql.exec('SELECT MAX(lost_at) AS at FROM deliveries').one().at)).toBeLessThan(
      Date.now() + 60_000,
    );
    await end('taken');
  });
});

describe('a message', () => {
  test('that was lost is sent again within a quarter of an hour after it was due', async () => {
    await subscribe();
    await changed(1);
    const lostAt = () => sqlOf((sql) => Number(sql.exec('SELECT lost_at AS at FROM deliveries').one().at));
    expect(await lostAt()).toBeLessThanOrEqual(Date.now() + 15 * 60_000);
    await sqlOf((sql) => sql.exec('UPDATE deliveries SET lost_at = ?', Date.now() - 1));
    await runDurableObjectAlarm(subscriptions());
    expect(queue.deliveries).toHaveLength(2);
    // Either is valid, but only one of them brings the delivery.
    expect(await claimed()).toHaveLength(1);
  });

  test('whose consumer ended is sent again within minutes', async () => {
    await subscribe();
    await changed(1);
    await claimed();
    await sqlOf((sql) => sql.exec('UPDATE deliveries SET claimed_at = 1, lost_at = ?', Date.now() - 1));
    await runDurableObjectAlarm(subscriptions());
    expect(await subscriptions().claim(queue.deliveries.slice(-1), 'fast')).toHaveLength(1);
  });

  test('with an outdated or no token is ignored, and so is the result of its attempt', async () => {
    await subscribe();
    await changed(1);
    const [message] = queue.deliveries as [DeliverMessage];
    expect(await subscriptions().claim([{ ...message, token: 1 }], 'fast')).toEqual([]);
    expect(await subscriptions().claim([{ kind: 'deliver', delivery: message.delivery }], 'fast')).toEqual(
      [],
    );
    const [first] = (await claimed()) as [PendingDelivery];
    await accept({ ...first, token: 1 });
    await fail({ ...first, token: 1 });
    expect(await list()).toMatchObject([{ waiting: 1, attempts: 0, problem: null }]);
    await accept(first);
    expect(await list()).toMatchObject([{ waiting: 0 }]);
  });

  test('of a release without tokens still brings its delivery', async () => {
    await subscribe();
    await changed(1);
    await sqlOf((sql) => sql.exec('UPDATE deliveries SET token = 0'));
    const [{ delivery }] = queue.deliveries as [DeliverMessage];
    expect(await subscriptions().claim([{ kind: 'deliver', delivery }], 'fast')).toHaveLength(1);
  });
});

describe('a database that fails', () => {
  const full = "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";
  const alarmAt = () =>
    runInDurableObject(subscriptions(), (_instance: Subscriptions, { storage }) => storage.getAlarm());

  test('does not end the alarm: what is owed is queued when it works again', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    await subscribe();
    await changed(1);
    await sqlOf((sql) => {
      sql.exec('UPDATE deliveries SET lost_at = 1');
      sql.exec(`CREATE TRIGGER broken BEFORE UPDATE ON deliveries ${full}`);
    });
    for (let round = 0; round < 8; round += 1) {
      expect(await runDurableObjectAlarm(subscriptions())).toBe(true);
      const at = (await alarmAt()) ?? 0;
      expect(at).toBeGreaterThan(Date.now());
      expect(at).toBeLessThanOrEqual(Date.now() + 60_000);
    }
    // The pause is stored: another instance keeps it.
    await evictDurableObject(subscriptions());
    queue = await withQueue();
    expect(await sqlOf((sql) => sql.exec('SELECT job FROM retries').one().job)).toBe('recover');
    await sqlOf((sql) => {
      sql.exec('DROP TRIGGER broken');
      sql.exec('UPDATE retries SET at = 1');
    });
    await evictDurableObject(subscriptions());
    queue = await withQueue();
    await runDurableObjectAlarm(subscriptions());
    expect(queue.deliveries).toHaveLength(1);
    expect(await sqlOf((sql) => sql.exec('SELECT job FROM retries').toArray())).toEqual([]);
  });

  test('for every table and statement leaves the alarm set', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    await subscribe();
    await changed(1);
    const tables = await sqlOf((sql) => {
      sql.exec('UPDATE deliveries SET lost_at = 1');
      sql.exec('UPDATE subscriptions SET lease_until = 1');
      sql.exec('UPDATE intents SET created_at = 1');
      const names = [
        'subscriptions',
        'intents',
        'renewals',
        'deliveries',
        'shown',
        'slow_receivers',
        'extra_attempts',
      ];
      for (const name of [...names, 'retries'])
        for (const action of ['INSERT', 'UPDATE', 'DELETE'])
          sql.exec(`CREATE TRIGGER ${name}_${action} BEFORE ${action} ON ${name} ${full}`);
      return names.length;
    });
    expect(tables).toBe(7);
    for (let round = 0; round < 8; round += 1) {
      expect(await runDurableObjectAlarm(subscriptions())).toBe(true);
      expect(await alarmAt()).not.toBeNull();
    }
  });
});

describe('a receiver that failed', () => {
  /** Fails so often that the next pause has six hours. */
  async function failing(): Promise<void> {
    await changed(1);
    for (let attempt = 1; attempt <= 6; attempt += 1) await fail(((await claimed()) as [PendingDelivery])[0]);
    expect(queue.delays.at(-1)).toBe(21_600);
  }

  /** Lets time pass since the last attempts. */
  const pass = (milliseconds: number) =>
    sqlOf((sql) => {
      sql.exec('UPDATE deliveries SET attempted_at = attempted_at - ?1, due_at = due_at - ?1', milliseconds);
      sql.exec('UPDATE deliveries SET retry_at = retry_at - ?', milliseconds);
      sql.exec('UPDATE extra_attempts SET at = at - ?', milliseconds);
    });

  test('is tried again at once with a new change, a minute after the last attempt', async () => {
    await subscribe();
    await failing();
    await pass(3_600_000);
    const before = queue.deliveries.length;
    await changed(2);
    expect(queue.deliveries).toHaveLength(before + 1);
    expect(queue.delays.at(-1)).toBe(0);
    const [extra] = (await subscriptions().claim(queue.deliveries.slice(-1), 'slow')) as [PendingDelivery];
    expect(extra.sequence).toBe(2);
    await accept(extra);
    expect(await list()).toMatchObject([{ waiting: 0, problem: null }]);
  });

  test('is tried within the minute otherwise, and once only, whatever changes', async () => {
    await subscribe();
    await failing();
    const before = queue.deliveries.length;
    for (const sequence of [2, 3, 4]) await changed(sequence);
    expect(queue.deliveries).toHaveLength(before + 1);
    expect(queue.delays.at(-1)).toBeGreaterThan(50);
    expect(queue.delays.at(-1)).toBeLessThanOrEqual(60);
  });

  test('does not count an extra attempt that fails, and keeps its pause', async () => {
    await subscribe();
    await failing();
    await pass(3_600_000);
    await changed(2);
    for (let extra = 0; extra < 10; extra += 1) {
      await fail(((await claimed()) as [PendingDelivery])[0]);
      expect(queue.delays.at(-1)).toBeGreaterThan(14_000);
      await pass(60_000);
      await changed(3 + extra);
    }
    expect(await list()).toMatchObject([{ state: 'active', attempts: 6 }]);
  });

  test('shares one extra attempt a minute with all callbacks of its server', async () => {
    for (let n = 0; n < 20; n += 1) await subscribe({ callback: `https://partner.example/${n}` });
    await changed(1);
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      const again = queue.taken.splice(0) as DeliverMessage[];
      for (const message of again.filter(({ kind }) => kind === 'deliver'))
        await fail(((await subscriptions().claim([message], 'slow')) as [PendingDelivery])[0]);
    }
    await pass(3_600_000);
    queue.taken.splice(0);
    queue.delays.splice(0);
    await changed(2);
    expect(queue.delays.toSorted((a, b) => Number(a) - Number(b)).slice(0, 3)).toEqual([0, 60, 120]);
    // One that answers again brings the others that wait.
    await accept(
      ((await subscriptions().claim(queue.deliveries.slice(0, 1), 'slow')) as [PendingDelivery])[0],
    );
    expect(queue.delays.filter((delay) => delay === 0)).toHaveLength(20);
  });

  test('does not count an extra attempt that was put off before it failed', async () => {
    await subscribe();
    await failing();
    await pass(3_600_000);
    for (let extra = 0; extra < 10; extra += 1) {
      await changed(2 + extra);
      const [{ number, token, sequence }] = (await claimed()) as [PendingDelivery];
      await subscriptions().settle([{ number, token, sequence, result: 'postponed', wait: 15 }]);
      // Put off once more, because its server is busy.
      await sqlOf((sql) => {
        sql.exec(
          `INSERT INTO subscriptions SELECT 'busy' || value, kind, topic || value, '/feeds/other', callback, host, secret,
             lease_until, state, created_at, NULL, NULL, NULL FROM subscriptions, json_each('[1,2,3,4]') WHERE subscriptions.path = '/feeds/all'`,
        );
        sql.exec(
          `INSERT INTO deliveries (subscription, subject, sequence, changed_at, delivery_id, queued_at, claimed_at)
           SELECT id, '', 1, '', '', 1, ? FROM subscriptions WHERE id LIKE 'busy%'`,
          Date.now(),
        );
      });
      expect(await claimed()).toEqual([]);
      await sqlOf((sql) => {
        sql.exec("DELETE FROM deliveries WHERE subscription LIKE 'busy%'");
        sql.exec("DELETE FROM subscriptions WHERE id LIKE 'busy%'");
      });
      await until(async () => queue.delays.at(-1) === 10);
      await fail(((await claimed()) as [PendingDelivery])[0]);
      expect(queue.delays.at(-1)).toBeGreaterThan(14_000);
      await pass(60_000);
    }
    expect(await list()).toMatchObject([{ state: 'active', attempts: 6 }]);
  });

  test('counts an extra attempt that was put off until its retry was due', async () => {
    await subscribe();
    await failing();
    await pass(3_600_000);
    await changed(2);
    const [{ number, token, sequence }] = (await claimed()) as [PendingDelivery];
    await pass(21_600_000);
    await subscriptions().settle([{ number, token, sequence, result: 'postponed', wait: 15 }]);
    await fail(((await claimed()) as [PendingDelivery])[0]);
    expect(await list()).toMatchObject([{ attempts: 7 }]);
  });

  test('for a reason of this site is tried at once with a new change as well', async () => {
    await subscribe();
    await changed(1);
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      const [{ number, token, sequence }] = (await claimed()) as [PendingDelivery];
      const problem = 'the feed has no valid ETag';
      await subscriptions().settle([{ number, token, sequence, result: 'failed', problem }]);
    }
    expect(queue.delays.at(-1)).toBe(21_600);
    await pass(3_600_000);
    await changed(2);
    expect(queue.delays.at(-1)).toBe(0);
    expect((await claimed())[0]?.sequence).toBe(2);
  });

  test('brings a change that came during the attempt within a minute', async () => {
    await subscribe();
    await changed(1);
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      const [delivery] = (await claimed()) as [PendingDelivery];
      if (attempt === 6) await changed(2);
      await fail(delivery);
    }
    expect(queue.delays.at(-1)).toBeLessThanOrEqual(60);
  });
});

describe('an article that is released or expires keeps its version', () => {
  const article = (at: string) =>
    subscriptions().announce([{ kind: 'article', id: '0123456789abcdef', version: 3, at }]);
  const told = ({ number, token, sequence, deliveryId }: PendingDelivery) =>
    subscriptions().settle([
      { number, token, sequence, deliveryId, result: 'told', shown: null, milliseconds: 1 },
    ]);

  beforeEach(() =>
    subscriptions().saveEndpoint({
      partner: 'wire',
      url: 'https://wire.example/hook',
      sealedSecret: 'sealed',
    }),
  );

  test('a change that comes during an attempt is delivered after it', async () => {
    await article('2026-11-20T10:00:00.000Z');
    const [first] = (await claimed()) as [PendingDelivery];
    await article('2026-11-20T10:00:05.000Z');
    await told(first);
    const [second] = (await claimed()) as [PendingDelivery];
    expect(second).toMatchObject({ sequence: 3, changedAt: '2026-11-20T10:00:05.000Z' });
    expect(second.deliveryId).not.toBe(first.deliveryId);
    await told(second);
    expect(await claimed()).toEqual([]);
  });

  test('an announcement that comes twice is one change', async () => {
    await article('2026-11-20T10:00:00.000Z');
    const [first] = (await claimed()) as [PendingDelivery];
    await article('2026-11-20T10:00:00.000Z');
    await told(first);
    expect(await claimed()).toEqual([]);
  });
});

describe('lanes', () => {
  let slow: TestQueue;
  beforeEach(async () => {
    slow = new TestQueue();
    queue = await withQueue({ slow });
  });
  const claim = (messages: DeliverMessage[], lane: 'fast' | 'slow' = 'fast') =>
    subscriptions().claim(messages, lane);

  test('a receiver that failed is in the slow queue until it answers in time', async () => {
    await subscribe();
    await changed(1);
    await fail(((await claim(queue.deliveries)) as [PendingDelivery])[0]);
    expect(queue.deliveries).toHaveLength(1);
    expect(slow.deliveries).toHaveLength(1);
    await accept(((await claim(slow.deliveries, 'slow')) as [PendingDelivery])[0]);
    await changed(2);
    expect(queue.deliveries).toHaveLength(2);
  });

  test('a receiver that answers late is in the slow queue from then on', async () => {
    await subscribe();
    await changed(1);
    const [first] = (await claim(queue.deliveries)) as [PendingDelivery];
    const { number, token, sequence } = first;
    await subscriptions().settle([{ number, token, sequence, result: 'late' }]);
    // The attempt still runs: its delivery is neither queued nor claimed again.
    expect(slow.deliveries).toEqual([]);
    expect(await claim(queue.deliveries)).toEqual([]);
    await accept(first, 'digest', 5_000);
    expect(await list()).toMatchObject([{ waiting: 0 }]);
    await changed(2);
    expect(slow.deliveries).toHaveLength(1);
  });

  test('a message in the fast queue of a receiver that failed since moves to the slow queue', async () => {
    await subscribe();
    await changed(1);
    await sqlOf((sql) =>
      sql.exec("INSERT INTO slow_receivers SELECT id, 'partner.example', 1 FROM subscriptions"),
    );
    expect(await claim(queue.deliveries)).toEqual([]);
    await until(() => slow.deliveries.length === 1);
    expect(await claim(slow.deliveries, 'slow')).toHaveLength(1);
  });

  test('a server has few deliveries claimed at once by several batches', async () => {
    for (let n = 0; n < 20; n += 1) await subscribe({ callback: `https://partner.example/${n}` });
    await subscribe({ callback: 'https://other.example/' });
    await changed(1);
    const other = await sqlOf((sql) =>
      sql
        .exec(
          "SELECT number FROM deliveries JOIN subscriptions ON id = subscription WHERE callback LIKE '%other%'",
        )
        .one(),
    );
    const messages = queue.deliveries.filter(({ delivery }) => delivery !== other.number);
    const own = queue.deliveries.filter(({ delivery }) => delivery === other.number);
    const batches = [messages.slice(0, 4), messages.slice(4, 12), [...messages.slice(12), ...own]];
    const sizes = [];
    for (const batch of batches) sizes.push((await claim(batch)).length);
    expect(sizes).toEqual([4, 0, 1]);
    await until(() => queue.deliveries.length === 21 + 16);
    expect(queue.delays.slice(-16)).toEqual(Array.from({ length: 16 }, () => 10));
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

describe('a clock that was set back by an hour', () => {
  const HOUR = 3_600_000;
  const now = Date.now;
  const clockAt = (milliseconds: number) =>
    vi.spyOn(Date, 'now').mockImplementation(() => now() + milliseconds);
  afterEach(() => void vi.restoreAllMocks());

  /** A delivery that is claimed while the clock is an hour ahead. The clock stays ahead. */
  async function claimedAhead(): Promise<PendingDelivery> {
    queue = await withQueue({ pauses: '60' });
    clockAt(HOUR);
    await subscribe();
    await changed(1);
    const [first] = await claimed();
    if (first === undefined) throw new Error('Nothing was claimed.');
    return first;
  }

  test('delays no retry by more than its pause', async () => {
    const first = await claimedAhead();
    clockAt(0);
    await fail(first);
    await until(() => queue.deliveries.length === 2);
    expect(queue.delays.at(-1)).toBeLessThanOrEqual(60);
  });

  test.each([false, true])('moves what waits with it; restarted: %s', async (isRestarted) => {
    const first = await claimedAhead();
    await fail(first);
    await until(() => queue.deliveries.length === 2);
    // The queue loses the message of the retry.
    clockAt(0);
    if (isRestarted) {
      await evictDurableObject(subscriptions());
      queue = await withQueue({ pauses: '60' });
    }
    await runDurableObjectAlarm(subscriptions());
    const waits = await sqlOf((sql) =>
      sql
        .exec<{ due: number; lost: number; attempted: number }>(
          'SELECT due_at AS due, lost_at AS lost, attempted_at AS attempted FROM deliveries',
        )
        .one(),
    );
    expect(waits.due).toBeLessThanOrEqual(now() + 60_000);
    expect(waits.due).toBeGreaterThan(now());
    expect(waits.lost).toBeLessThanOrEqual(now() + 60_000 + 15 * 60_000 + 1_000);
    expect(waits.attempted).toBeLessThanOrEqual(now());
    // A new change does not wait for the clock, either.
    await changed(2);
    await until(() => queue.deliveries.length > 0);
    expect(queue.delays.at(-1)).toBeLessThanOrEqual(60);
  });

  test('counts the time of a change that was announced before as now, so that the wait for KV ends', async () => {
    await subscribe();
    const at = new Date(now() + HOUR).toISOString();
    await subscriptions().announce([{ kind: 'feed', path: '/feeds/all', sequence: 1, at }]);
    const [delivery] = await claimed();
    expect(Date.parse(delivery?.changedAt ?? '')).toBeLessThanOrEqual(now());
  });

  test('leaves leases and small differences of clocks as they are', async () => {
    clockAt(5_000);
    await subscribe();
    await changed(1);
    const stored = () =>
      sqlOf((sql) => [
        ...sql.exec('SELECT queued_at, due_at FROM deliveries').raw(),
        ...sql.exec('SELECT lease_until FROM subscriptions').raw(),
      ]);
    const before = await stored();
    clockAt(0);
    await runDurableObjectAlarm(subscriptions());
    expect(await stored()).toEqual(before);
  });
});
