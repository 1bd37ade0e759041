/** A publisher's or partner's id, as in URLs and KV keys. */
export const ACCOUNT_ID = /^[a-z0-9][a-z0-9-]{0,62}$/;
