import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { ExampleArticle, ExamplePublisher } from './examples.ts';
import { signedHeaders } from './signing.ts';

/** Dateline's response to a webhook: the outcome for the article, or why it was refused. */
export type Answer =
  | { httpStatus: number; status: string; article: { id: string; version: number } }
  | { httpStatus: number; refusal: string };

/** The publishers of the demo: registers them, keeps their secrets in one file and signs their deliveries. */
export class Newsroom {
  readonly #origin: string;
  readonly #adminToken: string;
  readonly #secretsPath: string;
  readonly #secrets: Record<string, string>;

  constructor(origin: string, adminToken: string, secretsPath: string) {
    this.#origin = origin;
    this.#adminToken = adminToken;
    this.#secretsPath = secretsPath;
    this.#secrets = existsSync(secretsPath) ? JSON.parse(readFileSync(secretsPath, 'utf8')) : {};
  }

  /** Registers the publisher and saves its secret. Rotates the secret when it was lost. */
  async register({
    id,
    profile,
  }: ExamplePublisher): Promise<'registered' | 'already known' | 'given a new secret'> {
    const created = await this.#admin('PUT', `/admin/publishers/${id}`, profile);
    if (created.secret !== undefined) {
      this.#keep(id, created.secret);
      return 'registered';
    }
    if (this.#secrets[id] !== undefined) return 'already known';
    await this.#rotate(id);
    return 'given a new secret';
  }

  /**
   * Sends the article as a new delivery. A rejected signature means that the site's data or key was replaced since the
   * secret was saved: then this rotates the secret and sends the article once more.
   */
  async publish(article: ExampleArticle): Promise<Answer> {
    const answer = await this.#deliver(article);
    if (answer.httpStatus !== 401) return answer;
    await this.#rotate(article.publisher);
    return this.#deliver(article);
  }

  async #deliver({ publisher, body }: ExampleArticle): Promise<Answer> {
    const secret = this.#secrets[publisher];
    if (secret === undefined) throw new Error(`${publisher} is not registered`);
    const response = await fetch(`${this.#origin}/webhooks/${publisher}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...signedHeaders(secret, `msg_${randomUUID()}`, body),
      },
      body,
    });
    const text = await response.text();
    if (!response.ok) return { httpStatus: response.status, refusal: text };
    return { httpStatus: response.status, ...JSON.parse(text) };
  }

  async #rotate(id: string): Promise<void> {
    // No grace for the old secret: nobody has it.
    const rotated = await this.#admin('POST', `/admin/publishers/${id}/secrets?grace=0`);
    if (rotated.secret !== undefined) this.#keep(id, rotated.secret);
  }

  #keep(id: string, secret: string): void {
    this.#secrets[id] = secret;
    writeFileSync(this.#secretsPath, `${JSON.stringify(this.#secrets, null, 2)}\n`, { mode: 0o600 });
  }

  async #admin(method: 'PUT' | 'POST', path: string, settings?: object): Promise<{ secret?: string }> {
    const response = await fetch(this.#origin + path, {
      method,
      headers: { authorization: `Bearer ${this.#adminToken}`, 'content-type': 'application/json' },
      ...(settings && { body: JSON.stringify(settings) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} responded with ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}
