import * as v from 'valibot';
import { LIMITS, line, list, maybe } from './draft.ts';

/** As many places for advertisements as a page has at most. */
const MAX_SLOTS = 8;

/** The widest thing that fits beside the margins of a phone 360 px wide. */
const MAX_WIDTH = 320;
const MAX_HEIGHT = 600;
const MAX_ATTRIBUTES = 20;

/** The networks that `amp-ad` is allowed to load; its `type`. */
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

const pixelsUpTo = (most: number) => {
  const message = `must be a whole number of pixels from 1 to ${most}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(1, message), v.maxValue(most, message));
};

const attributes = v.pipe(
  v.record(
    v.pipe(
      v.string(),
      v.regex(/^(?:json|data-[a-z][a-z0-9-]{0,60})$/, 'must be json or begin with data-, in lower case'),
    ),
    line(LIMITS.headline),
    'must be an object of attributes',
  ),
  v.maxEntries(MAX_ATTRIBUTES, `must have at most ${MAX_ATTRIBUTES} attributes`),
);

/** Advertisements as an operator sets them, for the site or for one publisher's articles; no slots mean none. */
export const adsSchema = v.object(
  {
    type: v.picklist(NETWORKS, `must be one of ${NETWORKS.join(', ')}`),
    /** Of every slot: the account, for one. */
    attributes: maybe(attributes),
    /** In the order in which they stand on a page, each shown once. */
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
