import type { PublisherProfile } from './site.ts';

/** The dialects that publishers' systems speak, by the names their settings and the delivery log use. */
export const DIALECT_NAMES = [
  'native',
  'ghost',
  'wordpress',
  'json-feed',
  'feed',
  'ninjs',
  'schema-org',
  'page',
] as const;
export type DialectName = (typeof DIALECT_NAMES)[number];

/**
 * The ways of signing a delivery, by the names of publishers' settings. `header` is where a scheme's signature or token
 * is by default; `description` says in Markdown what it holds, for the API's document.
 */
export const SIGNATURE_SCHEMES = {
  'standard-webhooks': {
    header: 'webhook-signature',
    description:
      '[Standard Webhooks](https://www.standardwebhooks.com), the default: `webhook-id`, `webhook-timestamp` (within 300 s) and `webhook-signature` over the raw body.',
  },
  ghost: {
    header: 'X-Ghost-Signature',
    description: 'Ghost: `sha256=…, t=…` over the body and the time.',
  },
  github: {
    header: 'X-Hub-Signature-256',
    description: 'GitHub: `sha256=…` over the body. The publisher’s settings may name another header.',
  },
  token: {
    header: 'X-Webhook-Token',
    description:
      'The publisher’s secret itself. The publisher’s settings may name another header. A system that can only be given a URL sends it as the last segment of the path.',
  },
} as const;
export type SignatureName = keyof typeof SIGNATURE_SCHEMES;
export const SIGNATURE_NAMES = Object.keys(SIGNATURE_SCHEMES) as SignatureName[];

/** How a publisher's system signs. */
export interface SignatureSettings {
  scheme: SignatureName;
  /** Where the signature or the token stands, when not in the scheme's own header. */
  header?: string;
  /** Ghost before version 5.87.1 signed the body without the time: whether that is accepted, too. */
  bodyOnly?: boolean;
}

/** A publisher as the operator sets it: what the public may know, and how its system sends. */
export interface PublisherSettings extends PublisherProfile {
  /** Without one, each delivery's dialect is told from its headers and shape. */
  source?: DialectName;
  /** Standard Webhooks unless another is named. */
  signature?: SignatureSettings;
}
