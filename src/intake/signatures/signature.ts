/** A request as a signature scheme sees it: nothing is parsed before the signature holds. */
export interface SignedRequest {
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
  /** Milliseconds since the epoch. */
  now: number;
}

/** A way of signing webhooks. */
export interface SignatureScheme {
  name: string;
  /**
   * Whether one of the secrets (as they were shown to the publisher) signed the request.
   * @returns the sender's id of the delivery; undefined when the request is not signed, or wrongly, or too old
   */
  verify(request: SignedRequest, secrets: readonly string[]): Promise<{ deliveryId: string } | undefined>;
}
