import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { deskOf } from '../../src/bindings.ts';
import { asAdmin, payload, register, send } from '../client.ts';

/** Waits until KV holds all that was acknowledged. */
export async function settle(): Promise<void> {
  do {
    await runDurableObjectAlarm(deskOf(env));
    await scheduler.wait(20);
  } while ((await deskOf(env).backlog()).pending > 0);
}

/** A publisher that posts to this Dateline. */
export async function newsroom(id = 'gazette', settings: object = {}) {
  const secret = await register(id, settings);
  return {
    secret,
    /** @returns the article's id */
    async publish(data: object, timestamp?: string): Promise<string> {
      const body = payload(data, 'article.published', timestamp);
      const response = await send(body, { publisher: id, secret });
      return ((await response.json()) as { article: { id: string } }).article.id;
    },
    withdraw: (sourceId: string) =>
      send(JSON.stringify({ type: 'article.withdrawn', data: { id: sourceId } }), { publisher: id, secret }),
  };
}

/** Registers a partner. @returns its token */
export async function partnerWith(id: string, settings: object = {}): Promise<string> {
  const response = await asAdmin(`/admin/partners/${id}`, 'PUT', { name: 'A partner', ...settings });
  return ((await response.json()) as { token: string }).token;
}

/** The Desk as it is, with the calls counted that ask it for keys which KV lacks. */
export function countedDesk() {
  const state = { asked: 0 };
  const DESK = new Proxy(env.DESK, {
    get: () => (name: string) =>
      new Proxy(env.DESK.getByName(name), {
        get(desk, member) {
          if (member === 'values') state.asked += 1;
          return (...given: unknown[]) => Reflect.apply(Reflect.get(desk, member), desk, given);
        },
      }),
  }) as typeof env.DESK;
  return { state, DESK };
}
