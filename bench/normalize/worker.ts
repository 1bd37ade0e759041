import { CONTESTANTS, type ContestantName } from './contestants.ts';

/**
 * `POST /{contestant}?iterations=N` with an article's HTML as the body: cleans it N times and responds with the total
 * size of the results. A Worker's clock does not advance while it computes, so the caller measures the time.
 */
export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const clean = CONTESTANTS[decodeURIComponent(pathname.slice(1)) as ContestantName];
    const html = await request.text();
    let out = 0;
    for (let left = Number(searchParams.get('iterations')); left > 0; left -= 1) out += await clean(html);
    return new Response(String(out));
  },
};
