/** The operator's API as the commands `backup` and `restore` use it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { oneLine } from '../src/text/text.ts';
import { asJson, causeOf, problemIn, retryAfterOf } from './client.ts';
import { checkedSite, withSite } from './connection.ts';
import { Failure, Unreachable } from './report.ts';

export interface OperatorOptions {
  site?: string;
  adminToken?: string;
}

const TIMEOUT_MS = 120_000;
/** Seven seconds in total for a site that is not there; several minutes for one that is busy. */
const MAX_TRIES_UNREACHABLE = 4;
const MAX_TRIES_BUSY = 10;
const MAX_WAIT_MS = 60_000;

/** Adds the options for the site and the operator's token. */
export function withOperator(command: Command): Command {
  return withSite(command).addOption(
    new Option('--admin-token <token>', 'the operator’s token; safer in the environment').env(
      'DATELINE_ADMIN_TOKEN',
    ),
  );
}

/** A response that is neither busy nor failing. */
export interface OperatorAnswer {
  status: number;
  text: string;
}

/** Sends requests to a site's `/admin`. Retries while the site is busy (429, 5xx) or unreachable. */
export class OperatorClient {
  readonly site: string;
  readonly #token: string;

  /** @throws Failure when an option is missing or invalid */
  constructor({ site, adminToken }: OperatorOptions) {
    if (!site) throw new Failure('--site, or DATELINE_SITE, is required.');
    if (!adminToken?.trim())
      throw new Failure('--admin-token, or DATELINE_ADMIN_TOKEN, is required: the site’s ADMIN_TOKEN.');
    this.site = checkedSite(site);
    this.#token = adminToken.trim();
  }

  /** @throws Failure when the site rejects the token, is no Dateline, or stays busy or unreachable */
  async send(method: 'GET' | 'POST', path: string, body?: string): Promise<OperatorAnswer> {
    for (let tries = 1; ; tries += 1) {
      let failure: Failure;
      let wait = 500 * 2 ** tries;
      let maxTries = MAX_TRIES_BUSY;
      try {
        const { status, text, retryAfter } = await this.#fetch(method, path, body);
        if (status < 500 && status !== 429) return { status, text };
        failure = new Failure(
          `The site stays busy (${status} ${problemOf(text)}). Run the same command later.`,
        );
        wait = retryAfter ?? wait;
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        failure = error;
        maxTries = MAX_TRIES_UNREACHABLE;
      }
      if (tries >= maxTries || wait > MAX_WAIT_MS) throw failure;
      await sleep(wait);
    }
  }

  async #fetch(method: string, path: string, body: string | undefined) {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.site}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body !== undefined && { 'content-type': 'application/x-ndjson' }),
        },
        ...(body !== undefined && { body }),
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await response.text();
    } catch (error) {
      throw new Unreachable(
        `${this.site} is unreachable (${causeOf(error)}). Run the same command to continue.`,
      );
    }
    const { status, headers } = response;
    if (status >= 300 && status < 400) throw new Failure(`${this.site} redirects. Check --site.`);
    if (status === 401)
      throw new Failure(`${this.site} rejects the token: it is not the site’s ADMIN_TOKEN.`);
    if (status === 404 || status === 405)
      throw new Failure(
        `${this.site} has no ${path.split('?')[0]}: it is not a Dateline site of this release.`,
      );
    return { status, text, retryAfter: retryAfterOf(headers.get('retry-after')) };
  }
}

/** What a problem document (RFC 9457) says, in one line. */
export function problemOf(text: string): string {
  const body = asJson(text);
  return oneLine(body === undefined ? text.slice(0, 200) : problemIn(body));
}
