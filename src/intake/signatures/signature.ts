import type { SignatureName, SignatureSettings } from '../../domain/publisher.ts';

/** A request before its body is read. */
export interface RequestHead {
  headers: Headers;
  /** Milliseconds since the epoch. */
  now: number;
  /** The last segment of `/webhooks/{publisher}/{token}`. */
  token?: string;
}

/** What the head of a request claims: that one of the publisher's secrets signed its body. */
export interface Claim {
  /**
   * The secrets under which the claim may still hold. Tested before the body is read: where the secret itself is sent,
   * only that one is left.
   */
  possible(secrets: readonly string[]): Promise<string[]>;
  /**
   * Verifies that one of the possible secrets signed the body. Nothing of it is parsed before.
   * @returns the delivery's id: the sender's own, else a hash of the signed bytes, so that a replay has the same id;
   * undefined when the body is wrongly signed
   */
  verify(
    body: Uint8Array<ArrayBuffer>,
    possible: readonly string[],
  ): Promise<{ deliveryId: string } | undefined>;
}

/** A way to sign webhooks. */
export interface SignatureScheme {
  name: SignatureName;
  /** Whether a signature covers the time of sending, so that a delivery cannot be sent again later. */
  signsTime(settings: SignatureSettings): boolean;
  /**
   * Whether anyone who has seen a delivery can send its body again, under other headers. Then headers say nothing of the
   * document. Who has a token can write any body, so for a token they do.
   */
  isBodyAlone(settings: SignatureSettings): boolean;
  /**
   * Reads the signature in the head of a request. Runs before the body is read, and before the publisher is known.
   * @returns undefined when the request is unsigned, its signature is malformed, or its time is too far from now
   */
  claim(head: RequestHead, settings: SignatureSettings): Claim | undefined;
}
