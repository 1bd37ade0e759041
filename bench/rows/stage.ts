import { type Arena, openArena, type Site, siteOfThisCheckout, type WorkerName } from '../arena.ts';
import { Newsroom } from '../newsroom.ts';
import { Workerd } from '../workerd.ts';

const ARTICLES = 200;

/** The site that rows measure: two hundred articles in six languages, in KV. */
export interface Stage {
  arena: Arena;
  site: Site;
  newsroom: Newsroom;
  workerd: Workerd;
  url(worker: WorkerName): URL;
  inspector(worker: WorkerName): Promise<URL>;
}

export async function openStage(): Promise<Stage> {
  const site = siteOfThisCheckout('site');
  return stageOf(await openArena([site]), site);
}

/** Seeds a site of an arena, so that rows can measure it. */
export async function stageOf(arena: Arena, site: Site): Promise<Stage> {
  const newsroom = await Newsroom.open(arena, site.name);
  await newsroom.seed(ARTICLES);
  return {
    arena,
    site,
    newsroom,
    workerd: Workerd.latest(),
    url: (worker) => arena.url(site.name, worker),
    inspector: (worker) => arena.inspector(site.name, worker),
  };
}
