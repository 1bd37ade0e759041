import { type AppContext, deskOf } from '../bindings.ts';
import { NO_STORE } from '../http/problem.ts';

const PROGRESS = '/admin/rebuild';

/** `POST /admin/rebuild`: begins to write every feed in KV anew. 202: the Desk's alarm goes on with it. */
export async function beginRebuild(c: AppContext): Promise<Response> {
  const progress = await deskOf(c.env).rebuild();
  return Response.json(progress, {
    status: 202,
    headers: { ...NO_STORE, Location: c.env.ORIGIN + PROGRESS },
  });
}

/** `GET /admin/rebuild`: how far the newest rebuild has come. */
export async function showRebuild(c: AppContext): Promise<Response> {
  return Response.json(await deskOf(c.env).rebuildProgress(), { headers: NO_STORE });
}
