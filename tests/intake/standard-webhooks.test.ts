import { describe, expect, test } from 'vitest';
import { standardWebhooks } from '../../src/intake/signatures/standard-webhooks.ts';

// The vector published with the Standard Webhooks specification.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const TIMESTAMP = '1614265330';
const BODY = '{"test": 2432232314}';
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

interface Given {
  id?: string | null;
  timestamp?: string | null;
  signature?: string | null;
  body?: string;
  now?: number;
  secrets?: string[];
}

const verify = async ({ id = ID, timestamp = TIMESTAMP, signature = SIGNATURE, ...given }: Given = {}) => {
  const headers = new Headers();
  if (id !== null) headers.set('webhook-id', id);
  if (timestamp !== null) headers.set('webhook-timestamp', timestamp);
  if (signature !== null) headers.set('webhook-signature', signature);
  const body = Uint8Array.from(new TextEncoder().encode(given.body ?? BODY));
  const head = { headers, now: given.now ?? Number(TIMESTAMP) * 1_000 };
  const claim = standardWebhooks.claim(head, { scheme: 'standard-webhooks' });
  return claim?.verify(body, await claim.possible(given.secrets ?? [SECRET]));
};

describe('accepted', () => {
  test('the specification’s vector', async () => {
    expect(await verify()).toEqual({ deliveryId: ID });
  });

  test('a secret without its prefix', async () => {
    expect(await verify({ secrets: [SECRET.slice(6)] })).toBeDefined();
  });

  test('any of several signatures, other versions beside them', async () => {
    expect(await verify({ signature: `v1a,AAAA v1,AAAA v2,BBBB ${SIGNATURE}` })).toBeDefined();
  });

  test('any of several active secrets', async () => {
    expect(await verify({ secrets: ['whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', SECRET] })).toBeDefined();
  });

  test.each([-300, 300])('a timestamp %i s away', async (seconds) => {
    expect(await verify({ now: (Number(TIMESTAMP) + seconds) * 1_000 })).toBeDefined();
  });
});

describe('refused', () => {
  test.each([
    ['no id', { id: null }],
    ['an empty id', { id: '' }],
    ['no timestamp', { timestamp: null }],
    ['no signature', { signature: null }],
    ['an empty signature', { signature: '' }],
    ['an empty v1 signature', { signature: 'v1,' }],
    ['a truncated signature', { signature: SIGNATURE.slice(0, -8) }],
    ['a signature that is not base64', { signature: 'v1,***' }],
    ['a signature without a version', { signature: SIGNATURE.slice(3) }],
    ['an unknown version', { signature: SIGNATURE.replace('v1,', 'v9,') }],
    ['another body', { body: `${BODY} ` }],
    ['another id', { id: `${ID}x` }],
    ['another secret', { secrets: ['whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'] }],
    ['no secret at all', { secrets: [] }],
    ['an empty secret', { secrets: ['whsec_'] }],
    ['a timestamp one second too old', { now: (Number(TIMESTAMP) + 301) * 1_000 }],
    ['a timestamp one second too far ahead', { now: (Number(TIMESTAMP) - 301) * 1_000 }],
    ['a float timestamp', { timestamp: `${TIMESTAMP}.5` }],
    ['a negative timestamp', { timestamp: `-${TIMESTAMP}` }],
    ['digits followed by letters', { timestamp: `${TIMESTAMP}abc` }],
    ['an exponent', { timestamp: '1614265330e0' }],
    ['more signatures than any sender has', { signature: `${'v1,AAAA '.repeat(10)}${SIGNATURE}` }],
  ])('%s', async (_what, given: Given) => {
    expect(await verify(given)).toBeUndefined();
  });
});
