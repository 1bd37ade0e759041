import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exampleArticles, examplePublishers } from './examples.ts';
import { startDateline } from './local.ts';
import { Newsroom } from './newsroom.ts';
import { freePort } from './ports.ts';

const SERVED_WITHIN_MS = 120_000;

export interface ExampleCard {
  id: string;
  url: string;
  language: string;
  headline: string;
  section?: string;
  tags: string[];
  authors: { name: string }[];
}

/** A local Dateline that serves all example articles. */
export interface ExampleSite {
  origin: string;
  cards: ExampleCard[];
  adminToken: string;
  end(): Promise<void>;
}

export async function startExampleSite(): Promise<ExampleSite> {
  const folder = await mkdtemp(join(tmpdir(), 'dateline-'));
  const { origin, adminToken, stop } = await startDateline({ port: await freePort(), persistTo: folder });
  const newsroom = new Newsroom(origin, adminToken, join(folder, 'secrets.json'));
  for (const publisher of examplePublishers()) await newsroom.register(publisher);
  const articles = exampleArticles();
  for (const article of articles) {
    const answer = await newsroom.publish(article);
    if ('refusal' in answer) throw new Error(`${article.file} was refused: ${answer.refusal}`);
  }
  return {
    origin,
    adminToken,
    cards: await untilServed(origin, articles.length),
    async end() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilServed(origin: string, count: number): Promise<ExampleCard[]> {
  const deadline = Date.now() + SERVED_WITHIN_MS;
  while (Date.now() < deadline) {
    const response = await fetch(`${origin}/articles?limit=100`);
    const { articles } = (await response.json()) as { articles: ExampleCard[] };
    if (articles.length === count) return articles;
    await sleep(100);
  }
  throw new Error(`Not every example article was served within ${SERVED_WITHIN_MS / 1_000} s.`);
}
