/** A publisher's id, as it stands in URLs and KV keys. */
export const PUBLISHER_ID = /^[a-z0-9][a-z0-9-]{0,62}$/;
