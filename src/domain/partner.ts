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
