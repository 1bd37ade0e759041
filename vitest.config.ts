import { join } from 'node:path';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { Contract } from './tests/contract.ts';
import type { SeenAnswer } from './tests/seen.ts';

/** Pure code in rooms whose other code needs workerd. */
const PURE = ['tests/edge/bot-filter.test.ts', 'tests/store/lru-cache.test.ts'];

const contract = new Contract();

// Nothing here measures time: these limits end what hangs, also on a machine that is busy with much else.
const IN_PROCESS = { testTimeout: 120_000, hookTimeout: 180_000 };
const WITH_PROCESSES = { testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    // Much of a run is waiting: for queues, alarms, browsers. Vitest would leave one of two processors idle.
    maxWorkers: 4,
    // Tests start our commands and wrangler some fifty times: each need not be compiled anew.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compile') },
    projects: [
      {
        test: {
          // Pure code, other people's judges, and the house's own rules: plain Node.
          name: 'node',
          ...IN_PROCESS,
          include: [
            'tests/*.test.ts',
            'tests/{domain,text,locales,markup,dialects,normalize,formats,feeds,conformance,house,cli,scripts,bench}/**/*.test.ts',
            ...PURE,
          ],
          setupFiles: ['tests/property-seed.ts'],
          // Pure code leaves nothing behind, and loading it anew for each file takes a third of the time.
          isolate: false,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              // A tenth of what wrangler.toml allows, so that a test can use it up.
              ratelimits: { DELIVERY_LIMIT: { namespace_id: '1', simple: { limit: 600, period: 60 } } },
              serviceBindings: {
                // Every answer that a test gets is held against the API's document (tests/contract.ts).
                CONTRACT: async (request: Request) => {
                  const answers = (await request.json()) as SeenAnswer[];
                  return new Response(answers.flatMap((each) => contract.fault(each) ?? []).join('\n'));
                },
              },
              bindings: {
                ADMIN_TOKEN: 'a-token-for-tests',
                SECRETS_KEY: btoa('a key of thirty-two bytes, tests'),
              },
            },
          }),
        ],
        test: {
          // Everything that touches KV, the Desk or a route: inside workerd.
          name: 'workerd',
          ...IN_PROCESS,
          include: ['tests/{access,admin,desk,edge,http,intake,push,store}/**/*.test.ts'],
          exclude: PURE,
          // A workerd of its own takes each file longer to start than to run.
          isolate: false,
          setupFiles: ['tests/reset.ts'],
        },
      },
      {
        test: {
          // Black box: each file has a Dateline of its own, over HTTP. Most of its time it waits.
          name: 'end-to-end',
          include: ['tests/end-to-end/**/*.test.ts'],
          ...WITH_PROCESSES,
        },
      },
      {
        test: {
          // What a reader's browser makes of the pages of a real Dateline. One site and one browser for all of them:
          // only one file changes its settings, and no other depends on them.
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          globalSetup: ['tests/browser/setup.ts'],
          ...WITH_PROCESSES,
        },
      },
    ],
  },
});
