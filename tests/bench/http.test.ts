import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Answer, Connection, wireRequest } from '../../bench/http.ts';
import { each, load } from '../../bench/load.ts';

const CHUNKED =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n';
const COUNTED = 'HTTP/1.1 202 Accepted\r\ncontent-length: 5\r\n\r\nhello';

describe('an answer ends', () => {
  test.each([
    ['in chunks', CHUNKED, 200],
    ['of a length', COUNTED, 202],
    ['without a body', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 200],
    ['not modified, whatever length it names', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n', 304],
  ])('%s, however the bytes are cut, and not before', (_name, text, status) => {
    const bytes = Buffer.from(text, 'latin1');
    for (let size = 1; size <= bytes.length; size += 1) {
      const answer = new Answer();
      for (let at = 0; at < bytes.length; at += size) {
        expect(answer.ended).toBe(false);
        answer.read(bytes.subarray(at, at + size));
      }
      expect(answer).toMatchObject({ ended: true, status });
    }
  });
});

describe('a load', () => {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    response.writeHead(request.url === '/missing' ? 404 : 200).end('x'.repeat(100_000));
  });
  let url: URL;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterAll(() => {
    server.close();
  });

  test('sends each request once and times it', async () => {
    const requests = Array.from({ length: 40 }, (_each, index) => wireRequest('GET', `/${index}`));
    const loaded = await load(url, each(requests), 200, 4);
    expect(loaded.requests).toBe(40);
    expect(loaded.latencies.every((latency) => latency > 0 && latency <= loaded.milliseconds)).toBe(true);
    expect(new Set(paths).size).toBe(40);
  });

  test('makes no figure of errors', async () => {
    const missing = [wireRequest('GET', '/missing')];
    await expect(load(url, each(missing), 200)).rejects.toThrow(
      'GET /missing HTTP/1.1 answered 404, not 200',
    );
  });
});

describe('a connection that the server closed while idle', () => {
  const server = createServer((_request, response) => response.end('x'));
  afterAll(() => {
    server.close();
  });

  test('is known to be closed, and refuses a request instead of waiting for ever', async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const connection = await Connection.open(url);
    expect(await connection.exchange(wireRequest('GET', '/'))).toBe(200);
    expect(connection.closed).toBe(false);
    server.closeAllConnections();
    await expect.poll(() => connection.closed).toBe(true);
    await expect(connection.exchange(wireRequest('GET', '/'))).rejects.toThrow('The connection closed.');
  });
});
