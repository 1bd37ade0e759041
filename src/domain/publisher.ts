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

/** The ways of signing a delivery, by the names of publishers' settings. */
export const SIGNATURE_NAMES = ['standard-webhooks', 'ghost', 'github', 'token'] as const;
export type SignatureName = (typeof SIGNATURE_NAMES)[number];

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
