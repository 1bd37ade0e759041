import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { type LocalDateline, startDateline } from '../../scripts/local.ts';
import { freePort } from '../../scripts/ports.ts';
import { WITHOUT_TRACES } from '../../scripts/wrangler.ts';
import { Contract } from '../contract.ts';
import { seen } from '../seen.ts';

const contract = new Contract();

/** A whole Dateline of a test's own, seen from outside over HTTP alone. */
export class TestSite {
  readonly #port: number;
  readonly #state: string;
  readonly #vars: Record<string, string>;
  #running: LocalDateline;
  readonly #secrets = new Map<string, string>();
  #deliveries = 0;

  private constructor(port: number, state: string, vars: Record<string, string>, running: LocalDateline) {
    this.#port = port;
    this.#state = state;
    this.#vars = vars;
    this.#running = running;
  }

  static async start(vars: Record<string, string> = {}): Promise<TestSite> {
    const [port, state] = [await freePort(), await mkdtemp(join(tmpdir(), 'dateline-'))];
    return new TestSite(
      port,
      state,
      vars,
      await startDateline({ port, persistTo: state, vars, env: WITHOUT_TRACES }),
    );
  }

  get origin(): string {
    return this.#running.origin;
  }

  /** Where its log and all that it stores lie. */
  get folder(): string {
    return this.#state;
  }

  /** Ends every process of it at once, as a power cut would. */
  kill(): Promise<void> {
    return this.#running.kill();
  }

  /** Starts again on the same port and state. */
  async restart(): Promise<void> {
    const [port, vars] = [this.#port, this.#vars];
    this.#running = await startDateline({ port, persistTo: this.#state, vars, env: WITHOUT_TRACES });
  }

  /** The operator's token. */
  get adminToken(): string {
    return this.#running.adminToken;
  }

  /** Loses all that it stores, KV and every Durable Object, and starts again on the same port. */
  async lose(): Promise<void> {
    await this.#running.kill();
    await rm(this.#state, { recursive: true, force: true });
    await this.restart();
  }

  async end(): Promise<void> {
    await this.#running.stop();
    await rm(this.#state, { recursive: true, force: true });
  }

  /** Every answer is held against the API's document (`contract.ts`). */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(this.origin + path, { redirect: 'manual', ...init });
    const fault = contract.fault(await seen(init, path, response));
    if (fault !== undefined) throw new Error(`not as documented: ${fault}`);
    return response;
  }

  async json<Body>(path: string): Promise<Body> {
    const response = await this.fetch(path);
    if (!response.ok) throw new Error(`${path} gave ${response.status}`);
    return (await response.json()) as Body;
  }

  asAdmin(path: string, method = 'GET', body?: object): Promise<Response> {
    return this.fetch(path, {
      method,
      headers: { Authorization: `Bearer ${this.#running.adminToken}` },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  async register(publisher: string): Promise<void> {
    const response = await this.asAdmin(`/admin/publishers/${publisher}`, 'PUT', { name: publisher });
    const { secret } = (await response.json()) as { secret: string };
    this.#secrets.set(publisher, secret);
  }

  /** What a publisher's own tools sign with. */
  secretOf(publisher: string): string {
    return this.#secrets.get(publisher) ?? '';
  }

  /** Signs a body for a publisher and posts it. */
  async post(
    publisher: string,
    body: string,
    options: { id?: string; path?: string } = {},
  ): Promise<Response> {
    this.#deliveries += 1;
    const id = options.id ?? `delivery-${this.#deliveries}`;
    const now = new Date();
    return this.fetch(`/webhooks/${publisher}${options.path ?? ''}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': new Webhook(this.secretOf(publisher)).sign(id, now, body),
      },
      body,
    });
  }

  /** Every article's id in the pages of a feed, from the newest to the last. */
  async feedIds(path: string): Promise<string[]> {
    const ids: string[] = [];
    let next: string | undefined = path;
    while (next !== undefined) {
      const feed: { items: { id: string }[]; next_url?: string } = await this.json(next);
      ids.push(...feed.items.map((item) => item.id.replace('urn:dateline:', '')));
      next = feed.next_url?.replace(this.origin, '');
    }
    return ids;
  }

  /** Every article's id in `/changes`, from the start to the end. */
  async changedIds(): Promise<string[]> {
    const ids: string[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const page: { changes: { id: string }[]; next: number | null } = await this.json(
        `/changes?after=${after}`,
      );
      ids.push(...page.changes.map((change) => change.id));
      after = page.next;
    }
    return ids;
  }
}

/** Runs `work` for every input with so many at once, in order of the inputs. */
export async function inFlight<Input, Result>(
  inputs: Iterable<Input>,
  atOnce: number,
  work: (input: Input) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = numbered(inputs);
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const [index, input] of queue) results[index] = await work(input);
    }),
  );
  return results;
}

function* numbered<Input>(inputs: Iterable<Input>): Generator<readonly [index: number, input: Input]> {
  let index = 0;
  for (const input of inputs) yield [index++, input];
}

/** Tries until `check` passes, for as long as KV may lag behind the Desk here. */
export async function eventually(check: () => Promise<void>, milliseconds = 90_000): Promise<void> {
  const end = Date.now() + milliseconds;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((waited) => setTimeout(waited, 200));
    }
  }
}
