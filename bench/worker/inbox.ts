import { DurableObject } from 'cloudflare:workers';

/** The minimum that makes an accepted webhook durable: one row. */
export class Inbox extends DurableObject<object> {
  constructor(ctx: DurableObjectState, env: object) {
    super(ctx, env);
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS inbox (id TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID');
  }

  store(id: string, body: string): void {
    this.ctx.storage.sql.exec('INSERT OR REPLACE INTO inbox VALUES (?, ?)', id, body);
  }
}
