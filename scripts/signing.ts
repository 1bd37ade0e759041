import { Webhook } from 'standardwebhooks';

/**
 * The headers that make a delivery a signed one, as Standard Webhooks describes.
 * @param secret as the publisher was shown it: `whsec_` and base64
 */
export function signedHeaders(secret: string, deliveryId: string, body: string): Record<string, string> {
  const now = new Date();
  return {
    'webhook-id': deliveryId,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(deliveryId, now, body),
  };
}
