import type { DialectName } from '../domain/publisher.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Dialect } from './dialect.ts';
import { feed } from './feed.ts';
import { ghost } from './ghost.ts';
import { jsonFeed } from './json-feed.ts';
import { native } from './native.ts';
import { ninjs } from './ninjs.ts';
import { page } from './page.ts';
import type { Payload } from './payload.ts';
import { schemaOrg } from './schema-org.ts';
import { wordpress } from './wordpress.ts';

/** The dialects of webhooks, in the order of detection; any other JSON is native. */
export const DIALECTS: readonly Dialect[] = [
  ghost,
  jsonFeed,
  schemaOrg,
  ninjs,
  wordpress,
  feed,
  page,
  native,
];

/** The dialect of a delivery: the one that its publisher's settings name, else the first that recognizes it. */
export function dialectOf(payload: Payload, named: DialectName | undefined): Dialect | Refusal {
  const candidates = DIALECTS.filter(({ kinds }) => kinds.includes(payload.kind));
  if (named === undefined) {
    return candidates.find((dialect) => dialect.recognizes(payload)) ?? notUnderstood();
  }
  return candidates.find(({ name }) => name === named) ?? notUnderstood(named);
}

const notUnderstood = (named?: DialectName): Refusal =>
  new Refusal('unsupported-media-type', {
    detail:
      named === undefined
        ? 'No supported dialect matches this Content-Type and body.'
        : `The publisher’s source is ${named}, which is not sent with this Content-Type.`,
  });
