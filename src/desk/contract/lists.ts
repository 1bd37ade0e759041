import type { ArticleContent } from '../../domain/article.ts';
import { SCOPE_KINDS, type Scope, type ScopeKind } from '../../domain/site.ts';
import { primaryLanguage } from '../../locales/language-tag.ts';
import { foldName } from '../../text/fold-name.ts';

/**
 * The kinds of lists of articles. Scopes have feeds and pages. The others only narrow a scope: an article's licence, the
 * territories where it may be shown, the partners from which it is withheld.
 */
export const LIST_KINDS = [...SCOPE_KINDS, 'licences', 'territories', 'withheld'] as const;
export type ListKind = (typeof LIST_KINDS)[number];

/** The territory of an article that names none. */
export const ANYWHERE = '*';

export type List = { kind: 'all'; name: '' } | { kind: ListKind; name: string };

const ALL: List = { kind: 'all', name: '' };

type Listable = Pick<ArticleContent, 'publisher' | 'section' | 'tags' | 'language' | 'authors' | 'rights'>;

/** The lists of an article. An article in `hi-IN` is on the lists of `hi-IN` and of `hi`. */
export function listsOf(card: Listable): List[] {
  const { licence, territories = [ANYWHERE], excludePartners = [] } = card.rights ?? {};
  const named: [ListKind, Iterable<string>][] = [
    ['publishers', [card.publisher]],
    ['sections', card.section === undefined ? [] : [card.section]],
    ['tags', new Set(card.tags)],
    ['languages', new Set([card.language, primaryLanguage(card.language)])],
    ['authors', new Set(card.authors.map((author) => author.name))],
    ['licences', licence === undefined ? [] : [licence]],
    ['territories', new Set(territories)],
    // As given, too: earlier releases compare these.
    ['withheld', new Set([...excludePartners, ...excludePartners.map(foldName)])],
  ];
  return [ALL, ...named.flatMap(([kind, names]) => [...names].map((name) => ({ kind, name }) as const))];
}

/** The scope of a list; undefined for a list without a feed. */
export function scopeOf({ kind, name }: List): Scope | undefined {
  if (kind === 'all') return { kind };
  return isScopeKind(kind) ? { kind, name } : undefined;
}

export const isScopeKind = (kind: string): kind is ScopeKind =>
  (SCOPE_KINDS as readonly string[]).includes(kind);
