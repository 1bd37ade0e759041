/**
 * `npm test` runs a part of the slow tests: every law, attack, shape and format, but not every combination, and fewer
 * random inputs. `npm run test:thorough` (`THOROUGH=1`) runs all.
 */
export const THOROUGH = process.env.THOROUGH === '1';

/** The number of random inputs for a property. */
export const runs = (thorough: number, otherwise: number): number => (THOROUGH ? thorough : otherwise);

/**
 * The cases to run in one of several settings: all when thorough, else a share, so that each case runs in one setting
 * and each setting gets a part of them.
 */
export function turnOf<Case>(cases: readonly Case[], setting: number, settings: number): readonly Case[] {
  return THOROUGH ? cases : cases.filter((_, index) => index % settings === setting);
}
