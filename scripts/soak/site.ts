import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LocalDateline, startDateline } from '../local.ts';

/** The time limit of one request; long, because the machine is busy with the soak. */
const TIMEOUT_MS = 30_000;

/** The Dateline under test: sends requests to it, kills it and restarts it. */
export class SoakSite {
  readonly #port: number;
  readonly #state: string;
  #running: LocalDateline;
  #isUp = true;
  #kills = 0;
  /** Requests without a response because the process was killed. */
  lost = 0;

  private constructor(port: number, state: string, running: LocalDateline) {
    this.#port = port;
    this.#state = state;
    this.#running = running;
  }

  static async start(port: number, state: string): Promise<SoakSite> {
    return new SoakSite(port, state, await startDateline({ port, persistTo: state }));
  }

  get origin(): string {
    return this.#running.origin;
  }

  get kills(): number {
    return this.#kills;
  }

  /** Kills all its processes with SIGKILL and restarts it on the same state. */
  async crash(): Promise<void> {
    this.#isUp = false;
    this.#kills += 1;
    await this.#running.kill();
    this.#running = await startDateline({ port: this.#port, persistTo: this.#state });
    this.#isUp = true;
  }

  async end(): Promise<void> {
    await this.#running.stop();
    await rm(this.#state, { recursive: true, force: true });
  }

  /**
   * Sends a request and reads the whole body; undefined when the process was killed in the meantime. Throws when there is
   * no response although nobody killed it.
   */
  async ask(path: string, init: RequestInit = {}): Promise<Answer | undefined> {
    const kills = this.#kills;
    try {
      const response = await fetch(this.origin + path, {
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...init,
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (error) {
      if (this.#isUp && kills === this.#kills) {
        throw new Error(`${init.method ?? 'GET'} ${path} got no response`, { cause: error });
      }
      this.lost += 1;
      await this.#untilUp();
      return undefined;
    }
  }

  askAsOperator(method: string, path: string, body?: object): Promise<Answer | undefined> {
    return this.ask(path, {
      method,
      headers: { Authorization: `Bearer ${this.#running.adminToken}` },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  async #untilUp(): Promise<void> {
    while (!this.#isUp) await sleep(20);
  }
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** Whether a response asks for a retry. 429 and 503 must have `Retry-After`. */
export function isPutOff({ status, headers }: Answer): boolean {
  if (status !== 429 && status !== 503) return false;
  if (!/^\d+$/.test(headers.get('Retry-After') ?? '')) throw new Error(`${status} without Retry-After`);
  return true;
}
