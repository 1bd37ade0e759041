/** Schemas of response members that several rooms share. */
import * as v from 'valibot';

/** An instant in responses. */
export const instant = v.pipe(v.string(), v.isoTimestamp());

export const webAddress = v.pipe(v.string(), v.description('An absolute URL.'));

export const issueSchema = v.pipe(
  v.strictObject({
    path: v.pipe(
      v.string(),
      v.description('The path of the value, such as `data.authors.0.name`, or the name of a parameter.'),
    ),
    message: v.pipe(v.string(), v.description('What is wrong with the value, or what it must be.')),
  }),
  v.title('Issue'),
);

export const warningSchema = v.pipe(
  v.strictObject({
    code: v.pipe(
      v.string(),
      v.description('A stable code for programs.'),
      v.examples(['published-in-future']),
    ),
    excerpt: v.pipe(v.string(), v.description('An excerpt of the affected text.')),
  }),
  v.title('Warning'),
);
