import * as v from 'valibot';
import { type AppContext, deskOf } from '../bindings.ts';
import type { Takedown } from '../desk/contract/messages.ts';
import { LIMITS, line, maybe } from '../domain/draft.ts';
import { Refusal } from '../domain/refusal.ts';
import { NO_STORE } from '../http/problem.ts';
import { readSettings } from './settings-body.ts';

const takedown = v.object({ reason: maybe(line(LIMITS.headline)) }, 'must be an object');

/** `POST /admin/articles/{id}/withdraw`: the operator's takedown. It holds until `restore`. */
export async function withdrawArticle(c: AppContext): Promise<Response | Refusal> {
  const settings = await readSettings(c, takedown);
  if (settings instanceof Refusal) return settings;
  return answer(await deskOf(c.env).withdraw(c.req.param('id') ?? '', settings.reason));
}

/** `POST /admin/articles/{id}/restore`: ends the operator's takedown, and only that. */
export async function restoreArticle(c: AppContext): Promise<Response | Refusal> {
  return answer(await deskOf(c.env).restore(c.req.param('id') ?? ''));
}

function answer(result: Takedown): Response | Refusal {
  if (result.found) return Response.json({ article: result.article }, { headers: NO_STORE });
  switch (result.reason) {
    case 'unknown':
      return new Refusal('not-found', { detail: 'No article with this id was ever received.' });
    case 'not-withdrawn-by-operator':
      return new Refusal('conflict', {
        detail: 'The operator did not withdraw this article, so there is nothing to restore.',
      });
    case 'body-gone':
      return new Refusal('conflict', {
        detail: 'The article’s body is no longer held; ask its publisher to send it again.',
      });
  }
}
