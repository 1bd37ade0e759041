/** As much of sanitize-html, which brings no types, as the bench uses. */
declare module 'sanitize-html' {
  interface Options {
    allowedTags?: readonly string[];
  }
  const sanitizeHtml: ((html: string, options?: Options) => string) & {
    defaults: { allowedTags: readonly string[] };
  };
  export default sanitizeHtml;
}
