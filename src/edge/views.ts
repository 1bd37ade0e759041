import { deskOf } from '../bindings.ts';
import type { Isolate } from '../isolate.ts';
import { logFailure } from '../log.ts';
import { isHumanVisit } from './bot-filter.ts';
import type { Serve } from './response-cache.ts';

type Views = [id: string, views: number][];

interface Batch {
  startedAt: number;
  total: number;
  views: Map<string, number>;
}

interface BatchLimits {
  views: number;
  milliseconds: number;
}

/**
 * Counts views and sends them in batches. A batch ends after a number of views or a time. An isolate holds at most one
 * batch, and loses it when the isolate ends.
 */
export class ViewCounter {
  readonly #limits: BatchLimits;
  #batch: Batch | undefined;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  /** Counts one view. The first request of a batch waits for more views; it or the last one sends the batch. */
  add(id: string, context: Pick<ExecutionContext, 'waitUntil'>, send: (views: Views) => Promise<void>): void {
    const now = Date.now();
    const isFirst = this.#batch === undefined;
    this.#batch ??= { startedAt: now, total: 0, views: new Map() };
    const batch = this.#batch;
    batch.total += 1;
    batch.views.set(id, (batch.views.get(id) ?? 0) + 1);
    const { views, milliseconds } = this.#limits;
    // A batch is too old when the platform cut the wait of its first request short: the next view sends it.
    if (batch.total >= views || Math.abs(now - batch.startedAt) > milliseconds) {
      context.waitUntil(this.#flush(batch, send));
    } else if (isFirst) {
      context.waitUntil(scheduler.wait(milliseconds).then(() => this.#flush(batch, send)));
    }
  }

  async #flush(batch: Batch, send: (views: Views) => Promise<void>): Promise<void> {
    if (this.#batch !== batch) return;
    this.#batch = undefined;
    try {
      await send([...batch.views]);
    } catch (error) {
      logFailure('views not counted', error, { views: batch.total });
    }
  }
}

// `waitUntil` outlives the response by 30 s at most.
const viewCounter = () => new ViewCounter({ views: 500, milliseconds: 20_000 });

/** The URL of an article's page. Without a slug, or with a wrong one, it redirects to the page. */
const ARTICLE_PAGE = /^[^?#]*?\/\/[^/]+\/news\/([0-9a-z]{16})\/[^/?#]+(?:[?#]|$)/;

/** Counts the article pages that people open. A 304 is not a view: its reader has read this copy before. */
export function withViewCounter(serve: Serve, isolate: Isolate): Serve {
  const counter = isolate.get(viewCounter);
  return (request, env, context) => {
    const response = serve(request, env, context);
    // A response from memory is ready and need not be awaited.
    return response instanceof Response ? count(response) : response.then(count);

    function count(served: Response): Response {
      if (served.status === 200 && context !== undefined) {
        const id = ARTICLE_PAGE.exec(request.url)?.[1];
        if (id !== undefined && isHumanVisit(request)) {
          counter.add(id, context, (views) => deskOf(env).countViews(views));
        }
      }
      return served;
    }
  };
}
