import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { asAdmin, payload, request, send } from '../client.ts';

beforeEach(reset);

const put = (id: string, settings: object) => asAdmin(`/admin/publishers/${id}`, 'PUT', settings);

test('every admin call needs the token', async () => {
  for (const path of ['/admin/publishers', '/admin/publishers/x', '/admin/site', '/admin/nothing']) {
    for (const Authorization of [
      undefined,
      'Bearer wrong',
      `Basic ${env.ADMIN_TOKEN}`,
      `Bearer ${env.ADMIN_TOKEN}x`,
      'Bearer',
    ]) {
      const response = await request(path, Authorization === undefined ? {} : { headers: { Authorization } });
      expect(response.status).toBe(401);
      expect(response.headers.get('WWW-Authenticate')).toContain('Bearer');
    }
  }
  expect((await asAdmin('/admin/nothing', 'GET')).status).toBe(404);
  expect((await asAdmin('/admin/publishers', 'DELETE')).status).toBe(405);
});

describe('a publisher', () => {
  test('is created with a secret that is shown this once', async () => {
    const created = await put('gazette', {
      name: 'The Gazette',
      url: 'https://gazette.example',
      language: 'EN',
    });
    expect(created.status).toBe(201);
    const { secret, ...rest } = (await created.json()) as { secret: string; name: string };
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(rest).toMatchObject({ id: 'gazette', name: 'The Gazette', language: 'en' });
    const changed = await put('gazette', { name: 'The New Gazette' });
    expect(changed.status).toBe(200);
    const read = await asAdmin('/admin/publishers/gazette', 'GET');
    const list = await asAdmin('/admin/publishers', 'GET');
    for (const response of [changed, read, list]) {
      const text = await response.text();
      expect(text).toContain('The New Gazette');
      expect(text).not.toContain('whsec_');
      expect(text).not.toContain('sealed');
      expect(text).not.toContain(secret.slice(6));
    }
  });

  test('is in KV with its secret encrypted', async () => {
    const { secret } = (await (await put('gazette', { name: 'The Gazette' })).json()) as { secret: string };
    const stored = await env.KV.get('publisher:gazette');
    expect(stored).toContain('The Gazette');
    expect(stored).not.toContain(secret.slice(6, 30));
  });

  test('keeps its secret when it is changed', async () => {
    const { secret } = (await (await put('gazette', { name: 'The Gazette' })).json()) as { secret: string };
    await put('gazette', { name: 'Renamed' });
    expect((await send(payload(), { secret })).status).toBe(202);
  });

  test('is refused with what to mend', async () => {
    expect((await put('gazette', {})).status).toBe(422);
    expect((await put('gazette', { name: 'x', url: 'ftp://x' })).status).toBe(422);
    expect((await put('Not_An_Id', { name: 'x' })).status).toBe(422);
    expect((await asAdmin('/admin/publishers/gazette/secrets?grace=-1', 'POST')).status).toBe(400);
  });

  test('may send its boilerplate under the former name; answers use the new one', async () => {
    const boilerplate = { words: ['Follow us'], selectors: ['.share'] };
    const response = await put('gazette', { name: 'The Gazette', furniture: boilerplate });
    expect(response.status).toBe(201);
    const shown = (await response.json()) as Record<string, unknown>;
    expect(shown.boilerplate).toEqual(boilerplate);
    expect(shown).not.toHaveProperty('furniture');
    const both = await put('gazette', { name: 'x', boilerplate: { words: ['A'] }, furniture: boilerplate });
    expect(((await both.json()) as Record<string, unknown>).boilerplate).toEqual({ words: ['A'] });
  });

  test('that is deleted or was never there is 404', async () => {
    await put('gazette', { name: 'The Gazette' });
    expect((await asAdmin('/admin/publishers/gazette', 'DELETE')).status).toBe(204);
    expect(await env.KV.get('publisher:gazette')).toBeNull();
    for (const [path, method] of [
      ['/admin/publishers/gazette', 'GET'],
      ['/admin/publishers/gazette', 'DELETE'],
      ['/admin/publishers/gazette/secrets', 'POST'],
    ] as const) {
      expect((await asAdmin(path, method)).status).toBe(404);
    }
  });
});

