import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, TestSite } from './site.ts';
import { type Callback, type Received, Subscriber } from './subscriber.ts';

let site: TestSite;
let partner: Subscriber;

beforeAll(async () => {
  site = await TestSite.start({ ALLOW_PRIVATE_CALLBACKS: 'true', PUSH_PAUSES: '0' });
  partner = await Subscriber.start();
  await site.register('gazette');
});

afterAll(async () => {
  await site?.end();
  partner?.end();
});

interface Event {
  type: string;
  timestamp: string;
  data: { id: string; version: number; url?: string; headline?: string; status: string };
}

let clock = Date.parse('2026-11-20T10:00:00Z');

async function post(type: string, id: string, data: object = {}): Promise<string> {
  clock += 1_000;
  const response = await site.post(
    'gazette',
    JSON.stringify({
      type,
      timestamp: new Date(clock).toISOString(),
      data: {
        id,
        headline: `Headline ${clock}`,
        body: { format: 'text', content: `Words ${clock}.` },
        ...data,
      },
    }),
  );
  return ((await response.json()) as { article: { id: string } }).article.id;
}

/** Gives a new partner an endpoint of its own. @returns it, and a reader that verifies signatures */
async function endpoint(
  name: string,
  settings: object = {},
): Promise<{ callback: Callback; read: (one: Received) => Event }> {
  await site.asAdmin(`/admin/partners/${name}`, 'PUT', { name, ...settings });
  const callback = partner.callback(name);
  const response = await site.asAdmin(`/admin/partners/${name}/webhook`, 'PUT', { url: callback.url });
  expect(response.status).toBe(201);
  const { secret } = (await response.json()) as { secret: string };
  const webhook = new Webhook(secret);
  return {
    callback,
    read: ({ body, headers }) => webhook.verify(body, headers as Record<string, string>) as Event,
  };
}

/** What a callback was told of one article, in order. */
const toldOf = ({ callback, read }: Awaited<ReturnType<typeof endpoint>>, id: string): Event[] =>
  callback.deliveries.map(read).filter((event) => event.data.id === id);

const typesOf = (told: Event[]): string[] => told.map((event) => event.type);

