import * as v from 'valibot';
import { checkOutbound } from '../access/outbound.ts';
import { endpointOwner, generateSecret, sealSecret } from '../access/secrets.ts';
import { type AppContext, deskOf, outboundRules, subscriptionsOf } from '../bindings.ts';
import { Refusal } from '../domain/refusal.ts';
import { NO_STORE } from '../http/problem.ts';
import { noPartner } from './partners.ts';
import { readSettings } from './settings-body.ts';

const endpoint = v.object({ url: v.string('is missing') }, 'must be an object');

/**
 * `PUT /admin/partners/{id}/webhook` `{url}`: where a partner is told of articles. Each call makes a new secret,
 * which its answer shows this once.
 */
export async function putEndpoint(c: AppContext): Promise<Response | Refusal> {
  const partner = c.req.param('id') ?? '';
  if ((await deskOf(c.env).partner(partner)) === undefined) return noPartner();
  const settings = await readSettings(c, endpoint);
  if (settings instanceof Refusal) return settings;
  const url = checkOutbound(settings.url, outboundRules(c.env));
  if ('refused' in url) {
    return new Refusal('invalid-callback', { issues: [{ path: 'url', message: url.refused }] });
  }
  const secret = generateSecret();
  const sealedSecret = await sealSecret(c.env.SECRETS_KEY, endpointOwner(partner), secret);
  await subscriptionsOf(c.env).saveEndpoint({ partner, url: url.href, sealedSecret });
  return Response.json({ partner, url: url.href, secret }, { status: 201, headers: NO_STORE });
}

/** `DELETE /admin/partners/{id}/webhook` */
export async function deleteEndpoint(c: AppContext): Promise<Response | Refusal> {
  const removed = await subscriptionsOf(c.env).removeEndpoint(c.req.param('id') ?? '');
  return removed
    ? new Response(null, { status: 204, headers: NO_STORE })
    : new Refusal('not-found', { detail: 'This partner has no webhook.' });
}
