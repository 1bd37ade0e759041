import { inject } from 'vitest';
import type { ExampleCard } from '../../scripts/example-site.ts';

export const { origin, cards } = inject('site');

/** A call of the operator's. */
export async function admin(method: string, path: string, body: object = {}): Promise<void> {
  const headers = { Authorization: `Bearer ${inject('site').adminToken}` };
  const response = await fetch(origin + path, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
}

export const pathOf = ({ url }: ExampleCard): string => url.slice(origin.length);

/** The path of the one example with a film, and so with components of AMP's. */
export function film(): string {
  const card = cards.find(({ url }) => url.includes('/library-lawn-'));
  if (card === undefined) throw new Error('No example has a film.');
  return pathOf(card);
}

/** The newest example in a language. */
export function newestIn(language: string): ExampleCard {
  const card = cards.find((each) => each.language.startsWith(language));
  if (card === undefined) throw new Error(`No example is in ${language}.`);
  return card;
}

export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 800 };
