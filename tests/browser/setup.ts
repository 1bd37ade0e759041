import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { browserOptions } from '../../scripts/browser.ts';
import { type ExampleCard, startExampleSite } from '../../scripts/example-site.ts';

declare module 'vitest' {
  interface ProvidedContext {
    site: { origin: string; adminToken: string; cards: ExampleCard[] };
    browser: string;
  }
}

const READER =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36';

/** One Dateline with the example articles and one browser for all files, and one reader of the newest article. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [site, server] = await Promise.all([
    startExampleSite(),
    browserOptions().then((options) => chromium.launchServer(options)),
  ]);
  const { origin, adminToken, cards } = site;
  // Handed to the Desk twenty seconds later: while other tests run.
  const [opened] = cards;
  if (opened !== undefined) await fetch(opened.url, { headers: { 'User-Agent': READER } });
  project.provide('site', { origin, adminToken, cards });
  project.provide('browser', server.wsEndpoint());
  return async () => {
    await Promise.all([server.close(), site.end()]);
  };
}
