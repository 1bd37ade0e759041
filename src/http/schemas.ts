/** Schemas of what answers hold, shared by several rooms. */
import * as v from 'valibot';

/** An instant as answers write it. */
export const instant = v.pipe(v.string(), v.isoTimestamp());

export const webAddress = v.pipe(v.string(), v.description('An absolute URL.'));

export const issueSchema = v.pipe(
  v.strictObject({
    path: v.pipe(v.string(), v.description('Where it is: `data.authors.0.name`, or a parameter’s name.')),
    message: v.pipe(v.string(), v.description('What to mend, in words.')),
  }),
  v.title('Issue'),
);

export const warningSchema = v.pipe(
  v.strictObject({
    code: v.pipe(v.string(), v.description('Stable, for programs.'), v.examples(['published-in-future'])),
    excerpt: v.pipe(v.string(), v.description('A short piece of the text concerned.')),
  }),
  v.title('Warning'),
);
