import { type Arena, openArena, type WorkerName } from '../arena.ts';
import { Newsroom } from '../newsroom.ts';
import { Workerd } from '../workerd.ts';

const SITE = 'site';
const ARTICLES = 200;

/** The site that rows measure: two hundred articles in six languages, in KV. */
export interface Stage {
  arena: Arena;
  newsroom: Newsroom;
  workerd: Workerd;
  url(worker: WorkerName): URL;
  inspector(worker: WorkerName): Promise<URL>;
}

export async function openStage(): Promise<Stage> {
  const arena = await openArena([SITE]);
  const newsroom = await Newsroom.open(arena, SITE);
  await newsroom.seed(ARTICLES);
  return {
    arena,
    newsroom,
    workerd: Workerd.latest(),
    url: (worker) => arena.url(SITE, worker),
    inspector: (worker) => arena.inspector(SITE, worker),
  };
}