describe('an article', () => {
  test('is withdrawn and restored by the operator', async () => {
    const { secret } = (await (await put('gazette', { name: 'The Gazette' })).json()) as { secret: string };
    const { article } = (await (await send(payload(), { secret })).json()) as { article: { id: string } };
    const withdrawn = await asAdmin(`/admin/articles/${article.id}/withdraw`, 'POST', {
      reason: 'Sub judice',
    });
    expect(withdrawn.status).toBe(200);
    expect(await withdrawn.json()).toEqual({ article: { id: article.id, version: 2, status: 'withdrawn' } });
    expect((await request(`/articles/${article.id}`)).status).toBe(410);
    const webhook = await send(payload({ headline: 'Again' }, 'article.published', '2026-11-22T10:00:00Z'), {
      secret,
    });
    expect(await webhook.json()).toMatchObject({ status: 'ignored' });
    const restored = await asAdmin(`/admin/articles/${article.id}/restore`, 'POST');
    expect(restored.status).toBe(200);
    expect(await (await request(`/articles/${article.id}`)).json()).toMatchObject({
      headline: 'A headline',
      version: 3,
    });
    expect((await asAdmin(`/admin/articles/${article.id}/restore`, 'POST')).status).toBe(409);
  });

  test('that was never received is 404', async () => {
    expect((await asAdmin('/admin/articles/0000000000000000/withdraw', 'POST')).status).toBe(404);
  });
});

test('the site has defaults that its operator can change', async () => {
  expect(await (await asAdmin('/admin/site', 'GET')).json()).toMatchObject({
    name: 'Dateline',
    timeZone: 'UTC',
  });
  const changed = await asAdmin('/admin/site', 'PUT', {
    name: 'समाचार',
    language: 'hi',
    timeZone: 'Asia/Kolkata',
  });
  expect(changed.status).toBe(200);
  expect(await (await request('/')).text()).toContain('समाचार');
  expect((await asAdmin('/admin/site', 'PUT', { timeZone: 'Mars/Base' })).status).toBe(422);
});

describe('the site’s settings', () => {
  const settings = {
    name: 'समाचार',
    colours: { light: { accent: '#005a8c' } },
    navigation: [{ title: 'खेल', section: 'खेल' }],
    liveUrl: 'https://live.example/tv',
    ads: { type: 'adsense', slots: [{ width: 300, height: 250 }] },
    footer: { text: '© समाचार' },
  };

  test('come back as they were put, and show on the pages at once', async () => {
    expect((await asAdmin('/admin/site', 'PUT', settings)).status).toBe(200);
    expect(await (await asAdmin('/admin/site', 'GET')).json()).toMatchObject(settings);
    const page = await (await request('/')).text();
    for (const shown of ['--accent:#005a8c', '>खेल<', 'https://live.example/tv', '© समाचार']) {
      expect(page).toContain(shown);
    }
  });

  test('that are left out go back to their defaults', async () => {
    await asAdmin('/admin/site', 'PUT', settings);
    await asAdmin('/admin/site', 'PUT', { name: 'समाचार' });
    const held = (await (await asAdmin('/admin/site', 'GET')).json()) as object;
    expect(Object.keys(held).sort()).toEqual(
      ['changedAt', 'description', 'language', 'name', 'timeZone', 'tombstoneHours'].sort(),
    );
    expect(await (await request('/')).text()).not.toContain('https://live.example/tv');
  });

  test('that could not be read are refused whole', async () => {
    const refused = await asAdmin('/admin/site', 'PUT', {
      ...settings,
      colours: { dark: { text: '#333333' } },
    });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({
      issues: [{ path: 'colours', message: expect.stringContaining('dark text #333333') }],
    });
  });

  test('survive a publisher’s new name', async () => {
    await asAdmin('/admin/site', 'PUT', settings);
    await asAdmin('/admin/publishers/renamed', 'PUT', { name: 'Before' });
    await asAdmin('/admin/publishers/renamed', 'PUT', { name: 'After' });
    expect(await (await asAdmin('/admin/site', 'GET')).json()).toMatchObject(settings);
  });
});

test('a publisher may have a logo and advertisements of its own', async () => {
  const profile = {
    name: 'Gazette',
    logo: { url: 'https://gazette.example/logo.png', width: 200, height: 60 },
    ads: { type: 'taboola', slots: [] },
  };
  expect((await asAdmin('/admin/publishers/own', 'PUT', profile)).status).toBe(201);
  expect(await (await asAdmin('/admin/publishers/own', 'GET')).json()).toMatchObject(profile);
  const refused = await asAdmin('/admin/publishers/own', 'PUT', {
    ...profile,
    ads: { type: 'elsewhere', slots: [] },
  });
  expect(refused.status).toBe(422);
});
