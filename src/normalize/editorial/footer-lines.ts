/** Lines at the foot of a page: claims of rights, and requests to follow the newsroom. */
import { frameWords, onceForAll, patternSource } from '../../text/lexicon.ts';
import { SENTENCE_MARKS } from '../../text/sentences.ts';
import { singleSpaced } from '../../text/text.ts';

const MAX_RIGHTS_LENGTH = 300;
const MAX_FOLLOW_LENGTH = 240;

const SIGN = '(?:©|\\(c\\))';

const rightsPatterns = onceForAll(() => {
  const word = patternSource(frameWords('copyright'));
  const claim = `(?:${SIGN}|${word})`;
  const reserved = patternSource(frameWords('rightsReserved'));
  return {
    line: new RegExp(
      `^\\P{L}{0,8}(?:${word}\\s*${SIGN}|${SIGN}\\s*${word}|${claim}[^${SENTENCE_MARKS}]{0,40}\\p{Nd}{4}|${reserved})`,
      'iu',
    ),
    claimOrYear: new RegExp(`${claim}|\\p{Nd}{4}`, 'iu'),
    reserved: new RegExp(reserved, 'iu'),
  };
});

/**
 * Whether a line is a claim of rights: `© 2026 …`, `All rights reserved`. A sentence about copyright has no year right
 * after the word.
 */
export function isRightsLine(text: string): boolean {
  if (text.length > MAX_RIGHTS_LENGTH * 2) return false;
  const line = singleSpaced(text);
  if (line.length > MAX_RIGHTS_LENGTH) return false;
  const patterns = rightsPatterns();
  return patterns.line.test(line) || (patterns.claimOrYear.test(line) && patterns.reserved.test(line));
}

const followPatterns = onceForAll(() => ({
  request: new RegExp(patternSource(frameWords('followRequests')), 'iu'),
  channel: new RegExp(patternSource(frameWords('followChannels')), 'iu'),
}));

/** Whether a line asks its reader to follow, join or subscribe somewhere. One that reports about it does not. */
export function isFollowLine(text: string): boolean {
  if (text.length > MAX_FOLLOW_LENGTH) return false;
  const line = singleSpaced(text);
  const { request, channel } = followPatterns();
  return request.test(line) && channel.test(line);
}
