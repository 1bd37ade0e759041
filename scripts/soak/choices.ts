/**
 * What a soak does to the site besides publishing and reading:
 *
 * - `crash`: SIGKILL to all processes
 * - `kv`: some keys of KV, or the whole namespace, are deleted, under the running site or before it starts again
 * - `clock`: the time of day steps ahead or behind by an hour, and back
 * - `disk`: nothing more can be written to the site's disk for a while
 * - `hostile`: articles that cost much, or that must be refused
 * - `slow`: subscribers that are slow, hang, fail, or fail now and then
 */
export const CHOICES = ['crash', 'kv', 'clock', 'disk', 'hostile', 'slow'] as const;

export type Choice = (typeof CHOICES)[number];
