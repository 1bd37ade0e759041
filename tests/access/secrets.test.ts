import { expect, test } from 'vitest';
import { generateSecret, openSecret, sealSecret } from '../../src/access/secrets.ts';
import { TokenBucket } from '../../src/access/token-bucket.ts';

const KEY = btoa('a key of thirty-two bytes, tests');

test('a sealed secret opens with its key and its owner only', async () => {
  const secret = generateSecret();
  const sealed = await sealSecret(KEY, 'gazette', secret);
  expect(sealed).not.toContain(secret);
  expect(await openSecret(KEY, 'gazette', sealed)).toBe(secret);
  await expect(openSecret(KEY, 'other', sealed)).rejects.toThrow();
  await expect(openSecret(btoa('another key of thirty-two bytes!'), 'gazette', sealed)).rejects.toThrow();
  await expect(openSecret(KEY, 'gazette', sealed.slice(0, -4))).rejects.toThrow();
});

test('the same secret is sealed differently every time', async () => {
  expect(await sealSecret(KEY, 'gazette', 'x')).not.toBe(await sealSecret(KEY, 'gazette', 'x'));
});

test('a wrong SECRETS_KEY says how to make one', async () => {
  await expect(sealSecret('short', 'gazette', 'x')).rejects.toThrow('openssl rand -base64 32');
});

test('a budget is spent, and fills up with time', () => {
  const budget = new TokenBucket(2, 1);
  expect([budget.take(0), budget.take(0), budget.take(0)]).toEqual([true, true, false]);
  expect([budget.take(1_000), budget.take(1_000)]).toEqual([true, false]);
  expect([budget.take(60_000), budget.take(60_000), budget.take(60_000)]).toEqual([true, true, false]);
});
