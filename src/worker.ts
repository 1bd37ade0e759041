import { publicReads, serve } from './app.ts';
import type { Bindings } from './bindings.ts';
import { consume } from './push/consumer.ts';
import type { PushMessage } from './push/messages.ts';

export { Desk } from './desk/desk.ts';
export { Subscriptions } from './push/subscriptions.ts';

export default {
  fetch: serve,
  queue: (batch, env) => consume(batch, env, publicReads(env)),
} satisfies ExportedHandler<Bindings, PushMessage>;
