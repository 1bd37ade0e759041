import * as v from 'valibot';
import { LIMITS, languageTag, line, maybe } from '../article/draft.ts';
import { type AppContext, deskOf } from '../bindings.ts';
import { PRIVATE, Refusal } from '../problem.ts';
import { DEFAULT_SETTINGS } from '../store/values.ts';
import { readSettings } from './body.ts';

const LONGEST_TOMBSTONE = 720;
const HOURS = `must be a whole number of hours from 1 to ${LONGEST_TOMBSTONE}`;

const settingsSchema = v.object(
  {
    name: maybe(line(LIMITS.name)),
    description: maybe(line(LIMITS.headline)),
    language: maybe(languageTag),
    timeZone: maybe(
      v.pipe(line(LIMITS.name), v.check(isTimeZone, 'must be an IANA time zone, such as Asia/Kolkata')),
    ),
    tombstoneHours: maybe(
      v.pipe(v.number(HOURS), v.integer(HOURS), v.minValue(1, HOURS), v.maxValue(LONGEST_TOMBSTONE, HOURS)),
    ),
  },
  'must be an object',
);

function isTimeZone(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone }));
  } catch {
    return false;
  }
}

/** `GET /admin/site`: the settings that hold, the defaults included. */
export async function getSite(c: AppContext): Promise<Response> {
  return Response.json((await deskOf(c.env).site()) ?? DEFAULT_SETTINGS, { headers: PRIVATE });
}

/** `PUT /admin/site`: sets what is given; what is left out goes back to its default. */
export async function putSite(c: AppContext): Promise<Response | Refusal> {
  const settings = await readSettings(c, settingsSchema);
  if (settings instanceof Refusal) return settings;
  const site = await deskOf(c.env).saveSite({
    name: settings.name ?? DEFAULT_SETTINGS.name,
    description: settings.description ?? DEFAULT_SETTINGS.description,
    language: settings.language ?? DEFAULT_SETTINGS.language,
    timeZone: settings.timeZone ?? DEFAULT_SETTINGS.timeZone,
    tombstoneHours: settings.tombstoneHours ?? DEFAULT_SETTINGS.tombstoneHours,
  });
  return Response.json(site, { headers: PRIVATE });
}
