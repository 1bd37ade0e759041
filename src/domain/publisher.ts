import type { PublisherProfile } from './site.ts';

/** The dialects of publishers' systems, by their names in settings and in the delivery log. */
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
 * The signature schemes, by their names in publishers' settings: the default header of the signature or token, and a
 * Markdown description for the API's document.
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

/** How a publisher's system signs its deliveries. */
export interface SignatureSettings {
  scheme: SignatureName;
  /** The header of the signature or token, when it is not the scheme's default. */
  header?: string;
  /** Whether to accept signatures over the body without the time, as Ghost before version 5.87.1 sends them. */
  bodyOnly?: boolean;
}

/** The scheme of a publisher whose settings name none. */
export const DEFAULT_SIGNATURE: SignatureSettings = { scheme: 'standard-webhooks' };

/** A publisher's settings: its public profile, and how its system sends. */
export interface PublisherSettings extends PublisherProfile {
  /** When absent, each delivery's dialect is detected from its headers and shape. */
  source?: DialectName;
  /** The default is Standard Webhooks. */
  signature?: SignatureSettings;
}
