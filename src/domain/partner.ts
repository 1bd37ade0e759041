import { foldName } from '../text/fold-name.ts';

/** Lists that select a partner's articles. */
export interface PartnerNames {
  publishers?: string[];
  sections?: string[];
  tags?: string[];
  languages?: string[];
  licences?: string[];
  territories?: string[];
}

/** A partner's settings: which articles it gets, how much of them, and when. */
export interface PartnerProfile {
  id: string;
  name: string;
  /** Names it had before, the newest first. What is withheld from any of them stays withheld. */
  formerNames?: string[];
  /** Articles must match a name in every list of `include`, and none in `exclude`. */
  filters: { include?: PartnerNames; exclude?: PartnerNames };
  content: 'full' | 'summary';
  /** Articles per page, at most 100. */
  limit: number;
  /** Seconds between an article's publication and its appearance in the partner's feed. */
  delay: number;
  /** The format of its feed: the extension in its URL. */
  profile: string;
}

/** One query of the Desk binds 100 values at most, and names a partner by each of its names, in two spellings. */
export const MAX_FORMER_NAMES = 20;

/** The names that a partner had before, once it is called `name`. */
export function formerNamesOf(held: PartnerProfile | undefined, name: string): string[] {
  const names = held === undefined ? [] : [held.name, ...(held.formerNames ?? [])];
  const known = new Set([foldName(name)]);
  return names.filter((each) => {
    const isNew = !known.has(foldName(each));
    known.add(foldName(each));
    return isNew;
  });
}

/** Every name by which an article can withhold itself from a partner, as given and folded. */
export function namesOfPartner({ id, name, formerNames = [] }: PartnerProfile): string[] {
  const names = [id, name, ...formerNames];
  return [...new Set([...names, ...names.map(foldName)])];
}
