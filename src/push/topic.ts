import type { Render } from './messages.ts';

/** A feed's URL as it was asked for: where the Desk announces its changes, and whether older pages were meant. */
const FEED = /^(\/feeds\/.+)\.[a-z]+$/;

/**
 * The path under which the Desk announces changes to a topic; undefined when the topic is no feed of this site as
 * it names itself (its `rel=self`). Archive pages are none: what is new is never on them.
 */
export async function pathOfTopic(
  topic: string,
  origin: string,
  render: Render,
): Promise<string | undefined> {
  if (!topic.startsWith(`${origin}/feeds/`)) return undefined;
  const url = new URL(topic);
  const path = FEED.exec(url.pathname)?.[1];
  if (path === undefined || url.searchParams.has('before')) return undefined;
  const response = await render(topic.slice(origin.length));
  await response.body?.cancel();
  return response.ok && selfOf(response.headers) === topic ? path : undefined;
}

const selfOf = (headers: Headers): string | undefined =>
  /<([^>]*)>\s*;\s*rel="?self"?/.exec(headers.get('Link') ?? '')?.[1];

/**
 * Whether a feed that KV gave shows the change with this sequence number: KV may serve the value before for 60 s.
 * A feed's ETag carries its scope's sequence number in the second place; combined filters come from the Desk itself.
 */
export function isCurrent(topic: string, headers: Headers, sequence: number): boolean {
  const filtered = [...new URL(topic).searchParams.keys()].some(
    (key) => key !== 'limit' && key !== 'content',
  );
  const shown = /^W\/"[^".]*\.(\d+)\./.exec(headers.get('ETag') ?? '')?.[1];
  return filtered || shown === undefined || Number(shown) >= sequence;
}
