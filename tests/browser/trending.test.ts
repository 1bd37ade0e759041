import { expect, test, vi } from 'vitest';
import { cards, origin } from './site.ts';

const PHONE_BROWSER =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36';

test('what readers open is on /trending half a minute later', async () => {
  const [, , read] = cards;
  for (let view = 0; view < 3; view += 1) {
    const response = await fetch(read?.url ?? '', { headers: { 'User-Agent': PHONE_BROWSER } });
    expect(response.status).toBe(200);
  }
  await vi.waitFor(
    async () => expect(await (await fetch(`${origin}/trending`)).text()).toContain(read?.headline),
    {
      timeout: 35_000,
      interval: 500,
    },
  );
});
