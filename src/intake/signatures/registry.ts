import type { SignatureScheme } from './signature.ts';
import { standardWebhooks } from './standard-webhooks.ts';

/** Every way of signing understood. */
export const SIGNATURES: readonly SignatureScheme[] = [standardWebhooks];
