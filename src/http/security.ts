import { SIGNATURE_SCHEMES, type SignatureName } from '../domain/publisher.ts';

const signatures = Object.fromEntries(
  Object.entries(SIGNATURE_SCHEMES).map(([name, { header, description }]) => [
    name,
    { type: 'apiKey', in: 'header', name: header, description },
  ]),
) as Record<SignatureName, { type: 'apiKey'; in: 'header'; name: string; description: string }>;

/** The authentication schemes in OpenAPI's terms. `access/` and `intake/` check the credentials. */
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
    description: 'A partner’s token in the URL, for feed readers that cannot send headers.',
  },
  ...signatures,
} as const;

export type SecurityName = keyof typeof SECURITY;

/** The query parameters that carry a credential in these schemes. */
export const queryCredentials = (names: readonly SecurityName[] = []): string[] =>
  names.flatMap((name) => {
    const scheme = SECURITY[name];
    return 'in' in scheme && scheme.in === 'query' ? [scheme.name] : [];
  });
