/** Lists by which a partner's articles are chosen. */
export interface PartnerNames {
  publishers?: string[];
  sections?: string[];
  tags?: string[];
  languages?: string[];
  licences?: string[];
  territories?: string[];
}

/** A partner as the operator sets it: what it gets, how much of it, and when. */
export interface PartnerProfile {
  id: string;
  name: string;
  /** Articles must be on a list of every kind in `include`, and on none in `exclude`. */
  filters: { include?: PartnerNames; exclude?: PartnerNames };
  content: 'full' | 'summary';
  /** Articles on a page, at most 100. */
  limit: number;
  /** Seconds behind an article's publication after which the partner sees it. */
  delay: number;
  /** The dialect its feed is offered in. */
  profile: string;
}
