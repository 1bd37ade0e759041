import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { asAdmin, request } from '../client.ts';
import { desk, freshDesk, inKv, published, settle, withdrawn } from '../desk/desk.ts';
import { mark, until, withPointInTime } from '../desk/point-in-time.ts';

const T1 = '2026-11-20T10:00:00.000Z';
const T2 = '2026-11-20T11:00:00.000Z';

beforeEach(freshDesk);

const ago = (milliseconds: number): string => new Date(Date.now() - milliseconds).toISOString();

const recover = (body: unknown) => asAdmin('/admin/recovery', 'POST', body);

const answer = async (response: Response): Promise<Record<string, unknown>> =>
  (await response.json()) as Record<string, unknown>;

describe('POST /admin/recovery', () => {
  test('is 501 where the platform has no point-in-time recovery, and changes nothing', async () => {
    await published('a', T1);
    for (const body of [{ time: ago(60_000) }, { bookmark: '0000000b-00000004-00004fc7' }]) {
      const response = await recover(body);
      expect(response.status).toBe(501);
      expect(await answer(response)).toMatchObject({
        type: 'urn:dateline:problem:not-implemented',
        status: 501,
        detail: expect.stringMatching(/workerd has none locally\. Nothing was changed\. Restore a backup/),
      });
    }
    expect(await published('b', T1, { sourceId: 'b' })).toMatchObject({ status: 'accepted' });
    expect(await answer(await asAdmin('/admin/recovery', 'GET'))).toEqual({ state: 'never', warnings: [] });
    await settle();
    expect(await answer(await request('/health/ready'))).toMatchObject({ status: 'ready' });
  });

  test.each([
    ['nothing', {}, '', 'must have either time or bookmark'],
    ['both', { time: ago(1), bookmark: 'x' }, '', 'must have either time or bookmark'],
    ['a text', 'yesterday', '', 'must be an object'],
    ['a time without a zone', { time: '2026-11-20T10:00:00' }, 'time', /RFC 3339/],
    ['a number', { time: 1_795_900_000_000 }, 'time', /./],
    ['a time in the future', { time: ago(-60_000) }, 'time', 'must be in the past'],
    ['a time too long ago', { time: ago(31 * 86_400_000) }, 'time', /at most 30 days ago/],
    ['a bookmark that is no text', { bookmark: 7 }, 'bookmark', 'must be a text'],
    ['a long bookmark', { bookmark: 'x'.repeat(201) }, 'bookmark', /at most 200/],
  ])('is 422 with %s', async (_what, body, path, message) => {
    const response = await recover(body);
    expect(response.status).toBe(422);
    const { issues } = await answer(response);
    expect(issues).toContainEqual({
      path,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  test('is 422 for a bookmark that the platform rejects, and changes nothing', async () => {
    await withPointInTime();
    const response = await recover({ bookmark: 'bookmark-0' });
    expect(response.status).toBe(422);
    expect(await answer(response)).toMatchObject({
      issues: [{ path: 'bookmark', message: 'cannot be used: the platform says: invalid bookmark' }],
    });
    expect(await published('a', T1)).toMatchObject({ status: 'accepted' });
  });

  test('needs the operator’s token', async () => {
    expect((await request('/admin/recovery', { method: 'POST', body: '{}' })).status).toBe(401);
    expect((await request('/admin/recovery')).status).toBe(401);
  });

  test('goes back to a time, and says what undoes it and what the operator must do', async () => {
    await published('a', T1);
    await settle();
    const bookmark = await mark();
    await scheduler.wait(5);
    const time = new Date().toISOString();
    await scheduler.wait(5);
    await withdrawn('a', T2);
    await published('b', T2, { sourceId: 'b' });
    await settle();
    await withPointInTime();
    const response = await recover({ time });
    expect([response.status, response.headers.get('Location')]).toEqual([
      202,
      `${env.ORIGIN}/admin/recovery`,
    ]);
    const begun = await answer(response);
    expect(begun).toMatchObject({ time, bookmark, undo: expect.stringMatching(/^bookmark-/), sequence: 3 });
    expect(['applying', 'rebuilding']).toContain(begun.state);
    await until('rebuilding');
    await settle();
    const done = await answer(await asAdmin('/admin/recovery', 'GET'));
    expect(done).toMatchObject({
      ...{ state: 'rebuilding', undo: begun.undo, appliedAt: expect.any(String) },
      articles: { checked: 2, withdrawn: 1, reverted: 0, removed: 1 },
      warnings: [
        expect.stringContaining('ask publishers to send it again'),
        expect.stringContaining('earlier words'),
        expect.stringContaining('settings'),
      ],
    });
    expect(await inKv('a')).toMatchObject({ status: 'withdrawn' });
    expect(await inKv('b')).toMatchObject({ status: 'withdrawn' });
    expect((await desk().changes(3, 10)).changes.map(({ seq }) => seq)).toEqual([4, 5]);
  });
});
