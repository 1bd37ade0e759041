import type { SignatureName } from '../../domain/publisher.ts';
import { ghost } from './ghost.ts';
import { github } from './github.ts';
import type { SignatureScheme } from './signature.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { token } from './token.ts';

/** Every signature scheme, by its name in the settings of publishers. */
export const SIGNATURES: Readonly<Record<SignatureName, SignatureScheme>> = {
  'standard-webhooks': standardWebhooks,
  ghost,
  github,
  token,
};