test('a partner is told of a publication, an update and a withdrawal, signed with its own secret', async () => {
  const known = await endpoint('known');
  const id = await post('article.published', 'known-1');
  await eventually(async () => expect(typesOf(toldOf(known, id))).toEqual(['article.published']));
  const [published] = toldOf(known, id);
  expect(published?.data).toEqual(await site.json(`/articles/${id}`));
  expect(Date.parse(published?.timestamp ?? '')).not.toBeNaN();

  await post('article.updated', 'known-1', { headline: 'Put right' });
  await eventually(async () => expect(toldOf(known, id)).toHaveLength(2));
  expect(toldOf(known, id)[1]).toMatchObject({
    type: 'article.updated',
    data: { version: 2, headline: 'Put right' },
  });

  await post('article.withdrawn', 'known-1');
  await eventually(async () => expect(toldOf(known, id)).toHaveLength(3));
  const withdrawn = toldOf(known, id)[2];
  expect(withdrawn).toMatchObject({ type: 'article.withdrawn', data: { version: 3, status: 'withdrawn' } });
  expect(JSON.stringify(withdrawn)).not.toContain('Put right');
  expect(new Set(known.callback.deliveries.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
});

test('every attempt carries the same webhook-id; another partner is not held up', async () => {
  const [shaky, steady] = [await endpoint('shaky'), await endpoint('steady')];
  shaky.callback.receiving = (_request, nth) => ({ status: nth < 3 ? 500 : 200 });
  const id = await post('article.published', 'shaky-1');
  await eventually(async () => expect(toldOf(shaky, id)).toHaveLength(3));
  const attempts = shaky.callback.deliveries;
  expect(new Set(attempts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(attempts.map(({ body }) => body.toString())).size).toBe(1);
  expect(toldOf(steady, id)).toHaveLength(1);
});

test('rights are obeyed: an excluded partner is told nothing, and one that had the article to drop it', async () => {
  const [excluded, other] = [await endpoint('excluded'), await endpoint('other')];
  const rights = { excludePartners: ['EXCLUDED'] };
  const never = await post('article.published', 'rights-1', { rights });
  const first = await post('article.published', 'rights-2');
  await eventually(async () => {
    expect(toldOf(other, never)).toHaveLength(1);
    expect(toldOf(excluded, first)).toHaveLength(1);
  });
  expect(toldOf(excluded, never)).toEqual([]);

  await post('article.updated', 'rights-2', { rights });
  await eventually(async () => {
    expect(typesOf(toldOf(excluded, first))).toEqual(['article.published', 'article.withdrawn']);
    expect(typesOf(toldOf(other, first))).toEqual(['article.published', 'article.updated']);
  });
  expect(JSON.stringify(toldOf(other, first))).not.toMatch(/excluded|excludePartners/i);
  expect(toldOf(excluded, first)[1]?.data).toEqual({ id: first, version: 2, status: 'withdrawn' });

  await post('article.updated', 'rights-2', { rights, headline: 'Third' });
  await eventually(async () => expect(toldOf(other, first)).toHaveLength(3));
  expect(toldOf(excluded, first)).toHaveLength(2);
});

test('a partner is told of what its filters let it have, and not before its delay is over', async () => {
  const wired = await endpoint('wired', { filters: { include: { licences: ['wire'] } } });
  const late = await endpoint('late', { delay: 4 });
  const free = await post('article.published', 'filters-1');
  const publishedAt = new Date().toISOString();
  const wire = await post('article.published', 'filters-2', { rights: { licence: 'wire' }, publishedAt });
  await eventually(async () => expect(toldOf(wired, wire)).toHaveLength(1));
  await eventually(async () => expect(toldOf(late, wire)).toHaveLength(1));
  expect(Date.now() - Date.parse(publishedAt)).toBeGreaterThanOrEqual(4_000);
  expect(toldOf(wired, free)).toEqual([]);
});

test('410 suspends the endpoint, and what was owed to it comes when the operator resumes it', async () => {
  const gone = await endpoint('gone');
  gone.callback.receiving = () => ({ status: 410 });
  const id = await post('article.published', 'gone-1');
  const find = async () => {
    const { subscriptions } = (await (await site.asAdmin('/admin/subscriptions')).json()) as {
      subscriptions: { id: string; topic: string; state: string }[];
    };
    return subscriptions.find(({ topic }) => topic === 'gone');
  };
  await eventually(async () =>
    expect(await find()).toMatchObject({ state: 'suspended', problem: 'responded with 410' }),
  );
  gone.callback.receiving = () => ({ status: 200 });
  await post('article.withdrawn', 'gone-1');
  await eventually(async () => expect(await find()).toMatchObject({ waiting: 1 }));
  await eventually(async () => expect((await site.fetch(`/articles/${id}`)).status).toBe(410));
  await site.asAdmin(`/admin/subscriptions/${(await find())?.id}/resume`, 'POST');
  await eventually(async () => expect(toldOf(gone, id).at(-1)?.type).toBe('article.withdrawn'));
});

test('an endpoint on a metadata service is refused, and a removed one is told nothing', async () => {
  const url = 'http://169.254.169.254/latest/meta-data/';
  expect((await site.asAdmin('/admin/partners/bad/webhook', 'PUT', { url })).status).toBe(404);
  await site.asAdmin('/admin/partners/bad', 'PUT', { name: 'Bad' });
  const refused = await site.asAdmin('/admin/partners/bad/webhook', 'PUT', { url });
  expect(refused.status).toBe(400);
  const [removed, witness] = [await endpoint('removed'), await endpoint('witness')];
  expect((await site.asAdmin('/admin/partners/removed/webhook', 'DELETE')).status).toBe(204);
  expect((await site.asAdmin('/admin/partners/removed/webhook', 'DELETE')).status).toBe(404);
  const id = await post('article.published', 'removed-1');
  await eventually(async () => expect(toldOf(witness, id)).toHaveLength(1));
  expect(removed.callback.deliveries).toEqual([]);
});
