import { type Browser, chromium, type Page, type Route } from 'playwright-core';
import { inject } from 'vitest';
import { origin, PHONE } from './site.ts';

/** What publishers' pictures are here: a drawing of another shape than any that a page says. */
const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="700"><rect width="900" height="700" fill="#8aa"/></svg>';

/** A page that was opened, and what the browser had to say about it. */
export interface Visit {
  page: Page;
  status: number;
  /** Each time the page's policy kept something out. */
  violations: string[];
  /** What outside of the site it asked for. */
  outside: string[];
}

interface Wishes {
  javaScriptEnabled?: boolean;
  /** Answers for hosts outside; pictures are answered, all else is kept from the network. */
  answer?: (route: Route, url: URL) => Promise<boolean>;
}

/** Somebody at a browser who can reach this site and nothing else. */
export class Visitor {
  readonly #browser: Browser;
  readonly #visit: Omit<Visit, 'status'>;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#visit = { page, violations: [], outside: [] };
  }

  static async arrive({ javaScriptEnabled = true, answer }: Wishes = {}): Promise<Visitor> {
    const browser = await chromium.connect(inject('browser'));
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    const visitor = new Visitor(browser, page);
    const { violations, outside } = visitor.#visit;
    await context.route(
      (url) => url.origin !== origin,
      async (route) => {
        const url = new URL(route.request().url());
        outside.push(url.href);
        if (route.request().resourceType() === 'image') {
          return route.fulfill({ contentType: 'image/svg+xml', body: PICTURE });
        }
        if (!(await answer?.(route, url))) await route.abort();
      },
    );
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text());
    });
    return visitor;
  }

  /** Opens a page of the site and waits until all of it is there. */
  async open(path: string, size = PHONE): Promise<Visit> {
    const { page, violations, outside } = this.#visit;
    violations.length = 0;
    outside.length = 0;
    await page.setViewportSize(size);
    const response = await page.goto(origin + path, { waitUntil: 'load' });
    return { ...this.#visit, status: response?.status() ?? 0 };
  }

  /** Makes the window larger or smaller, or zooms, which is the same to a page. */
  async resize(size: { width: number; height: number }): Promise<Page> {
    await this.#visit.page.setViewportSize(size);
    return this.#visit.page;
  }

  leave(): Promise<void> {
    return this.#browser.close();
  }
}
