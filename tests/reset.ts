import { reset } from 'cloudflare:test';
import { afterEach, beforeAll } from 'vitest';
import { checkAnswers } from './client.ts';

// The files in workerd share its KV and its Desk: each begins with none of what the one before left there.
beforeAll(() => reset());

// Whatever a test was answered, the API's document must say.
afterEach(checkAnswers);
