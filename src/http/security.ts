/** How callers prove who they are, as OpenAPI names it. `access/` and `intake/` do the checking. */
export const SECURITY = {
  operator: {
    type: 'http',
    scheme: 'bearer',
    description: 'The operator’s `ADMIN_TOKEN`.',
  },
  partnerToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'A partner’s token.',
  },
  partnerPassword: {
    type: 'http',
    scheme: 'basic',
    description: 'A partner’s token as the password, with any user name.',
  },
  partnerKey: {
    type: 'apiKey',
    in: 'query',
    name: 'key',
    description: 'A partner’s token in the URL, for feed readers that can send no header.',
  },
  standardWebhooks: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description:
      '[Standard Webhooks](https://www.standardwebhooks.com), the default: `webhook-id`, `webhook-timestamp` (within 300 s) and `webhook-signature` over the raw body.',
  },
  ghost: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Ghost-Signature',
    description: 'Ghost: `sha256=…, t=…` over the body and the time.',
  },
  github: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Hub-Signature-256',
    description: 'GitHub’s way: `sha256=…` over the body. The publisher’s settings may name another header.',
  },
  token: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Webhook-Token',
    description:
      'The publisher’s secret itself. The publisher’s settings may name another header; systems that can only be given a URL put it in the path.',
  },
} as const;

export type SecurityName = keyof typeof SECURITY;

/** Query parameters in which these schemes carry a credential. */
export const queryCredentials = (names: readonly SecurityName[] = []): string[] =>
  names.flatMap((name) => {
    const scheme = SECURITY[name];
    return 'in' in scheme && scheme.in === 'query' ? [scheme.name] : [];
  });
