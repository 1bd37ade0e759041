import * as v from 'valibot';
import { integerWithin, LIMITS, line, list, maybe } from './draft.ts';

/** Advertisements on one page. */
const MAX_SLOTS = 8;

/** What fits between the margins of a phone 360 px wide. */
const MAX_WIDTH = 320;
const MAX_HEIGHT = 600;
const MAX_ATTRIBUTES = 20;

/** The networks that `amp-ad` may load: its `type`. */
const NETWORKS = [
  'a9',
  'adgeneration',
  'adsense',
  'colombia',
  'criteo',
  'dable',
  'doubleclick',
  'medianet',
  'mgid',
  'outbrain',
  'pubmatic',
  'revcontent',
  'smartadserver',
  'taboola',
  'teads',
] as const;

const pixelsUpTo = (max: number) =>
  integerWithin(1, max, `must be a whole number of pixels from 1 to ${max}`);

const NOT_ATTRIBUTES = 'must be an object of attributes';
const TOO_MANY = `must have at most ${MAX_ATTRIBUTES} attributes`;

const attributes = v.pipe(
  // Counts before it validates.
  v.record(v.string(), v.unknown(), NOT_ATTRIBUTES),
  v.maxEntries(MAX_ATTRIBUTES, TOO_MANY),
  v.record(
    v.pipe(
      v.string(),
      v.regex(/^(?:json|data-[a-z][a-z0-9-]{0,60})$/, 'must be json or start with data-, in lower case'),
    ),
    line(LIMITS.headline),
    NOT_ATTRIBUTES,
  ),
  v.maxEntries(MAX_ATTRIBUTES, TOO_MANY),
);

/** An operator's settings for advertisements, for the site or for one publisher's articles. No slots: no advertisements. */
export const adsSchema = v.object(
  {
    type: v.picklist(NETWORKS, `must be one of ${NETWORKS.join(', ')}`),
    /** Attributes of every slot, such as the account. */
    attributes: maybe(attributes),
    /** In page order; each appears once. */
    slots: list(
      v.object(
        { width: pixelsUpTo(MAX_WIDTH), height: pixelsUpTo(MAX_HEIGHT), attributes: maybe(attributes) },
        'must be an object with width and height',
      ),
      MAX_SLOTS,
    ),
  },
  'must be an object with type and slots',
);

export type Ads = v.InferOutput<typeof adsSchema>;
