import { WorkerEntrypoint } from 'cloudflare:workers';
import { backUpToBucket } from './admin/scheduled-backup.ts';
import { createApp, openStore } from './app.ts';
import type { Bindings } from './bindings.ts';
import { Isolate } from './isolate.ts';
import { consume } from './push/consumer.ts';
import type { PushMessage } from './push/messages.ts';

export { Desk } from './desk/desk.ts';
export { Subscriptions } from './push/subscriptions.ts';

/** The state of the running isolate, and the request handlers that use it. */
const isolate = new Isolate();
const app = createApp(isolate);

/** Public reads, behind a cache if wrangler.toml enables one. */
export class PublicReads extends WorkerEntrypoint<Bindings> {
  override async fetch(request: Request): Promise<Response> {
    return app.route(request, this.env, this.ctx);
  }

  async isCached(): Promise<boolean> {
    return this.ctx.cache !== undefined;
  }

  /** Removes every cached response with one of these tags. A purge affects only the entrypoint that requests it. */
  async purge(tags: string[]): Promise<void> {
    const result = await this.ctx.cache?.purge({ tags });
    if (result?.success === false)
      throw new Error(`The cache was not purged: ${JSON.stringify(result.errors)}`);
  }
}

export default {
  fetch: app.fetch,
  queue: (batch, env, ctx) =>
    consume(
      batch,
      env,
      { render: app.renderFor(env), store: openStore(env, isolate, 'pages for push'), isolate },
      ctx,
    ),
  scheduled: async (controller, env) => {
    await backUpToBucket(env, controller.scheduledTime);
  },
} satisfies ExportedHandler<Bindings, PushMessage>;
