import { Webhook } from 'standardwebhooks';

/**
 * The signature headers of a delivery (Standard Webhooks).
 * @param secret `whsec_` and base64, as the publisher received it
 * @param now when it is sent, by the receiver's clock
 */
export function signedHeaders(
  secret: string,
  deliveryId: string,
  body: string,
  now = new Date(),
): Record<string, string> {
  return {
    'webhook-id': deliveryId,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(deliveryId, now, body),
  };
}
