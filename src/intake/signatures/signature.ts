import type { SignatureName, SignatureSettings } from '../../domain/publisher.ts';

/** A request as a signature scheme sees it. Nothing is parsed before it is verified. */
export interface SignedRequest {
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
  /** Milliseconds since the epoch. */
  now: number;
  /** The last segment of `/webhooks/{publisher}/{token}`. */
  token?: string;
}

/** A way to sign webhooks. */
export interface SignatureScheme {
  name: SignatureName;
  /**
   * Verifies that one of the secrets, as they were shown to the publisher, signed the request.
   * @returns the delivery's id: the sender's own, else a hash of the signed bytes, so that a replay has the same id;
   * undefined when the request is unsigned, wrongly signed, or too old
   */
  verify(
    request: SignedRequest,
    secrets: readonly string[],
    settings: SignatureSettings,
  ): Promise<{ deliveryId: string } | undefined>;
}
