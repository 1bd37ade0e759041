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

/**
 * Headers that HTTP, the platform and tracers set themselves, in lower case. No secret or signature can be sent in them, so
 * publishers' settings may not name them.
 */
export const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
  'if-match',
  'if-none-match',
  'cdn-loop',
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'cf-ew-via',
  'cf-ipcountry',
  'cf-pseudo-ipv4',
  'cf-ray',
  'cf-visitor',
  'cf-worker',
  'forwarded',
  'true-client-ip',
  'x-client-ip',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-amz-cf-id',
  'x-amzn-trace-id',
  'x-cloud-trace-context',
  'x-vercel-id',
  'baggage',
  'traceparent',
  'tracestate',
  'webhook-id',
  'webhook-timestamp',
  'svix-id',
  'svix-timestamp',
]);

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
