import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LocalDateline, startDateline } from '../local.ts';
import { WITHOUT_TRACES } from '../wrangler.ts';
import type { Clock, Disk } from './surroundings.ts';

/** The time limit of one request; long, because the machine is busy with the soak. */
const TIMEOUT_MS = 30_000;

/** Miniflare's own API for local KV. */
const KV = '/cdn-cgi/local/explorer/api/storage/kv/namespaces/KV';

/** How long connections may be reset after a step of the clock, or while the disk is full. */
const UNSETTLED_MS = 15_000;

/** How many connections may be reset although nothing happened to the site. */
const MAX_RESETS = 20;

/** Subscribers on this machine, and pauses that a soak outlives. */
const VARS = { ALLOW_PRIVATE_CALLBACKS: 'true', PUSH_PAUSES: '2,4,8' };

/** The Dateline under test: sends requests to it, kills it and restarts it. */
export class SoakSite {
  readonly #port: number;
  readonly #folder: string;
  readonly clock: Clock;
  readonly disk: Disk;
  #running: LocalDateline;
  #isUp = true;
  #isEnding = false;
  #restarting: Promise<void> = Promise.resolve();
  #kills = 0;
  /** The ends of the logs of a runtime that ended by itself while its disk was full or its clock stepped. */
  readonly ends: string[] = [];
  /** Requests without a response because the process was killed, its clock stepped, or its disk was full. */
  lost = 0;
  /** Connections that were reset although nothing happened to the site. */
  resets = 0;
  /** Until when a connection may be reset although nobody killed the process, in this process's milliseconds. */
  #unsettledUntil = 0;

  private constructor(port: number, folder: string, clock: Clock, disk: Disk, running: LocalDateline) {
    this.#port = port;
    this.#folder = folder;
    this.clock = clock;
    this.disk = disk;
    this.#running = running;
    this.#watch(running);
  }

  /** @param folder for its log and, in `state`, all that it stores */
  static async start(port: number, folder: string, clock: Clock, disk: Disk): Promise<SoakSite> {
    return new SoakSite(port, folder, clock, disk, await startIn(folder, port, clock));
  }

  get origin(): string {
    return this.#running.origin;
  }

  get kills(): number {
    return this.#kills;
  }

  /** Called before a fault of its surroundings: the runtime itself may reset connections. */
  unsettle(): void {
    this.#unsettledUntil = Date.now() + UNSETTLED_MS;
  }

