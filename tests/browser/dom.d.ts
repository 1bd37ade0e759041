/**
 * The little of a browser's globals that functions run in a page use. The project is checked with the Workers types,
 * which know no document; the DOM's own would let Worker code use it.
 */
export interface PageGlobals {
  document: {
    documentElement: PageElement;
    body: PageElement;
    images: Iterable<{ complete: boolean }>;
    activeElement: PageElement | null;
    open(): void;
    write(html: string): void;
    close(): void;
  };
  innerWidth: number;
  innerHeight: number;
  getComputedStyle(element: PageElement): Record<string, string>;
  scrollTo(x: number, y: number): void;
  requestAnimationFrame(done: () => void): void;
  PerformanceObserver: new (
    seen: (list: { getEntries(): LayoutShift[] }) => void,
  ) => { observe(options: { type: string; buffered: boolean }): void; disconnect(): void };
}

export interface PageElement {
  id: string;
  tagName: string;
  innerText: string;
  outerHTML: string;
  scrollWidth: number;
  clientWidth: number;
  scrollHeight: number;
  getBoundingClientRect(): { top: number; bottom: number; left: number; right: number };
}

interface LayoutShift {
  value: number;
  sources: LayoutShiftSource[];
}

/** Elements have `outerHTML`, texts `data`; a node that was removed since is null. */
export interface LayoutShiftSource {
  node: { outerHTML?: string; data?: string } | null;
}
