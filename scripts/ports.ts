import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** The address a local Dateline listens on. */
export const HOST = '127.0.0.1';

/** Whether `port` of this machine is free now. */
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
 * Below the ephemeral ports (from 32768 on Linux, from 49152 on macOS and in the IANA registry): wrangler opens some of
 * those while it starts, and could take the port that was free a moment before.
 */
const [FIRST, LAST] = [20_000, 32_767];

/** A free port outside the ephemeral range. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(FIRST, LAST + 1);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`no port between ${FIRST} and ${LAST} of this machine is free`);
}
