import { expect, test, vi } from 'vitest';
import { cards, origin } from './site.ts';

test('what a reader opened is on /trending half a minute later, and nothing that nobody did', async () => {
  await vi.waitFor(
    async () => {
      const page = await (await fetch(`${origin}/trending`)).text();
      expect(page).toContain(`href="${cards[0]?.url}"`);
      expect(page).not.toContain(`href="${cards[1]?.url}"`);
    },
    { timeout: 150_000, interval: 500 },
  );
});
