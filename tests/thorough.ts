/**
 * `npm test` tries a part of what is thorough and slow: every law, attack, shape and format, but not all of them with
 * each other, and fewer random inputs. `npm run test:thorough` (`THOROUGH=1`) tries all of it.
 */
export const THOROUGH = process.env.THOROUGH === '1';

/** How many random inputs a property is tried with. */
export const runs = (thorough: number, otherwise: number): number => (THOROUGH ? thorough : otherwise);

/**
 * All of the cases, or, where they are tried in several settings, those whose turn it is in this one: each case is
 * tried in one setting, and each setting with a case of each kind.
 */
export function turnOf<Case>(cases: readonly Case[], setting: number, settings: number): readonly Case[] {
  return THOROUGH ? cases : cases.filter((_, index) => index % settings === setting);
}
