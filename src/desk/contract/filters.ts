import type { PartnerNames, PartnerProfile } from '../../domain/partner.ts';
import type { Scope } from '../../domain/site.ts';
import { ANYWHERE, listsOf } from './memberships.ts';
import type { CardContent, Filters } from './messages.ts';

/** The filter that a scope is. */
export const filtersOf = (scope: Scope): Filters =>
  scope.kind === 'all'
    ? { include: {}, exclude: {} }
    : { include: { [scope.kind]: [scope.name] }, exclude: {} };

/** What a partner's settings and the articles' rights let it have at `now` (milliseconds since the epoch). */
export function filtersOfPartner({ id, name, filters, delay }: PartnerProfile, now: number): Filters {
  const { territories, ...include }: PartnerNames = filters.include ?? {};
  return {
    // An article that names no territories may be shown in all of them.
    include: { ...include, ...(territories && { territories: [...territories, ANYWHERE] }) },
    exclude: { ...filters.exclude, withheld: [id, name] },
    ...(delay > 0 && { until: new Date(now - delay * 1_000).toISOString() }),
  };
}

/** Whether an article is on a list of every kind that is asked for, and on none that is not wanted; `until` aside. */
export function isWanted({ include, exclude }: Filters, card: CardContent): boolean {
  const lists = listsOf(card);
  const isOn = ([kind, names]: [string, readonly string[]]) =>
    lists.some((list) => list.kind === kind && names.includes(list.name));
  return Object.entries(include).every(isOn) && !Object.entries(exclude).some(isOn);
}
