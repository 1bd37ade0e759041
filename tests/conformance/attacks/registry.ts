import type { Attack } from './attack.ts';
import { attributeBreaking } from './attribute-breaking.ts';
import { comments } from './comments.ts';
import { css } from './css.ts';
import { dangling } from './dangling.ts';
import { duplicates } from './duplicates.ts';
import { forms } from './forms.ts';
import { handlers } from './handlers.ts';
import { head } from './head.ts';
import { lookAlikes } from './look-alikes.ts';
import { markdownLike } from './markdown-like.ts';
import { mathml } from './mathml.ts';
import { mutation } from './mutation.ts';
import { namespaces } from './namespaces.ts';
import { otherUrls } from './other-urls.ts';
import { plugins } from './plugins.ts';
import { rawText } from './raw-text.ts';
import { scriptUrls } from './script-urls.ts';
import { scripts } from './scripts.ts';
import { srcset } from './srcset.ts';
import { structure } from './structure.ts';
import { svg } from './svg.ts';
import { templates } from './templates.ts';

/** Every family of attacks, by name. */
export const FAMILIES: Readonly<Record<string, readonly Attack[]>> = {
  'attribute breaking': attributeBreaking,
  'comments, CDATA and instructions': comments,
  css,
  'dangling markup': dangling,
  'duplicate attributes': duplicates,
  forms,
  handlers,
  head,
  'look-alikes': lookAlikes,
  'markdown-like': markdownLike,
  mathml,
  mutation,
  namespaces,
  'other URLs': otherUrls,
  'plug-ins and frames': plugins,
  'raw text': rawText,
  'script URLs': scriptUrls,
  scripts,
  'srcset and media': srcset,
  structure,
  svg,
  templates,
};
