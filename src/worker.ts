import { WorkerEntrypoint } from 'cloudflare:workers';
import { app, publicReads, serve } from './app.ts';
import type { Bindings } from './bindings.ts';
import { consume } from './push/consumer.ts';
import type { PushMessage } from './push/messages.ts';

export { Desk } from './desk/desk.ts';
export { Subscriptions } from './push/subscriptions.ts';

/** Public reads, with a cache in front if wrangler.toml says so, and what is purged from it. */
export class PublicReads extends WorkerEntrypoint<Bindings> {
  override async fetch(request: Request): Promise<Response> {
    return app.fetch(request, this.env, this.ctx);
  }

  async isCached(): Promise<boolean> {
    return this.ctx.cache !== undefined;
  }

  /** Drops every cached answer with one of these tags. A purge concerns the entrypoint alone that asks for it. */
  async purge(tags: string[]): Promise<void> {
    const result = await this.ctx.cache?.purge({ tags });
    if (result?.success === false)
      throw new Error(`The cache was not purged: ${JSON.stringify(result.errors)}`);
  }
}

export default {
  fetch: serve,
  queue: (batch, env) => consume(batch, env, publicReads(env)),
} satisfies ExportedHandler<Bindings, PushMessage>;
