import { coloursOf, contrast, mix, READABLE, type Scheme, type SchemeColours } from '../../domain/colours.ts';

/** The colours of all pages as custom properties, in light and in dark. */
export function paletteRules(colours: SchemeColours | undefined): string {
  return [
    `:root{color-scheme:light dark;${properties(colours, 'light')}}`,
    `@media (prefers-color-scheme:dark){:root{${properties(colours, 'dark')}}}`,
  ].join('');
}

function properties(colours: SchemeColours | undefined, scheme: Scheme): string {
  const { background, text, accent } = coloursOf(colours, scheme);
  // A box's tint must be readable behind text of every colour, so it is mixed only as far as contrast allows.
  const tint = mixed(background, text, 0.05, (made) =>
    [text, accent].every((front) => isReadable(front, made)),
  );
  const soft = mixed(text, background, 0.34, (made) => isReadable(made, tint));
  return Object.entries({
    paper: background,
    ink: text,
    accent,
    tint,
    soft,
    rule: mix(background, text, 0.16),
  })
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');
}

/** Mixes `other` into `one`, up to `share`, as far as the contrast stays sufficient. */
function mixed(one: string, other: string, share: number, does: (made: string) => boolean): string {
  const made = mix(one, other, share);
  return share < 0.01 ? one : does(made) ? made : mixed(one, other, share - 0.01, does);
}

const isReadable = (front: string, back: string): boolean => contrast(front, back) >= READABLE;
