import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { origin } from './site.ts';

/** Long enough for a browser to paint what it has. */
const PAUSE_MS = 20;

/** After each picture and after each part of a page that is whole by itself. */
const SEAM = /(?<=<img[^>]*>|<\/(?:article|figcaption|figure|h\d|header|li|nav|ol|p|section|time|ul)>)/;

/** The site at the end of a line so slow that readers see its pages grow, one part after another. */
export interface SlowLine {
  origin: string;
  close(): Promise<void>;
}

export async function openSlowLine(): Promise<SlowLine> {
  const server = createServer(async ({ url }, answer) => {
    const page = await fetch(origin + url);
    answer.writeHead(page.status, { 'Content-Type': page.headers.get('Content-Type') ?? '' });
    for (const part of (await page.text()).split(SEAM)) {
      answer.write(part);
      await sleep(PAUSE_MS);
    }
    answer.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
