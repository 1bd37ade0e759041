import { namesOfPartner, type PartnerNames, type PartnerProfile } from '../../domain/partner.ts';
import type { Scope } from '../../domain/site.ts';
import { ANYWHERE, listsOf } from './lists.ts';
import type { CardContent, Filters } from './messages.ts';

/** Filters that every article matches. */
export const UNFILTERED: Filters = { include: {}, exclude: {} };

/** The filters that select exactly the articles of a scope. */
export const filtersOf = (scope: Scope): Filters =>
  scope.kind === 'all' ? UNFILTERED : { include: { [scope.kind]: [scope.name] }, exclude: {} };

/**
 * The filters for a partner's feed at `now` (milliseconds since the epoch), from its settings and the articles' rights. KV
 * may have the partner's record of before it was renamed, so the Desk replaces the names (`withheldFrom`).
 */
export function filtersOfPartner(partner: PartnerProfile, now: number): Filters {
  const { filters, delay } = partner;
  const { territories, ...include }: PartnerNames = filters.include ?? {};
  return {
    // An article that names no territories may be shown anywhere.
    include: { ...include, ...(territories && { territories: [...territories, ANYWHERE] }) },
    exclude: { ...filters.exclude, withheld: namesOfPartner(partner) },
    partner: partner.id,
    ...(delay > 0 && { until: new Date(now - delay * 1_000).toISOString() }),
  };
}

/** Filters as the Desk applies them: with the partner's names as the Desk knows them. */
export function withheldFrom(partner: PartnerProfile | undefined, filters: Filters): Filters {
  if (partner === undefined) return filters;
  return { ...filters, exclude: { ...filters.exclude, withheld: namesOfPartner(partner) } };
}

/** Whether an article matches filters; ignores `until` and `partner`. */
export function isWanted({ include, exclude }: Filters, card: CardContent): boolean {
  const lists = listsOf(card);
  const isOn = ([kind, names]: [string, readonly string[]]) =>
    lists.some((list) => list.kind === kind && names.includes(list.name));
  return Object.entries(include).every(isOn) && !Object.entries(exclude).some(isOn);
}
