import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll } from 'vitest';
import { deskOf, subscriptionsOf } from '../src/bindings.ts';
import { checkAnswers } from './client.ts';

// The files in workerd share its KV and its Desk: each begins with none of what the one before left there. workerd
// keeps what an evicted Durable Object stored, so both are woken first.
beforeAll(async () => {
  await Promise.all([deskOf(env).backlog(), subscriptionsOf(env).list('', 1)]);
  await reset();
});

// Whatever a test was answered, the API's document must say.
afterEach(checkAnswers);
