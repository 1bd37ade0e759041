import { literal, record, safeParse, unknown } from 'valibot';
import { describe, expect, test } from 'vitest';
import { draftSchema, LIMITS, MAX_ISSUES, toIssues } from '../../src/domain/draft.ts';

const MINIMAL = { id: 'a1', headline: 'A headline' };

function accept(fields: object): unknown {
  const parsed = safeParse(draftSchema, { ...MINIMAL, ...fields });
  if (!parsed.success) throw new Error(JSON.stringify(toIssues(parsed.issues)));
  return parsed.output;
}

/** `path: message` of each thing wrong. */
function refuse(input: unknown): string[] {
  const parsed = safeParse(draftSchema, input);
  return parsed.success ? [] : toIssues(parsed.issues).map(({ path, message }) => `${path}: ${message}`);
}

const paths = (input: unknown): string[] => refuse(input).map((issue) => issue.replace(/: .*/s, ''));

describe('what is accepted', () => {
  test('an id and a headline are enough', () => {
    expect(accept({})).toEqual(MINIMAL);
  });

  test('a page may come without a headline, nothing else may', () => {
    expect(refuse({ id: 'a', body: { format: 'page', content: 'x' } })).toEqual([]);
    expect(refuse({ id: 'a', body: { format: 'html', content: 'x' } })).toEqual([
      'headline: is required unless the body’s format is page',
    ]);
    expect(paths({ id: 'a' })).toEqual(['headline']);
  });

  test('null and blank mean the same as absent', () => {
    const fields = { url: null, summary: '  ', tags: null, image: null, body: null, publishedAt: '' };
    const accepted = accept(fields) as Record<string, unknown>;
    for (const field of Object.keys(fields)) expect(accepted[field], field).toBeUndefined();
  });

  test('unknown fields are left out', () => {
    expect(accept({ wordCount: 3, __proto__x: {}, extra: { deep: [1] } })).toEqual(MINIMAL);
  });

  test('text is one clean line; repeated tags are one', () => {
    expect(accept({ headline: ' A\n\u00A0e\u0301\u202E ', tags: ['a ', 'a', 'b'] })).toMatchObject({
      headline: 'A é',
      tags: ['a', 'b'],
    });
  });

  test('a numbered post’s id', () => {
    expect(accept({ id: 84213 })).toMatchObject({ id: '84213' });
  });

  test.each([
    ['2026-11-22T15:30:00+05:30', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T10:00Z', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22 10:00:00.123456Z', '2026-11-22T10:00:00.123Z'],
  ])('the time %s', (given, instant) => {
    expect(accept({ publishedAt: given })).toMatchObject({ publishedAt: instant });
  });

  test('language tags in their canonical form, pixels also as text', () => {
    expect(accept({ language: 'HI-in', image: { width: '640', height: 480 } })).toMatchObject({
      language: 'hi-IN',
      image: { width: 640, height: 480 },
    });
  });

  test('NUL goes from a body', () => {
    expect(accept({ body: { format: 'text', content: ' a\u0000b ' } })).toMatchObject({
      body: { content: 'ab' },
    });
  });
});

describe('what is refused', () => {
  const long = (length: number) => 'x'.repeat(length);

  test.each<[string, object]>([
    ['id', { id: long(LIMITS.id + 1) }],
    ['headline', { headline: long(LIMITS.headline + 1) }],
    ['summary', { summary: long(LIMITS.paragraph + 1) }],
    ['dateline', { dateline: long(LIMITS.name + 1) }],
    ['section', { section: long(LIMITS.name + 1) }],
    ['credit', { credit: long(LIMITS.headline + 1) }],
    ['url', { url: `https://a.example/${long(LIMITS.url)}` }],
    ['tags.0', { tags: [long(LIMITS.name + 1)] }],
    ['tags', { tags: Array.from({ length: 10_000 }, String) }],
    ['authors', { authors: Array.from({ length: LIMITS.authors + 1 }, () => ({ name: 'a' })) }],
    ['authors.0.name', { authors: [{ name: long(LIMITS.name + 1) }] }],
    ['related', { related: Array.from({ length: LIMITS.list + 1 }, () => ({ title: 'a' })) }],
    ['related.0.title', { related: [{ title: long(LIMITS.headline + 1) }] }],
    ['image.caption', { image: { caption: long(LIMITS.paragraph + 1) } }],
    ['image.width', { image: { width: LIMITS.pixels + 1 } }],
    ['rights.licence', { rights: { licence: long(LIMITS.name + 1) } }],
    [
      'corrections.0.note',
      { corrections: [{ at: '2026-11-22T10:00:00Z', note: long(LIMITS.paragraph + 1) }] },
    ],
  ])('%s over its limit', (path, fields) => {
    expect(paths({ ...MINIMAL, ...fields })).toEqual([path]);
  });

  test('values at their limits are not', () => {
    expect(
      paths({ id: long(LIMITS.id), headline: long(LIMITS.headline), section: long(LIMITS.name) }),
    ).toEqual([]);
  });

  const LONE = 'half \uD83D of a pair';

  test.each<[string, object]>([
    ['id', { id: LONE }],
    ['url', { url: `https://a.example/${LONE}` }],
    ['language', { language: LONE }],
    ['headline', { headline: LONE }],
    ['summary', { summary: LONE }],
    ['dateline', { dateline: LONE }],
    ['section', { section: LONE }],
    ['tags.1', { tags: ['a', LONE] }],
    ['authors.0.name', { authors: [{ name: LONE }] }],
    ['image.alt', { image: { alt: LONE } }],
    ['image.caption', { image: { caption: LONE } }],
    ['body.content', { body: { format: 'html', content: LONE } }],
    ['related.0.title', { related: [{ title: LONE }] }],
    ['credit', { credit: LONE }],
    ['rights.copyright', { rights: { copyright: LONE } }],
    ['corrections.0.note', { corrections: [{ at: '2026-11-22T10:00:00Z', note: LONE }] }],
    ['publishedAt', { publishedAt: LONE }],
  ])('a lone surrogate in %s', (path, fields) => {
    expect(paths({ ...MINIMAL, ...fields })).toContain(path);
  });

  test('and says what is wrong with it', () => {
    expect(refuse({ ...MINIMAL, headline: LONE })).toEqual([
      expect.stringContaining('headline: must not contain a lone surrogate'),
    ]);
  });

  test.each([
    'javascript:alert(1)',
    'ftp://a.example/',
    '/relative',
    'https://user:secret@a.example/',
    'https://',
  ])('the address %s', (url) => {
    expect(paths({ ...MINIMAL, url })).toEqual(['url']);
  });

  test.each([
    '2026-11-22T10:00:00',
    '2026-11-22',
    'yesterday',
    '2026-13-22T10:00:00Z',
    '1969-12-31T23:59:59Z',
    '1764000000',
  ])('the time %s', (publishedAt) => {
    expect(paths({ ...MINIMAL, publishedAt })).toEqual(['publishedAt']);
  });

  test('everything wrong at once, each with its path', () => {
    const input = {
      id: '',
      language: 'no such',
      direction: 'up',
      tags: 'a',
      authors: [{}],
      body: { format: 'pdf', content: '' },
      headline: 3,
    };
    expect(paths(input).sort()).toEqual(
      [
        'authors.0.name',
        'body.content',
        'body.format',
        'direction',
        'headline',
        'id',
        'language',
        'tags',
      ].sort(),
    );
  });

  test('what is no object', () => {
    for (const input of [null, 3, 'x', undefined]) expect(refuse(input), String(input)).toHaveLength(1);
    expect(paths([])).toEqual(['id', 'headline']);
  });
});

