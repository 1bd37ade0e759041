import { constant } from './constant.ts';
import { cost } from './cost.ts';
import { freshness } from './freshness.ts';
import { growth } from './growth.ts';
import { ingest } from './ingest.ts';
import { kvFloor } from './kv-floor.ts';
import { peers } from './peers.ts';
import type { Row } from './row.ts';

/** In order of execution: rows that measure the site of two hundred articles precede those that publish thousands. */
export const ROWS: readonly Row[] = [constant, kvFloor, peers, cost, ingest, freshness, growth];
