import { type AppContext, deskOf } from '../bindings.ts';
import { Refusal } from '../domain/refusal.ts';
import { settingsSchema } from '../domain/settings.ts';
import { NO_STORE } from '../http/problem.ts';
import { DEFAULT_SETTINGS } from '../store/records.ts';
import { readSettings } from './settings-body.ts';

/** `GET /admin/site`: the settings that hold, the defaults included. */
export async function getSite(c: AppContext): Promise<Response> {
  return Response.json((await deskOf(c.env).site()) ?? DEFAULT_SETTINGS, { headers: NO_STORE });
}

/** `PUT /admin/site`: sets what is given; what is left out goes back to its default. */
export async function putSite(c: AppContext): Promise<Response | Refusal> {
  const settings = await readSettings(c, settingsSchema);
  if (settings instanceof Refusal) return settings;
  const {
    name = DEFAULT_SETTINGS.name,
    description = DEFAULT_SETTINGS.description,
    language = DEFAULT_SETTINGS.language,
    timeZone = DEFAULT_SETTINGS.timeZone,
    tombstoneHours = DEFAULT_SETTINGS.tombstoneHours,
    ...more
  } = settings;
  const site = await deskOf(c.env).saveSite({
    ...more,
    ...{ name, description, language, timeZone, tombstoneHours },
  });
  return Response.json(site, { headers: NO_STORE });
}