describe('work is bounded before it is done', () => {
  /** Counts how often an entry of the list is read. */
  function watched(length: number): { entries: unknown[]; reads: () => number } {
    let reads = 0;
    const read = (target: object, key: string | symbol, receiver: unknown): unknown => {
      reads += key === 'type' || key === 'name' ? 1 : 0;
      return Reflect.get(target, key, receiver);
    };
    const entry = new Proxy({}, { get: read });
    return { entries: Array(length).fill(entry), reads: () => reads };
  }

  test.each(['authors', 'related', 'corrections', 'translations'])(
    '%s over the limit are counted, not read',
    (field) => {
      const { entries, reads } = watched(500_000);
      expect(refuse({ ...MINIMAL, [field]: entries })).toEqual([
        `${field}: must have at most ${field === 'authors' ? 20 : 50} entries, not 500000`,
      ]);
      expect(reads()).toBe(0);
    },
  );

  test.each([
    ['tags', 50, (many: number[]) => ({ tags: many })],
    ['rights.territories', 250, (many: number[]) => ({ rights: { territories: many } })],
    ['rights.excludePartners', 250, (many: number[]) => ({ rights: { excludePartners: many } })],
  ])('half a million %s are one issue', (path, limit, fields) => {
    const many = Array(524_288).fill(1);
    expect(safeParse(draftSchema, { ...MINIMAL, ...fields(many) }).issues).toHaveLength(1);
    expect(refuse({ ...MINIMAL, ...fields(many) })).toEqual([
      `${path}: must have at most ${limit} entries, not 524288`,
    ]);
  });

  test('the entries of a list are read until 20 issues are found', () => {
    const { entries, reads } = watched(20);
    refuse({ ...MINIMAL, authors: entries });
    expect(reads()).toBeGreaterThan(0);
    const territories = Array(250).fill(1);
    const parsed = safeParse(draftSchema, { ...MINIMAL, rights: { territories } });
    expect(parsed.issues).toHaveLength(MAX_ISSUES);
  });

  test('20 issues are listed, with what they are about in front; the last says how many more there are', () => {
    const parsed = safeParse(draftSchema, { ...MINIMAL, tags: Array(50).fill(3), related: [{}, {}] });
    const issues = toIssues(parsed.issues ?? [], 'data');
    expect(issues).toHaveLength(MAX_ISSUES);
    expect(issues[0]).toEqual({ path: 'data.tags.0', message: 'must be a string' });
    expect(issues.at(-1)).toEqual({ path: '', message: 'and at least 3 more errors; mend these first' });
  });

  test('20 issues are all listed', () => {
    const parsed = safeParse(draftSchema, { ...MINIMAL, tags: Array(20).fill(3) });
    expect(toIssues(parsed.issues ?? []).at(-1)?.path).toBe('tags.19');
  });

  test('an issue quotes little of the input', () => {
    const parsed = safeParse(record(literal('a'), unknown()), { ['x'.repeat(100_000)]: 1 });
    const [issue] = toIssues(parsed.issues ?? []);
    expect(issue?.path.length).toBeLessThanOrEqual(200);
    expect(issue?.message.length).toBeLessThanOrEqual(300);
  });
});
