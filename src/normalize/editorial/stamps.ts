import { instantIn } from '../../markup/dates.ts';
import type { Findings } from '../../markup/findings.ts';
import { asInstant } from '../../markup/values.ts';
import type { Stamp } from '../page/declarations.ts';

type Times = Pick<Findings, 'publishedAt' | 'updatedAt'>;

// "Updated" in the languages we know, as a stamp or a class says it.
const CHANGED =
  /updat|modif|revis|अपडेट|अद्यत|संशोधित|सुधारित|اپ ?ڈیٹ|تحديث|আপডেট|হালনাগাদ|புதுப்பி|અપડેટ|ਅੱਪਡੇਟ|ଅପଡେଟ|అప్డేట్|అప్‌డేట్|ನವೀಕರ|ಅಪ್ಡೇಟ್|പുതുക്കി|actualiz|atualiz|mis à jour|aktualisiert|diperbarui/iu;
const SEPARATOR = /[|•·]|(?<=IST|GMT|UTC|PKT)\s*[,;]\s*/u;

/** When an article was published and changed, by a line such as `Published: … | Updated: …`. */
export function timesIn(line: string, language: string): Times {
  const times: Times = {};
  for (const part of line.slice(0, 400).split(SEPARATOR)) {
    const at = instantIn(part, language);
    if (at !== undefined) times[CHANGED.test(part) ? 'updatedAt' : 'publishedAt'] ??= at;
  }
  return times;
}

/** The same by a page's elements that say when; what machines are to read goes before what people are. */
export function timesOf(stamps: readonly Stamp[], language: string): Times {
  const times: Times = {};
  for (const { machine, text, hint } of stamps) {
    const at = asInstant(machine);
    if (at === undefined) Object.assign(times, { ...timesIn(text, language), ...times });
    else times[CHANGED.test(`${hint} ${text}`) ? 'updatedAt' : 'publishedAt'] ??= at;
  }
  return times;
}
