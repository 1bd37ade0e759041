import { Webhook } from 'standardwebhooks';

/**
 * The signature headers of a delivery (Standard Webhooks).
 * @param secret `whsec_` and base64, as the publisher received it
 */
export function signedHeaders(secret: string, deliveryId: string, body: string): Record<string, string> {
  const now = new Date();
  return {
    'webhook-id': deliveryId,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(deliveryId, now, body),
  };
}
