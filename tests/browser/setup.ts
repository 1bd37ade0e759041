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

/** One Dateline with the example articles and one browser for all files: starting them takes longer than most tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [site, server] = await Promise.all([
    startExampleSite(),
    browserOptions().then((options) => chromium.launchServer(options)),
  ]);
  const { origin, adminToken, cards } = site;
  project.provide('site', { origin, adminToken, cards });
  project.provide('browser', server.wsEndpoint());
  return async () => {
    await Promise.all([server.close(), site.end()]);
  };
}
