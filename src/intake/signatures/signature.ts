import type { SignatureName, SignatureSettings } from '../../domain/publisher.ts';

/** A request as a signature scheme sees it: nothing is parsed before the signature holds. */
export interface SignedRequest {
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
  /** Milliseconds since the epoch. */
  now: number;
  /** The last segment of `/webhooks/{publisher}/{token}`. */
  token?: string;
}

/** A way of signing webhooks. */
export interface SignatureScheme {
  name: SignatureName;
  /**
   * Whether one of the secrets (as they were shown to the publisher) signed the request.
   * @returns the id of the delivery: the sender's own, else one made of the signed bytes, so that a replay has the
   * same; undefined when the request is not signed, or wrongly, or too old
   */
  verify(
    request: SignedRequest,
    secrets: readonly string[],
    settings: SignatureSettings,
  ): Promise<{ deliveryId: string } | undefined>;
}
