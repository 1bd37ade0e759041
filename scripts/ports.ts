import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** The address a local Dateline listens on. */
export const HOST = '127.0.0.1';

/** Whether a server could listen on `port` of this machine now. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, HOST);
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/**
 * Below what systems give to sockets that name no port of theirs (32768 up on Linux, 49152 up on macOS, as IANA has
 * it): wrangler opens some on its way, and took the very port that was free a second before.
 */
const [FIRST, LAST] = [20_000, 32_767];

/** A port that nobody listens on, nor will unless by name. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(FIRST, LAST + 1);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`no port between ${FIRST} and ${LAST} of this machine is free`);
}
