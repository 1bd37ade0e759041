/**
 * What src may not name, checked together with it: `tsconfig.worker.json` has the Workers' types and neither Node's nor
 * a browser's. If one of these were known there, its line would be an error. The Workers' types know `process` and
 * `Buffer` as `any`; the linter forbids these (`noRestrictedGlobals` in biome.json).
 */

// @ts-expect-error A module of Node's.
export type { Stats } from 'node:fs';
// @ts-expect-error Node's types.
export type Timer = NodeJS.Timeout;
// @ts-expect-error A global of Node's modules.
export const folder = __dirname;
// @ts-expect-error A global of browsers.
export const page = document.title;
