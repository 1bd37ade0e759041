import { describe, expect, test } from 'vitest';
import { GHOST_POST as POST } from './documents.ts';
import { eventOf, read } from './reading.ts';

// After docs.ghost.org, "Webhooks", and the payloads of Ghost's own tests.
const draftBefore = { status: 'draft', updated_at: '2026-11-20T08:30:00.000Z', published_at: null };
const sent = (current: object, previous?: object) => ({ post: { current, ...(previous && { previous }) } });

describe('Ghost names no event: current and previous tell it', () => {
  test.each([
    ['a draft that is published', sent(POST, draftBefore), 'published'],
    ['a scheduled post that is published', sent(POST, { status: 'scheduled' }), 'published'],
    ['a post that is published at once', sent(POST), 'published'],
    ['a published post that is edited', sent(POST, { title: 'Tide', updated_at: '…' }), 'updated'],
    [
      'a published post made a draft',
      sent({ ...POST, status: 'draft' }, { status: 'published' }),
      'withdrawn',
    ],
    [
      'a published post that is scheduled anew',
      sent({ ...POST, status: 'scheduled' }, { status: 'published' }),
      'withdrawn',
    ],
    [
      'a published post kept for members',
      sent({ ...POST, visibility: 'members' }, { visibility: 'public' }),
      'withdrawn',
    ],
    ['a published post that is deleted', sent({}, POST), 'withdrawn'],
    ['a post that is opened to everybody', sent(POST, { visibility: 'paid' }), 'published'],
    ['a deleted draft', sent({}, { ...POST, status: 'draft' }), 'ignored'],
    ['a new draft', sent({ ...POST, status: 'draft', published_at: null }), 'ignored'],
    ['an edited draft', sent({ ...POST, status: 'draft' }, { title: 'Tide' }), 'ignored'],
    ['a scheduled post', sent({ ...POST, status: 'scheduled' }, { status: 'draft' }), 'ignored'],
    ['a newsletter that is on no page', sent({ ...POST, status: 'sent' }, { status: 'draft' }), 'ignored'],
    ['a post for paying members', sent({ ...POST, visibility: 'paid' }, draftBefore), 'ignored'],
    ['a page', { page: { current: POST, previous: draftBefore } }, 'ignored'],
    ['a deleted page', { page: { current: {}, previous: POST } }, 'ignored'],
    [
      'a new member',
      { member: { current: { id: '9', email: 'reader@mail.example' }, previous: {} } },
      'ignored',
    ],
    ['a tag', { tag: { current: { id: '3', name: 'City' }, previous: {} } }, 'ignored'],
  ])('%s', (_what, body, kind) => {
    expect(read(body)).toMatchObject({ source: 'ghost' });
    expect(eventOf(body)).toMatchObject({ kind });
  });

  test('site.changed has an empty body, but is signed as Ghost signs', () => {
    const headers = { 'X-Ghost-Signature': 'sha256=0, t=0' };
    expect(eventOf({}, 'application/json', { headers })).toMatchObject({ kind: 'ignored' });
  });
});

test('an article needs this of a post, and no more', () => {
  expect(eventOf(sent(POST, draftBefore))).toEqual({
    kind: 'published',
    revisedAt: '2026-11-20T10:00:00.000Z',
    draft: {
      id: POST.id,
      url: POST.url,
      headline: 'Tide & time',
      summary: 'What the sea does twice a day.',
      section: 'City',
      tags: ['City', 'Sea'],
      authors: [{ name: 'Asha Coast', url: 'https://coast.example/author/asha/' }],
      image: { url: POST.feature_image, alt: 'The harbour at high tide', caption: 'High tide. Photo: Coast' },
      body: { format: 'html', content: '<p>The tide came in.</p>' },
      publishedAt: '2026-11-20T09:00:00.000Z',
      updatedAt: '2026-11-20T10:00:00.000Z',
    },
  });
});

test('e-mail address, role and the code a theme injects go nowhere', () => {
  const text = JSON.stringify(eventOf(sent(POST, draftBefore)));
  for (const kept of ['asha@', 'Owner', 'alert(1)']) expect(text).not.toContain(kept);
});

test('a withdrawal bears the time of the change, a deletion the time of its receipt', () => {
  expect(eventOf(sent({ ...POST, status: 'draft' }, { status: 'published' }))).toEqual({
    kind: 'withdrawn',
    sourceId: POST.id,
    revisedAt: '2026-11-20T10:00:00.000Z',
  });
  expect(eventOf(sent({}, POST))).toEqual({ kind: 'withdrawn', sourceId: POST.id });
});

test('its own canonical address goes before the page’s', () => {
  const canonical_url = 'https://first.example/tide';
  expect(eventOf(sent({ ...POST, canonical_url }))).toMatchObject({ draft: { url: canonical_url } });
});

describe('hostile or broken', () => {
  test.each([
    ['a post that is no object', { post: 7 }, 'refused', undefined],
    ['a post of nothing', { post: { current: null, previous: null } }, 'refused', 'ghost'],
    ['a title that is no text', sent({ ...POST, title: { a: 1 } }), 'refused', 'ghost'],
    ['an empty title', sent({ ...POST, title: ' ' }), 'refused', 'ghost'],
    ['authors and tags that are no lists', sent({ ...POST, authors: 'Asha', tags: 7 }), 'published', 'ghost'],
    [
      'an address that runs',
      sent({ ...POST, url: 'javascript:alert(1)', feature_image: 'data:,x' }),
      'published',
      'ghost',
    ],
  ])('%s', (_what, body, kind, source) => {
    if (source !== undefined) expect(read(body)).toMatchObject({ source });
    expect(eventOf(body, 'application/json', { source: 'native' })).toMatchObject({ kind: 'refused' });
    if (source !== undefined) expect(eventOf(body)).toMatchObject({ kind });
    expect(JSON.stringify(eventOf(body))).not.toContain('javascript:');
  });
});