  /** Kills all its processes with SIGKILL and restarts it on the same state, after `meanwhile`. */
  crash(meanwhile: () => Promise<void> = async () => {}): Promise<void> {
    this.#restarting = this.#restarting.then(async () => {
      this.#isUp = false;
      this.#kills += 1;
      await this.#running.kill();
      await meanwhile();
      while (this.disk.isFull) await sleep(20);
      this.clock.forget();
      this.#running = await startIn(this.#folder, this.#port, this.clock);
      this.#watch(this.#running);
      this.#isUp = true;
    });
    return this.#restarting;
  }

  /** Starts a runtime again that ended by itself when its surroundings failed, as whoever runs it would. */
  #watch(running: LocalDateline): void {
    void running.exited.then(() => {
      if (this.#isEnding || !this.#isUp || this.#running !== running || Date.now() > this.#unsettledUntil)
        return;
      this.ends.push(this.#logEnd());
      return this.crash();
    });
  }

  #logEnd(): string {
    return readFileSync(logIn(this.#folder), 'utf8').slice(-2_000);
  }

  /** Kills it and deletes the files of the whole namespace before it starts again. */
  async crashWithoutKv(): Promise<void> {
    await this.crash(() => rm(join(stateIn(this.#folder), 'v3', 'kv'), { recursive: true, force: true }));
  }

  /** The names of all keys in KV. */
  async keys(): Promise<string[]> {
    const names: string[] = [];
    let cursor = '';
    do {
      const answer = await this.ask(`${KV}/keys?limit=1000&cursor=${encodeURIComponent(cursor)}`);
      if (answer?.status !== 200) return names;
      const { result, result_info } = JSON.parse(answer.text) as {
        result: { name: string }[];
        result_info: { cursor?: string };
      };
      names.push(...result.map(({ name }) => name));
      cursor = result_info.cursor ?? '';
    } while (cursor !== '');
    return names;
  }

  /** A key's value as KV has it. */
  async value(key: string): Promise<string> {
    const answer = await this.ask(`${KV}/values/${encodeURIComponent(key)}`);
    return answer?.status === 200 ? answer.text : '';
  }

  /** The file of the Desk's database. */
  async deskFile(): Promise<string> {
    const folder = join(stateIn(this.#folder), 'v3', 'do', 'dateline-Desk');
    const files = (await readdir(folder)).filter((name) => /^[0-9a-f]+\.sqlite$/.test(name));
    if (files.length !== 1) throw new Error(`${folder} has ${files.length} databases`);
    return join(folder, files[0] ?? '');
  }

  /** Deletes keys of KV under the running site. */
  async lose(keys: readonly string[]): Promise<void> {
    for (let at = 0; at < keys.length; at += 1_000) {
      await this.ask(`${KV}/bulk/delete`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(keys.slice(at, at + 1_000)),
      });
    }
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#restarting.catch(() => {});
    await this.#running.stop();
  }

  /**
   * Sends a request and reads the whole body; undefined when the process was killed in the meantime. Throws when there is
   * no response although nobody killed it.
   */
  async ask(path: string, init: RequestInit = {}): Promise<Answer | undefined> {
    const kills = this.#kills;
    const startedAt = Date.now();
    try {
      const response = await fetch(this.origin + path, {
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...init,
      });
      const answer = { status: response.status, headers: response.headers, text: await response.text() };
      // wrangler's proxy says so when its connection to the site was reset.
      const isCut = answer.status === 500 && answer.text.startsWith('Error: Network connection lost');
      if (!isCut || this.#isSettled(kills, startedAt)) return answer;
      throw new Error('the connection was reset');
    } catch (error) {
      // The dev server closes an idle connection at the moment that this process uses it again, on a busy machine.
      if (this.#isSettled(kills, startedAt) && !(isReset(error) && ++this.resets <= MAX_RESETS)) {
        throw new Error(
          `${init.method ?? 'GET'} ${path} got no response. The end of the log:\n${this.#logEnd()}`,
          {
            cause: error,
          },
        );
      }
      this.lost += 1;
      await sleep(50);
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

  /** Whether nothing that loses a response happened to the site during a request. */
  #isSettled(kills: number, startedAt: number): boolean {
    return this.#isUp && kills === this.#kills && startedAt > this.#unsettledUntil;
  }

  /** Whether a fault of its surroundings is not long over. */
  get isUnsettled(): boolean {
    return Date.now() <= this.#unsettledUntil;
  }

  async #untilUp(): Promise<void> {
    while (!this.#isUp) await sleep(20);
  }
}

/** Whether a request failed because its connection was closed, not because there was none or no response in time. */
const isReset = (error: unknown): boolean =>
  error instanceof Error &&
  ['ECONNRESET', 'UND_ERR_SOCKET'].includes((error.cause as NodeJS.ErrnoException | undefined)?.code ?? '');

/** Where the state is, which may be a disk of its own. */
export const stateIn = (folder: string): string => join(folder, 'state');

const logIn = (folder: string): string => join(folder, 'wrangler.log');

const startIn = (folder: string, port: number, { env = {} }: Clock): Promise<LocalDateline> =>
  startDateline({
    ...{ port, persistTo: stateIn(folder), vars: VARS, logPath: logIn(folder) },
    env: { ...env, ...WITHOUT_TRACES },
  });

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

/** Asks until there is a response that does not ask for a retry. */
export async function answerTo(ask: () => Promise<Answer | undefined>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && !isPutOff(answer)) return answer;
    await sleep(200);
  }
}
