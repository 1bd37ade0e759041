/** The part of sanitize-html that the bench uses; the package has no types. */
declare module 'sanitize-html' {
  interface Options {
    allowedTags?: readonly string[];
  }
  const sanitizeHtml: ((html: string, options?: Options) => string) & {
    defaults: { allowedTags: readonly string[] };
  };
  export default sanitizeHtml;
}
