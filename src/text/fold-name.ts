import { singleSpaced } from './text.ts';

// UAX #44: code points that are invisible unless a font supports them, such as joiners and variation selectors.
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * The form in which names of parties are compared, in any script: compatibility forms are alike (NFKC), and case, invisible
 * characters and white space do not count. Upper case comes first, so that sharp s and `SS`, and both
 * forms of sigma, are alike.
 */
export const foldName = (name: string): string =>
  singleSpaced(
    name.normalize('NFKC').replace(INVISIBLE, '').toUpperCase().toLowerCase().normalize('NFKC'),
  ).trim();
