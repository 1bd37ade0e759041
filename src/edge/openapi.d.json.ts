/** Imported as text: wrangler.toml has the rule. */
declare const text: string;
export default text;
