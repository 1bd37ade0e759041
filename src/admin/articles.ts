import * as v from 'valibot';
import { deskOf } from '../bindings.ts';
import type { Erasure, Takedown } from '../desk/contract/messages.ts';
import { LIMITS, line, maybe } from '../domain/draft.ts';
import { Refusal } from '../domain/refusal.ts';
import { described, json, operation } from '../http/operation.ts';
import { knownId, wholeNumber } from '../http/parameters.ts';
import { NO_STORE } from '../http/problem.ts';
import { takedownSchema, versionSchema, versionsSchema } from './response-schemas.ts';

export const withdrawArticle = operation(
  {
    id: 'withdrawArticle',
    tag: 'Operator',
    summary: 'Withdraw an article',
    description: 'The article stays withdrawn, whatever its publisher sends, until the operator restores it.',
    security: ['operator'],
    path: v.object({ id: knownId }),
    body: v.object({ reason: maybe(line(LIMITS.headline)) }, 'must be an object'),
    answers: { 200: json(takedownSchema, 'The article is withdrawn.') },
    problems: ['not-found'],
  },
  async (c, { path, body }) => answer(await deskOf(c.env).withdraw(path.id, body.reason)),
);

export const restoreArticle = operation(
  {
    id: 'restoreArticle',
    tag: 'Operator',
    summary: 'Restore an article that the operator withdrew',
    security: ['operator'],
    path: v.object({ id: knownId }),
    answers: {
      200: json(
        takedownSchema,
        'The article’s status now follows from its publisher’s events and its dates.',
      ),
    },
    problems: ['not-found', 'conflict'],
  },
  async (c, { path }) => answer(await deskOf(c.env).restore(path.id)),
);

export const eraseContent = operation(
  {
    id: 'eraseArticleContent',
    tag: 'Operator',
    summary: 'Delete the words of a withdrawn article for good',
    description:
      'Deletes the body, the earlier versions and the words of the card; the tombstone stays. The article cannot be restored afterwards.',
    security: ['operator'],
    path: v.object({ id: knownId }),
    answers: { 204: { description: 'Neither the Desk nor KV has words of the article any more.' } },
    problems: ['not-found', 'conflict'],
  },
  async (c, { path }) => {
    const erased = await deskOf(c.env).erase(path.id);
    return erased.found ? new Response(null, { status: 204, headers: NO_STORE }) : answer(erased);
  },
);

export const listVersions = operation(
  {
    id: 'listArticleVersions',
    tag: 'Operator',
    summary: 'List the earlier versions of an article',
    description:
      'The last 20, the newest first, within 256 kB compressed. The current version is not among them.',
    security: ['operator'],
    path: v.object({ id: knownId }),
    answers: { 200: json(versionsSchema, 'The earlier versions.') },
    problems: ['not-found'],
  },
  async (c, { path }) => {
    const versions = await deskOf(c.env).versions(path.id);
    return versions === undefined ? noArticle() : Response.json({ versions }, { headers: NO_STORE });
  },
);

const versionPath = v.object({
  id: knownId,
  version: described(
    wholeNumber(1, Number.MAX_SAFE_INTEGER),
    'A version from the list of earlier versions.',
    3,
  ),
});

export const getVersion = operation(
  {
    id: 'getArticleVersion',
    tag: 'Operator',
    summary: 'Get an earlier version of an article',
    security: ['operator'],
    path: versionPath,
    unmatched: noVersion,
    answers: { 200: json(versionSchema, 'The version with its article as it was.') },
    problems: ['not-found'],
  },
  async (c, { path }) => {
    const version = await deskOf(c.env).version(path.id, path.version);
    return version === undefined ? noVersion() : Response.json(version, { headers: NO_STORE });
  },
);

export const restoreVersion = operation(
  {
    id: 'restoreArticleVersion',
    tag: 'Operator',
    summary: 'Make an earlier version the newest again',
    description:
      'It becomes a new version. What the publisher sends later applies to it; repeats of what it sent before are stale.',
    security: ['operator'],
    path: versionPath,
    unmatched: noVersion,
    answers: { 200: json(takedownSchema, 'The article with its new version.') },
    problems: ['not-found', 'conflict'],
  },
  async (c, { path }) => answer(await deskOf(c.env).restoreVersion(path.id, path.version)),
);

const noArticle = () => new Refusal('not-found', { detail: 'No article has this id.' });

function noVersion(): Refusal {
  return new Refusal('not-found', { detail: 'No earlier version of the article has this number.' });
}

function answer(result: Takedown | Erasure): Response | Refusal {
  if (result.found) return Response.json({ article: result.article }, { headers: NO_STORE });
  switch (result.reason) {
    case 'unknown':
      return noArticle();
    case 'unknown-version':
      return noVersion();
    case 'withdrawn':
      return new Refusal('conflict', {
        detail: 'The article is withdrawn. A version can be restored only of an article that is not.',
      });
    case 'not-withdrawn-by-operator':
      return new Refusal('conflict', {
        detail: 'The operator did not withdraw this article.',
      });
    case 'body-gone':
      return new Refusal('conflict', {
        detail: 'The article’s body is no longer stored; ask its publisher to send it again.',
      });
    case 'erased':
      return new Refusal('conflict', {
        detail:
          'The article’s content was deleted by the operator, so nothing is left to restore. Its publisher can send it under another id.',
      });
    case 'not-withdrawn':
      return new Refusal('conflict', {
        detail: 'The article is not withdrawn. Withdraw it first; then its content can be deleted.',
      });
  }
}
