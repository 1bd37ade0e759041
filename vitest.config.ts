import { join } from 'node:path';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { Contract } from './tests/contract.ts';
import type { SeenAnswer } from './tests/seen.ts';

/** Pure code in rooms whose other code needs workerd. */
const PURE = ['tests/edge/bot-filter.test.ts', 'tests/store/lru-cache.test.ts'];

const contract = new Contract();

// No test measures time. These limits only end tests that hang, also on a busy machine.
const IN_PROCESS = { testTimeout: 120_000, hookTimeout: 180_000 };
const WITH_PROCESSES = { testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    // Tests mostly wait for queues, alarms and browsers; Vitest's default would leave one of two cores idle.
    maxWorkers: 4,
    // Tests start the commands and wrangler about fifty times; the cache saves compiling them each time.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compile') },
    projects: [
      {
        test: {
          // Pure code, conformance checks and the rules of the code, in plain Node.
          name: 'node',
          ...IN_PROCESS,
          include: [
            'tests/*.test.ts',
            'tests/{domain,text,locales,markup,dialects,normalize,formats,feeds,conformance,house,cli,scripts,bench}/**/*.test.ts',
            ...PURE,
          ],
          setupFiles: ['tests/property-seed.ts'],
          // Pure code keeps no state, and loading it again for each file would take a third of the time.
          isolate: false,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              r2Buckets: ['BACKUPS', 'ARCHIVE'],
              // A tenth of the limit in wrangler.toml, so that a test can reach it.
              ratelimits: { DELIVERY_LIMIT: { namespace_id: '1', simple: { limit: 600, period: 60 } } },
              serviceBindings: {
                // Every response in a test is validated against the API's document (tests/contract.ts).
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
        // workerd has no environment of the process.
        define: { 'process.env.FC_SEED': JSON.stringify(process.env.FC_SEED ?? null) },
        test: {
          // Everything that uses KV, the Desk or a route, inside workerd.
          name: 'workerd',
          ...IN_PROCESS,
          include: ['tests/{access,admin,desk,edge,http,intake,push,store}/**/*.test.ts'],
          exclude: PURE,
          // Starting a workerd for each file would take longer than running it.
          isolate: false,
          setupFiles: ['tests/reset.ts', 'tests/property-seed.ts'],
        },
      },
      {
        test: {
          // Each file tests its own running Dateline over HTTP, and mostly waits.
          name: 'end-to-end',
          include: ['tests/end-to-end/**/*.test.ts'],
          ...WITH_PROCESSES,
        },
      },
      {
        test: {
          // The pages of a running Dateline in a real browser. All files share one site and one browser: only one
          // file changes the settings, and no other depends on them.
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          globalSetup: ['tests/browser/setup.ts'],
          ...WITH_PROCESSES,
        },
      },
    ],
  },
});
