import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { exampleArticles } from '../scripts/examples.ts';
import type { Draft } from '../src/domain/draft.ts';
import { ADMIN_TOKEN, type Arena } from './arena.ts';
import { wireRequest } from './http.ts';
import type { Seeding } from './worker/messages.ts';

export const PUBLISHER = 'bench-agency';

/** Articles per request to the seeder. */
const SEEDED_AT_ONCE = 2_500;

/** The articles in examples/, as they are sent: 3 to 8 kB in six languages. */
const TEMPLATES: readonly Draft[] = exampleArticles().map(({ body }) => JSON.parse(body).data);

/** Seeds a site of the arena with articles, and signs its publisher's webhooks. */
export class Newsroom {
  readonly #arena: Arena;
  readonly #site: string;
  /** The base64 after `whsec_`. */
  readonly secret: string;
  #sent = 0;

  private constructor(arena: Arena, site: string, secret: string) {
    this.#arena = arena;
    this.#site = site;
    this.secret = secret;
  }

  static async open(arena: Arena, site: string): Promise<Newsroom> {
    const put = async (path: string, settings: object) => {
      const response = await fetch(new URL(path, arena.url(site, 'hot')), {
        method: 'PUT',
        headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(settings),
      });
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as { secret: string };
    };
    await put('/admin/site', { name: 'The Bench', language: 'en' });
    const { secret } = await put(`/admin/publishers/${PUBLISHER}`, { name: 'The Agency' });
    return new Newsroom(arena, site, secret.replace('whsec_', ''));
  }

  /**
   * Puts `count` articles into the Desk and waits until KV has them. They are `step` milliseconds apart, up to an hour
   * ago. @returns when the first was published
   */
  async seed(count: number, step = 43_200): Promise<number> {
    const start = Date.now() - 3_600_000 - count * step;
    const drafts = TEMPLATES.map(({ publishedAt: _published, updatedAt: _updated, ...draft }) => draft);
    for (let from = 0; from < count; from += SEEDED_AT_ONCE) {
      const to = Math.min(count, from + SEEDED_AT_ONCE);
      const seeding: Seeding = { templates: drafts, from, to, start, step };
      await this.#bench('/seed', { method: 'POST', body: JSON.stringify(seeding) });
      // In real use articles arrive one by one, and the Desk never has thousands of keys to write at once.
      await this.settle();
    }
    return start;
  }

  /** Waits until the outbox is empty. */
  async settle(): Promise<void> {
    for (;;) {
      const { pending } = (await (await this.#bench('/backlog')).json()) as { pending: number };
      if (pending === 0) return;
      await sleep(20);
    }
  }

  /** Stores what the floors and peers serve under a key. */
  async put(key: string, value: string | ArrayBuffer): Promise<void> {
    await this.#bench(`/kv/${key}`, { method: 'PUT', body: value });
  }

  /** A new article as a signed webhook, and its publisher's id for it. */
  webhook(path = `/webhooks/${PUBLISHER}`): { sourceId: string; request: Buffer } {
    this.#sent += 1;
    const sourceId = `${this.#site}-${process.pid}-${this.#sent}`;
    const template = TEMPLATES[this.#sent % TEMPLATES.length];
    const at = new Date();
    const { publishedAt: _published, updatedAt: _updated, ...draft } = template ?? { id: '' };
    // Explicit, because a whole page may contain another date.
    const publishedAt = at.toISOString();
    const data = { ...draft, id: sourceId, headline: `${template?.headline} ${this.#sent}`, publishedAt };
    const body = JSON.stringify({ type: 'article.published', timestamp: at.toISOString(), data });
    const timestamp = String(Math.floor(at.getTime() / 1_000));
    const key = Buffer.from(this.secret, 'base64');
    const signature = createHmac('sha256', key).update(`${sourceId}.${timestamp}.${body}`).digest('base64');
    const headers = {
      'Content-Type': 'application/json',
      'webhook-id': sourceId,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    };
    return { sourceId, request: wireRequest('POST', path, headers, body) };
  }

  async #bench(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(new URL(path, this.#arena.url(this.#site, 'bench')), init);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response;
  }
}
