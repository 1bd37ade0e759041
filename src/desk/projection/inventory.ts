import type { Instant } from '../../domain/article.ts';
import { DEFAULT_FEEDS } from '../../feeds/feed.ts';
import { INITIAL_SITE, keyOf, SITE_KEYS, type Stamp, type Target, targetOf } from '../../store/records.ts';
import { type List, scopeOf } from '../contract/lists.ts';
import type { ShownArticle } from '../tables/articles.ts';
import type { ScopeChange } from '../tables/memberships.ts';
import type { Tables } from '../tables/tables.ts';

/** A key that KV should have. */
export interface Expected extends Stamp {
  key: string;
  target: Target;
  /** When its value last changed. */
  changedAt: Instant;
}

/** The kinds of keys, each with what all its keys begin with. Keys of other prefixes are not Dateline's. */
export const PREFIXES = [
  'site',
  'trending',
  'rendered:',
  'publisher:',
  'partner:',
  'feed:',
  'article:',
] as const;
export type Prefix = (typeof PREFIXES)[number];

/** Article ids have 16 characters of Crockford base 32, and are hashes. */
const ID_DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_LENGTH = 16;

/** Articles in a sample. */
const SAMPLED_ARTICLES = 3;

const EPOCH = new Date(0).toISOString();

type Sources = Pick<Tables, 'articles' | 'memberships' | 'publishers' | 'partners' | 'settings'>;

/**
 * What KV should contain, as the tables know it: each key with a stamp that changes with its value. KV has the stamp as
 * metadata, so that comparing needs no values.
 */
export class Inventory {
  readonly #tables: Sources;

  constructor(tables: Sources) {
    this.#tables = tables;
  }

  /** The stamp of a target's current value; undefined when KV should have none. */
  stampOf(target: Target): string | undefined {
    return this.#expected(target)?.stamp;
  }

  /** The keys with a prefix after one key (from the first without one), up to another one, in the order of KV. */
  range(prefix: Prefix, after: string, upTo: string | undefined, limit: number): Expected[] {
    const { articles, memberships } = this.#tables;
    switch (prefix) {
      case 'article:':
        return articles
          .shownBetween(after.slice(prefix.length), upTo?.slice(prefix.length), limit)
          .map(expectedArticle);
      case 'feed:':
        return memberships
          .changesBetween(
            listIn(after) ?? { kind: '', name: '' },
            upTo === undefined ? undefined : listIn(upTo),
            limit,
          )
          .flatMap(expectedFeed);
      default:
        return this.#small(prefix)
          .filter(({ key }) => key > after && (upTo === undefined || key <= upTo))
          .slice(0, limit);
    }
  }

  /** Some keys that did not change since an instant: articles at random, a feed of each, the site's own records. */
  sample(unchangedSince: Instant, random: () => number = Math.random): Expected[] {
    const { articles, memberships } = this.#tables;
    const some = Array.from({ length: SAMPLED_ARTICLES }, () => {
      const id = Array.from({ length: ID_LENGTH }, () => ID_DIGITS[Math.floor(random() * ID_DIGITS.length)]);
      // The first article after a random id, or the first of all after the last.
      const [article] = [id.join(''), ''].flatMap((after) => articles.shownBetween(after, undefined, 1));
      const scopes =
        article === undefined ? [] : memberships.listsOf(article.id).flatMap((list) => scopeOf(list) ?? []);
      const scope = scopes[Math.floor(random() * scopes.length)];
      return { article, scope };
    });
    const targets = some.flatMap(({ article, scope }): Target[] => [
      ...(article === undefined ? [] : [{ kind: 'article', id: article.id } as const]),
      ...(scope === undefined ? [] : [{ kind: 'feed', scope } as const]),
    ]);
    const all: Target[] = [...targets, { kind: 'feed', scope: { kind: 'all' } }, { kind: 'site' }];
    const expected = new Map(
      all.flatMap((target) => this.#expected(target) ?? []).map((each) => [each.key, each]),
    );
    return [...expected.values()].filter(({ changedAt }) => changedAt !== '' && changedAt < unchangedSince);
  }

  #expected(target: Target): Expected | undefined {
    const { articles, memberships, publishers, partners, settings } = this.#tables;
    const key = keyOf(target);
    switch (target.kind) {
      case 'article': {
        const article = articles.find(target.id);
        if (article === undefined || article.sequence === null || article.status === 'embargoed')
          return undefined;
        return expectedArticle({ ...article, sequence: article.sequence });
      }
      case 'feed': {
        const change = memberships.changeOf(target.scope);
        return change && { key, target, stamp: String(change.sequence), changedAt: change.changedAt };
      }
      case 'rendered': {
        const change = memberships.changeOf({ kind: 'all' });
        const version = settings.site()?.changedAt ?? '';
        const changedAt = version > (change?.changedAt ?? '') ? version : (change?.changedAt ?? '');
        return change && { key, target, stamp: `${change.sequence} ${version}`, changedAt };
      }
      case 'site': {
        const { changedAt } = settings.site() ?? INITIAL_SITE;
        return { key, target, stamp: changedAt, changedAt };
      }
      case 'trending':
        // It changes with every view; that it is there is enough.
        return { key, target, stamp: '', changedAt: EPOCH };
      default: {
        const record = (target.kind === 'publisher' ? publishers : partners).find(target.id);
        return record && { key, target, stamp: record.changedAt, changedAt: record.changedAt };
      }
    }
  }

  /** The keys of a prefix that has few, in their order. */
  #small(prefix: Prefix): Expected[] {
    const { publishers, partners } = this.#tables;
    const keys =
      prefix === 'publisher:'
        ? publishers.all().map(({ id }) => keyOf({ kind: 'publisher', id }))
        : prefix === 'partner:'
          ? partners.all().map(({ id }) => keyOf({ kind: 'partner', id }))
          : prefix === 'rendered:'
            ? DEFAULT_FEEDS.map((extension) => keyOf({ kind: 'rendered', extension }))
            : SITE_KEYS.filter((key) => key === prefix);
    return keys.sort().flatMap((key) => {
      const target = targetOf(key);
      return (target && this.#expected(target)) ?? [];
    });
  }
}

/** An article's sequence number changes with everything that KV shows of it; its version does not change with an expiry. */
const expectedArticle = ({ id, version, status, sequence, changedAt }: ShownArticle): Expected => {
  const target = { kind: 'article', id } as const;
  return {
    ...{ key: keyOf(target), target, stamp: String(sequence), changedAt },
    ...(status === 'published' && { version }),
  };
};

function expectedFeed({ sequence, changedAt, ...list }: List & ScopeChange): Expected[] {
  const scope = scopeOf(list);
  if (scope === undefined) return [];
  const target = { kind: 'feed', scope } as const;
  return [{ key: keyOf(target), target, stamp: String(sequence), changedAt }];
}

/** The list in a feed's key, also in one that no feed has; undefined for the prefix alone. */
function listIn(key: string): { kind: string; name: string } | undefined {
  const [, kind, ...name] = key.split(':');
  return kind === undefined || kind === '' ? undefined : { kind, name: name.join(':') };
}
