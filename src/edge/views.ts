import { deskOf } from '../bindings.ts';
import type { Isolate } from '../isolate.ts';
import { logFailure } from '../log.ts';
import type { Serve } from './response-cache.ts';
import { isReader } from './robots.ts';

type Views = [id: string, views: number][];

interface Batch {
  begunAt: number;
  total: number;
  views: Map<string, number>;
}

/**
 * Views that an isolate has counted and not handed over: in batches of so many, or of fewer after so long. What it
 * holds is bounded by the batch, and lost with the isolate.
 */
export class ViewCounter {
  readonly #most: number;
  readonly #longest: number;
  #open: Batch | undefined;

  constructor({ views, milliseconds }: { views: number; milliseconds: number }) {
    this.#most = views;
    this.#longest = milliseconds;
  }

  /** Counts one view. The first of a batch waits for the others; it or the last hands them all over. */
  add(id: string, context: Pick<ExecutionContext, 'waitUntil'>, take: (views: Views) => Promise<void>): void {
    const now = Date.now();
    const begins = this.#open === undefined;
    this.#open ??= { begunAt: now, total: 0, views: new Map() };
    const batch = this.#open;
    batch.total += 1;
    batch.views.set(id, (batch.views.get(id) ?? 0) + 1);
    // A wait that the platform cut short leaves an old batch behind: its next view takes it along.
    if (batch.total >= this.#most || now - batch.begunAt > this.#longest) {
      context.waitUntil(this.#handOver(batch, take));
    } else if (begins) {
      context.waitUntil(scheduler.wait(this.#longest).then(() => this.#handOver(batch, take)));
    }
  }

  async #handOver(batch: Batch, take: (views: Views) => Promise<void>): Promise<void> {
    if (this.#open !== batch) return;
    this.#open = undefined;
    try {
      await take([...batch.views]);
    } catch (error) {
      logFailure('views not counted', error, { views: batch.total });
    }
  }
}

// `waitUntil` outlives the response by 30 s at most.
const viewCounter = () => new ViewCounter({ views: 500, milliseconds: 20_000 });

/** An article's page; what has no slug, or a wrong one, is sent on to it. */
const ARTICLE_PAGE = /^[^?#]*?\/\/[^/]+\/news\/([0-9a-z]{16})\/[^/?#]+(?:[?#]|$)/;

/**
 * Counts the article pages that are sent to readers. A page sent is a view; "not modified" is none, for whoever asks
 * that has read this very copy.
 */
export function withViewCounter(serve: Serve, isolate: Isolate): Serve {
  const counter = isolate.get(viewCounter);
  return (request, env, context) => {
    const answer = serve(request, env, context);
    // What comes out of memory is there already, and need not wait.
    return answer instanceof Response ? count(answer) : answer.then(count);

    function count(response: Response): Response {
      if (response.status === 200 && context !== undefined) {
        const id = ARTICLE_PAGE.exec(request.url)?.[1];
        if (id !== undefined && isReader(request)) {
          counter.add(id, context, (views) => deskOf(env).countViews(views));
        }
      }
      return response;
    }
  };
}
