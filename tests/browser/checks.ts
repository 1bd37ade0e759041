import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import type { LayoutShiftSource, PageGlobals } from './dom.d.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** By how many pixels the page is wider than the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { documentElement } = (globalThis as unknown as PageGlobals).document;
    return documentElement.scrollWidth - documentElement.clientWidth;
  });
}

/**
 * Replaces a page with this HTML as a very slow line brings it: the browser paints after each opening tag with its
 * text, and within long texts.
 */
export async function writeSlowly(page: Page, html: string): Promise<void> {
  // A blank page has no policy that would refuse the style sheet.
  await page.goto('about:blank');
  const body = html.indexOf('<body');
  const parts = [
    html.slice(0, body),
    ...(html.slice(body).match(/(?:<[^>]*>)?[^<]{0,80}(?:<\/[^>]*>)*/g) ?? []),
  ];
  await page.evaluate(async (texts) => {
    const scope = globalThis as unknown as PageGlobals;
    scope.document.open();
    for (const text of texts) {
      scope.document.write(text);
      await new Promise<void>((done) => scope.requestAnimationFrame(() => done()));
    }
    scope.document.close();
  }, parts);
}

/** What moved since the page began, when a reader scrolls it through: pictures further down load as they come near. */
export function layoutShifts(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const scope = globalThis as unknown as PageGlobals;
    const frame = () => new Promise<void>((done) => scope.requestAnimationFrame(() => done()));
    for (let y = 0; y < scope.document.body.scrollHeight; y += 600) {
      scope.scrollTo(0, y);
      await frame();
    }
    await Promise.all(
      [...scope.document.images].map(
        (image) =>
          image.complete || new Promise((done) => Object.assign(image, { onload: done, onerror: done })),
      ),
    );
    scope.scrollTo(0, 0);
    await frame();
    const moved: string[] = [];
    // White space between two elements: Chromium places it anew once the second is there, and nobody sees it.
    const isSeen = ({ node }: LayoutShiftSource) => node?.data === undefined || node.data.trim() !== '';
    const observer = new scope.PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries()) {
        if (sources.length > 0 && !sources.some(isSeen)) continue;
        const nodes = sources.map(
          ({ node }) => node?.outerHTML?.slice(0, 100) ?? node?.data ?? 'a removed node',
        );
        moved.push(`${value}: ${nodes.join(' | ')}`);
      }
    });
    observer.observe({ type: 'layout-shift', buffered: true });
    await frame();
    await frame();
    observer.disconnect();
    return moved;
  });
}

/** What axe finds wrong by WCAG 2.2 AA and good practice, or by these rules alone. */
export async function accessibility(page: Page, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const runOnly = rules === undefined ? STANDARDS : { type: 'rule' as const, values: rules };
  const { violations } = await page.evaluate(
    (options) =>
      (globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(options),
    { runOnly, resultTypes: ['violations'], preload: false, elementRef: false } as RunOptions,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  );
}

/** The element that has the focus: whether it lies in the window, and shows that it has it. */
export function focused(page: Page): Promise<{ html: string; inWindow: boolean; outlined: boolean }> {
  return page.evaluate(() => {
    const scope = globalThis as unknown as PageGlobals;
    const element = scope.document.activeElement ?? scope.document.body;
    const box = element.getBoundingClientRect();
    const style = scope.getComputedStyle(element);
    return {
      html: element.outerHTML.slice(0, 120),
      inWindow: box.bottom > 0 && box.top < scope.innerHeight && box.right > 0 && box.left < scope.innerWidth,
      outlined: style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth ?? '0') >= 2,
    };
  });
}
