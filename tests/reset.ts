import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll } from 'vitest';
import { deskOf, subscriptionsOf } from '../src/bindings.ts';
import { checkAnswers } from './client.ts';

// All files in workerd share its KV and its Desk, so each starts by clearing them. workerd does not clear the storage
// of an evicted Durable Object, so both are woken first.
beforeAll(async () => {
  await Promise.all([deskOf(env).backlog(), subscriptionsOf(env).list('', 1)]);
  await reset();
});

// Every response in a test must be as documented.
afterEach(checkAnswers);
