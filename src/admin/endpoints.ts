import * as v from 'valibot';
import { checkOutbound } from '../access/outbound.ts';
import { endpointOwner, generateSecret, sealSecret } from '../access/secrets.ts';
import { deskOf, outboundRules, subscriptionsOf } from '../bindings.ts';
import { Refusal } from '../domain/refusal.ts';
import { described, json, operation } from '../http/operation.ts';
import { knownId } from '../http/parameters.ts';
import { NO_STORE } from '../http/problem.ts';
import { noPartner } from './partners.ts';
import { endpointSchema } from './response-schemas.ts';

export const putEndpoint = operation(
  {
    id: 'putPartnerWebhook',
    tag: 'Operator',
    summary: 'Set a partner’s webhook',
    description: 'Each request creates a new secret, which only this response contains.',
    security: ['operator'],
    path: v.object({ id: knownId }),
    body: v.object(
      {
        url: described(v.string('is required'), 'The partner’s https URL.', 'https://partner.example/hook'),
      },
      'must be an object',
    ),
    answers: { 201: json(endpointSchema, 'The webhook, with its new secret.') },
    problems: ['not-found', 'invalid-callback'],
  },
  async (c, { path, body }) => {
    const partner = path.id;
    if ((await deskOf(c.env).partner(partner)) === undefined) return noPartner();
    const url = checkOutbound(body.url, outboundRules(c.env, c.req.url));
    if ('refused' in url) {
      return new Refusal('invalid-callback', { issues: [{ path: 'url', message: url.refused }] });
    }
    const secret = generateSecret();
    const sealedSecret = await sealSecret(c.env.SECRETS_KEY, endpointOwner(partner), secret);
    await subscriptionsOf(c.env).saveEndpoint({ partner, url: url.href, sealedSecret });
    return Response.json({ partner, url: url.href, secret }, { status: 201, headers: NO_STORE });
  },
);

export const deleteEndpoint = operation(
  {
    id: 'deletePartnerWebhook',
    tag: 'Operator',
    summary: 'Remove a partner’s webhook',
    security: ['operator'],
    path: v.object({ id: knownId }),
    answers: { 204: { description: 'The webhook was removed.' } },
    problems: ['not-found'],
  },
  async (c, { path }) => {
    const removed = await subscriptionsOf(c.env).removeEndpoint(path.id);
    return removed
      ? new Response(null, { status: 204, headers: NO_STORE })
      : new Refusal('not-found', { detail: 'This partner has no webhook.' });
  },
);
