import * as v from 'valibot';
import { adsSchema } from './ads.ts';
import { coloursSchema } from './colours.ts';
import { integerWithin, LIMITS, languageTag, line, list, maybe, pixels, webUrl } from './draft.ts';

/** The site's settings, all optional. */

const MAX_TOMBSTONE_HOURS = 720;
const HOURS = `must be a whole number of hours from 1 to ${MAX_TOMBSTONE_HOURS}`;
const MAX_LINKS = 20;

/** The most bytes of a feed's document, in UTF-8: by default, and what the operator may set. */
export const FEED_BYTES = { default: 2_000_000, min: 500_000, max: 8_000_000 } as const;
const BYTES = `must be a whole number of bytes from ${FEED_BYTES.min} to ${FEED_BYTES.max}`;

/** After how many days without a change a body is moved to R2, if a bucket is bound. */
export const ARCHIVE_DAYS = { default: 365, min: 1, max: 36_500 } as const;
const DAYS = `must be a whole number of days from ${ARCHIVE_DAYS.min} to ${ARCHIVE_DAYS.max}`;

/** The social networks where a site can be followed, with their names for readers. */
export const NETWORKS = {
  whatsapp: 'WhatsApp',
  facebook: 'Facebook',
  instagram: 'Instagram',
  youtube: 'YouTube',
  x: 'X',
  telegram: 'Telegram',
  threads: 'Threads',
  bluesky: 'Bluesky',
  linkedin: 'LinkedIn',
} as const;

const NETWORK_NAMES = Object.keys(NETWORKS) as (keyof typeof NETWORKS)[];

const httpsOnlyUrl = v.pipe(webUrl, v.startsWith('https://', 'must be an https URL'));

const timeZone = v.pipe(
  line(LIMITS.name),
  v.check(isTimeZone, 'must be an IANA time zone, such as Asia/Kolkata'),
);

function isTimeZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}

/** The logo of a site or a publisher. */
export const logoSchema = v.object(
  { url: httpsOnlyUrl, width: pixels, height: pixels },
  'must be an object with url, width and height',
);

const navigationEntry = v.pipe(
  v.object(
    { title: line(LIMITS.name), section: maybe(line(LIMITS.name)), url: maybe(webUrl) },
    'must be an object with title and either section or url',
  ),
  v.check(
    ({ section, url }) => (section === undefined) !== (url === undefined),
    'must have either a section or a url',
  ),
);

const footer = v.object(
  {
    text: maybe(line(LIMITS.headline)),
    links: maybe(
      list(
        v.object({ title: line(LIMITS.name), url: webUrl }, 'must be an object with title and url'),
        MAX_LINKS,
      ),
    ),
  },
  'must be an object with text or links',
);

export const settingsSchema = v.object(
  {
    name: maybe(line(LIMITS.name)),
    description: maybe(line(LIMITS.headline)),
    language: maybe(languageTag),
    languages: maybe(list(languageTag, MAX_LINKS)),
    timeZone: maybe(timeZone),
    localDigits: maybe(v.boolean('must be true or false')),
    logo: maybe(logoSchema),
    colours: maybe(coloursSchema),
    navigation: maybe(list(navigationEntry, MAX_LINKS)),
    liveUrl: maybe(httpsOnlyUrl),
    ads: maybe(adsSchema),
    social: maybe(
      v.strictObject(
        v.entriesFromList(NETWORK_NAMES, maybe(httpsOnlyUrl)),
        `must be an object whose keys are among ${NETWORK_NAMES.join(', ')}`,
      ),
    ),
    footer: maybe(footer),
    tombstoneHours: maybe(integerWithin(1, MAX_TOMBSTONE_HOURS, HOURS)),
    archiveAfterDays: maybe(integerWithin(ARCHIVE_DAYS.min, ARCHIVE_DAYS.max, DAYS)),
    feedBytes: maybe(integerWithin(FEED_BYTES.min, FEED_BYTES.max, BYTES)),
  },
  'must be an object',
);

export type OperatorSettings = v.InferOutput<typeof settingsSchema>;
export type Logo = v.InferOutput<typeof logoSchema>;
