import { describe, expect, test } from 'vitest';
import type { SignatureSettings } from '../../src/domain/publisher.ts';
import { SIGNATURES } from '../../src/intake/signatures/registry.ts';

const NOW = 1_719_842_984_367;
const SECRET = 'a secret of at least twenty-four characters';

const bytes = (text: string) => Uint8Array.from(new TextEncoder().encode(text));

async function hmac(secret: string, message: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes(secret), algorithm, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, bytes(message));
  return [...new Uint8Array(signature)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface Given {
  headers?: Record<string, string>;
  body?: string;
  now?: number;
  token?: string;
  secrets?: string[];
}

async function verify(settings: SignatureSettings, { body = '{}', now = NOW, ...given }: Given) {
  const head = {
    headers: new Headers(given.headers),
    now,
    ...(given.token !== undefined && { token: given.token }),
  };
  const claim = SIGNATURES[settings.scheme].claim(head, settings);
  return claim?.verify(bytes(body), await claim.possible(given.secrets ?? [SECRET]));
}

describe('standard-webhooks by ed25519 and under the older names', () => {
  // The specification's vectors: https://github.com/standard-webhooks/standard-webhooks, spec.
  const PUBLIC_KEY = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=';
  const V1A = 'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==';
  const V1 = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
  const HMAC_KEY = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
  const settings = { scheme: 'standard-webhooks' } as const;
  const signed = (signature: string, secrets: string[], prefix = 'webhook'): Given => ({
    headers: {
      [`${prefix}-id`]: ID,
      [`${prefix}-timestamp`]: '1614265330',
      [`${prefix}-signature`]: signature,
    },
    body: '{"test": 2432232314}',
    now: 1_614_265_330_000,
    secrets,
  });

  test.each([
    ['the v1a vector', signed(V1A, [PUBLIC_KEY])],
    ['the v1a vector beside another version', signed(`v1,AAAA ${V1A}`, [PUBLIC_KEY])],
    ['the v1a vector among other secrets', signed(V1A, [HMAC_KEY, PUBLIC_KEY])],
    ['svix-id, svix-timestamp, svix-signature', signed(V1, [HMAC_KEY], 'svix')],
  ])('accepts %s', async (_what, given) => {
    expect(await verify(settings, given)).toEqual({ deliveryId: ID });
  });

  test.each([
    ['a v1a signature over another body', { ...signed(V1A, [PUBLIC_KEY]), body: '{}' }],
    ['a v1a signature called v1', signed(V1A.replace('v1a', 'v1'), [PUBLIC_KEY])],
    ['a v1 signature called v1a', signed(V1.replace('v1', 'v1a'), [HMAC_KEY])],
    ['a v1a signature under an HMAC secret', signed(V1A, [HMAC_KEY])],
    ['a truncated v1a signature', signed('v1a,hnO3f9T8Ytu9', [PUBLIC_KEY])],
    ['a public key of the wrong length', signed(V1A, ['whpk_1SiA4o9hyqTCpIqC5V9H'])],
    // Anybody can know a public key: as an HMAC's key it would prove nothing.
    [
      'an HMAC made with the public key',
      { ...signed(V1, [PUBLIC_KEY]), secrets: [`whpk_${HMAC_KEY.slice(6)}`] },
    ],
    [
      'names from both kinds',
      { ...signed(V1, [HMAC_KEY], 'svix'), headers: { 'webhook-id': ID, 'svix-signature': V1 } },
    ],
  ])('refuses %s', async (_what, given) => {
    expect(await verify(settings, given)).toBeUndefined();
  });
});

describe('ghost', () => {
  const BODY = '{"post":{"current":{},"previous":{}}}';
  const settings = { scheme: 'ghost' } as const;
  const older = { ...settings, bodyOnly: true };
  const header = (hex: string, time: number | string = NOW) => ({
    headers: { 'X-Ghost-Signature': `sha256=${hex}, t=${time}` },
    body: BODY,
  });

  test('is over the body followed by t, with nothing between', async () => {
    const given = header(await hmac(SECRET, `${BODY}${NOW}`));
    expect(await verify(settings, given)).toEqual({
      deliveryId: expect.stringMatching(/^sha256-[0-9a-f]{64}$/),
    });
    expect(await verify(settings, given)).toEqual(await verify(settings, given));
    expect(await verify(settings, { ...given, secrets: ['another', SECRET] })).toBeDefined();
  });

  test('over the body alone is accepted only where the settings allow it', async () => {
    const given = header(await hmac(SECRET, BODY));
    expect(await verify(settings, given)).toBeUndefined();
    expect(await verify(older, given)).toBeDefined();
    expect(await verify(older, header(await hmac(SECRET, `${BODY}${NOW}`)))).toBeDefined();
  });

  test('a t that is not signed makes no other delivery of a replay', async () => {
    const hex = await hmac(SECRET, BODY);
    expect(await verify(older, header(hex, NOW + 1))).toEqual(await verify(older, header(hex, NOW)));
  });

  test('in another header, when the settings name it', async () => {
    const signature = `sha256=${await hmac(SECRET, `${BODY}${NOW}`)}, t=${NOW}`;
    const given = { headers: { 'X-Proxied': signature }, body: BODY };
    expect(await verify({ ...settings, header: 'X-Proxied' }, given)).toBeDefined();
    expect(await verify(settings, given)).toBeUndefined();
  });

  test('refuses what is old, changed, unsigned or not of this form', async () => {
    const hex = await hmac(SECRET, `${BODY}${NOW}`);
    const refused: Given[] = [
      { body: BODY },
      header(hex, NOW + 1),
      header(hex, `${NOW}x`),
      header(hex.slice(2)),
      { ...header(hex), body: `${BODY} ` },
      { ...header(hex), now: NOW + 300_001 },
      { ...header(hex), now: NOW - 300_001 },
      { ...header(hex), secrets: ['another'] },
      { ...header(hex), secrets: [] },
      { ...header(hex), secrets: [''] },
      { body: BODY, headers: { 'X-Ghost-Signature': `sha256=${hex}` } },
    ];
    for (const given of refused) expect(await verify(settings, given)).toBeUndefined();
  });
});

describe('github', () => {
  const settings = { scheme: 'github' } as const;
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
  const secrets = ["It's a Secret to Everybody"];
  const HEX = '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
  const given = { headers: { 'X-Hub-Signature-256': `sha256=${HEX}` }, body: 'Hello, World!', secrets };

  test('accepts the documentation’s example, and names the delivery by its bytes', async () => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes('Hello, World!')));
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    expect(await verify(settings, given)).toEqual({ deliveryId: `sha256-${hex}` });
  });

  test('reads another header when the settings name it', async () => {
    const headers = { 'X-Plugin-Signature': `sha256=${HEX}` };
    expect(await verify({ ...settings, header: 'x-plugin-signature' }, { ...given, headers })).toBeDefined();
  });

  test.each([
    ['another body', { ...given, body: 'Hello, World' }],
    ['no signature', { ...given, headers: {} }],
    ['SHA-1', { ...given, headers: { 'X-Hub-Signature': 'sha1=7d38cdd689735b008b3c702edd92eea23791c5f6' } }],
    ['a signature without its prefix', { ...given, headers: { 'X-Hub-Signature-256': HEX } }],
    ['another secret', { ...given, secrets: ["It's a secret to everybody"] }],
  ])('refuses %s', async (_what, each: Given) => {
    expect(await verify(settings, each)).toBeUndefined();
  });
});

