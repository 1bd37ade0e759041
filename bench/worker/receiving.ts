import type { Env, Handler } from './bindings.ts';

/** `POST /receive/{secret}`: checks the Standard Webhooks signature and stores the body. */
export const receive: Handler = (request, env, [secret = '']) => check(request, env, secret);

/** `POST /receive-limited/{secret}`: the same, after a check of the rate limit as in Dateline. */
export const receiveLimited: Handler = async (request, env, [secret = '']) => {
  const { success } = await env.DELIVERY_LIMIT.limit({ key: 'floor' });
  return success ? check(request, env, secret) : new Response(null, { status: 429 });
};

async function check(request: Request, env: Env, secret: string): Promise<Response> {
  const body = await request.text();
  const id = request.headers.get('webhook-id') ?? '';
  const message = `${id}.${request.headers.get('webhook-timestamp')}.${body}`;
  const given = request.headers.get('webhook-signature')?.slice('v1,'.length) ?? '';
  const key = await crypto.subtle.importKey('raw', bytesOf(decodeURIComponent(secret)), HMAC, false, [
    'verify',
  ]);
  const signed = await crypto.subtle.verify('HMAC', key, bytesOf(given), new TextEncoder().encode(message));
  if (!signed) return new Response(null, { status: 401 });
  await env.INBOX.getByName('inbox').store(id, body);
  return Response.json({ status: 'accepted' }, { status: 202 });
}

const HMAC = { name: 'HMAC', hash: 'SHA-256' };

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
