/** Ends of sentences in the scripts we know, with the quotation marks and brackets that may close behind them. */
const END = /[।॥.?!۔؟…。！？]+[”’"'»)\]]*(?=\s|$)/gu;

/** A letter alone, as in initials: `J.`, `एस.`, `U.S.` */
const INITIAL = /^(?:\p{L}\p{M}*\.)*\p{L}\p{M}*$/u;

// Titles and measures that newsrooms write with a full stop, in any language; a longer word ends its sentence.
const ABBREVIATIONS = new Set(
  (
    'dr mr mrs ms prof rev hon gen col lt sgt st jr sr no vol rs vs etc approx govt inc ltd co dept fig jan feb mar apr ' +
    'jun jul aug sep sept oct nov dec sra sra dra lic mme mlle bzw ca nr str hr fr u.a z.b ' +
    'डॉ डा प्रो श्री सं रु पं मो कु नं एस एम के पी आर बी सी जी वी डी एन टी एल अ‍ॅड अॅड ' +
    'ডা ড মো মোঃ প্রো শ্রী রু এস এম কে ডঃ திரு டாக்டர் பேரா எம் எஸ் கே ஆர் டி பி ' +
    'ડૉ શ્રી પ્રો રૂ ਡਾ ਸ ਪ੍ਰੋ ଡକ୍ଟର ଡ ଶ୍ରୀ డా శ్రీ ప్రొ రూ ಡಾ ಶ್ರೀ ಪ್ರೊ ರೂ ഡോ ശ്രീ പ്രൊ രൂ'
  )
    .normalize('NFC')
    .split(' '),
);

const isCommonAbbreviation = (word: string): boolean => ABBREVIATIONS.has(word.toLowerCase());

/**
 * Where each sentence of `text` ends: the offsets, in UTF-16 code units, behind its mark and what closes after it.
 * The full stop of an initial or an abbreviation ends none.
 * @param isAbbreviation tells an abbreviation, given without its full stop
 */
export function sentenceEnds(
  text: string,
  isAbbreviation: (word: string) => boolean = isCommonAbbreviation,
): number[] {
  const ends: number[] = [];
  for (const { 0: mark, index } of text.matchAll(END)) {
    const word = /[^\s(“"'‘[]*$/u.exec(text.slice(Math.max(0, index - 20), index))?.[0] ?? '';
    if (mark.startsWith('.') && !mark.startsWith('..') && (INITIAL.test(word) || isAbbreviation(word)))
      continue;
    ends.push(index + mark.length);
  }
  return ends;
}