describe('token', () => {
  const settings = { scheme: 'token' } as const;

  test.each([
    ['X-Webhook-Token', settings, { headers: { 'X-Webhook-Token': SECRET } }],
    ['a header of the settings', { ...settings, header: 'X-Api-Key' }, { headers: { 'X-Api-Key': SECRET } }],
    ['Basic, under any name', settings, { headers: { Authorization: `Basic ${btoa(`cms:${SECRET}`)}` } }],
    [
      'Bearer',
      settings,
      {
        headers: { Authorization: 'Bearer abcdefghijklmnopqrstuvwx' },
        secrets: ['abcdefghijklmnopqrstuvwx'],
      },
    ],
    ['the last segment of the URL', settings, { token: SECRET }],
  ])('is accepted in %s', async (_where, each: SignatureSettings, given: Given) => {
    expect(await verify(each, given)).toEqual({ deliveryId: expect.stringMatching(/^sha256-/) });
  });

  test.each([
    ['nowhere', {}],
    ['changed', { headers: { 'X-Webhook-Token': `${SECRET}x` } }],
    ['empty beside an empty secret', { headers: { 'X-Webhook-Token': '' }, token: '', secrets: [''] }],
    ['in a header the settings do not name', { headers: { 'X-Api-Key': SECRET } }],
  ])('is refused %s', async (_what, given: Given) => {
    expect(await verify(settings, given)).toBeUndefined();
  });

  test('names the delivery, if it likes; otherwise the bytes do', async () => {
    const headers = { 'X-Webhook-Token': SECRET };
    const named = await verify(settings, { headers: { ...headers, 'webhook-id': 'mine' } });
    expect(named).toEqual({ deliveryId: 'mine' });
    expect(await verify(settings, { headers })).toEqual(await verify(settings, { headers }));
    expect(await verify(settings, { headers })).not.toEqual(await verify(settings, { headers, body: '[]' }));
  });
});
