import { deskOf } from '../bindings.ts';
import { settingsSchema } from '../domain/settings.ts';
import { json, operation } from '../http/operation.ts';
import { NO_STORE } from '../http/problem.ts';
import { DEFAULT_SETTINGS } from '../store/records.ts';
import { siteSchema } from './response-schemas.ts';

export const getSite = operation(
  {
    id: 'getSite',
    tag: 'Operator',
    summary: 'Get the site’s settings',
    security: ['operator'],
    answers: { 200: json(siteSchema, 'The effective settings, including defaults.') },
  },
  async (c) => Response.json((await deskOf(c.env).site()) ?? DEFAULT_SETTINGS, { headers: NO_STORE }),
);

export const putSite = operation(
  {
    id: 'putSite',
    tag: 'Operator',
    summary: 'Replace the site’s settings',
    description: 'Settings that the body omits return to their defaults.',
    security: ['operator'],
    body: settingsSchema,
    answers: { 200: json(siteSchema, 'The new effective settings.') },
  },
  async (c, { body }) => {
    const {
      name = DEFAULT_SETTINGS.name,
      description = DEFAULT_SETTINGS.description,
      language = DEFAULT_SETTINGS.language,
      timeZone = DEFAULT_SETTINGS.timeZone,
      tombstoneHours = DEFAULT_SETTINGS.tombstoneHours,
      ...more
    } = body;
    const site = await deskOf(c.env).saveSite({
      ...more,
      ...{ name, description, language, timeZone, tombstoneHours },
    });
    return Response.json(site, { headers: NO_STORE });
  },
);
