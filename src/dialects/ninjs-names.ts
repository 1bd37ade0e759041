import * as v from 'valibot';

/** An object of any ninjs, its names as they were written. */
export type Folded = Readonly<Record<string, unknown>>;

/** 1.x and 2.x write names in lower case, 3.x in camel case: an object's entries by their names in lower case. */
export const folded = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(
    v.record(v.string(), v.unknown()),
    v.transform((value) =>
      Object.fromEntries(Object.entries(value).map(([name, each]) => [name.toLowerCase(), each])),
    ),
    v.object(entries),
  );
