import { inject } from 'vitest';
import type { ExampleCard } from '../../scripts/example-site.ts';

export const { origin, cards } = inject('site');

/** A call of the operator's. */
export async function admin(method: string, path: string, body: object = {}): Promise<void> {
  const headers = { Authorization: `Bearer ${inject('site').adminToken}` };
  const response = await fetch(origin + path, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
}

/** The newest example in a language. */
export function newestIn(language: string): ExampleCard {
  const card = cards.find((each) => each.language.startsWith(language));
  if (card === undefined) throw new Error(`No example is in ${language}.`);
  return card;
}

export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 800 };
