import * as v from 'valibot';
import { maybe } from './draft.ts';

/** The colours of a page, as `#rrggbb`. All others are mixed from these three. */
export interface Colours {
  background: string;
  text: string;
  /** Links, section names and other emphasis. */
  accent: string;
}

export const SCHEMES = ['light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** The colours that an operator sets; absent ones have defaults. */
export type SchemeColours = Partial<
  Record<Scheme, { [Name in keyof Colours]?: string | undefined } | undefined>
>;

const DEFAULTS: Readonly<Record<Scheme, Colours>> = {
  light: { background: '#fffdf9', text: '#1c1b18', accent: '#9c1c1c' },
  dark: { background: '#16151a', text: '#ebe8e1', accent: '#f2a097' },
};

/** WCAG 2.2, success criterion 1.4.3: text of any size. */
export const READABLE = 4.5;

/** The colours of a scheme, including defaults. */
export function coloursOf(set: SchemeColours | undefined, scheme: Scheme): Colours {
  const { background, text, accent } = set?.[scheme] ?? {};
  const own = DEFAULTS[scheme];
  return {
    background: background ?? own.background,
    text: text ?? own.text,
    accent: accent ?? own.accent,
  };
}

const channels = (colour: string): number[] => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2, "contrast ratio": from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** `one` with a share of `other` in it, from 0 to 1. */
export function mix(one: string, other: string, share: number): string {
  const others = channels(other);
  const mixed = channels(one).map((channel, at) =>
    Math.round(channel + ((others[at] ?? channel) - channel) * share),
  );
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

const colour = v.pipe(
  v.string('must be a colour as #rrggbb'),
  v.regex(/^#[0-9a-f]{6}$/i, 'must be a colour as #rrggbb'),
  v.toLowerCase(),
);

const scheme = v.object(
  { background: maybe(colour), text: maybe(colour), accent: maybe(colour) },
  'must be an object with background, text or accent',
);

/** An operator's colours. Refuses combinations in which text is hard to read. */
export const coloursSchema = v.pipe(
  v.object({ light: maybe(scheme), dark: maybe(scheme) }, 'must be an object with light or dark'),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const failures = SCHEMES.flatMap((name) => {
      const { background, ...others } = coloursOf(dataset.value, name);
      return Object.entries(others)
        .filter(([, front]) => contrast(front, background) < READABLE)
        .map(
          ([role, front]) => `${name} ${role} ${front} on ${background} has ${ratio(front, background)}:1`,
        );
    });
    if (failures.length > 0) {
      addIssue({ message: `must have a contrast of at least ${READABLE}:1 (${failures.join('; ')})` });
    }
  }),
);

// Rounded down, so that a refused contrast never looks sufficient.
const ratio = (one: string, other: string): string =>
  (Math.floor(contrast(one, other) * 100) / 100).toFixed(2);
