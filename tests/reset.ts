import { reset } from 'cloudflare:test';
import { beforeAll } from 'vitest';

// The files in workerd share its KV and its Desk: each begins with none of what the one before left there.
beforeAll(() => reset());
