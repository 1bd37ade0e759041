/** Plots as SVG text, readable on any background. Lengths are pixels. */

type Attributes = Readonly<Record<string, string | number>>;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');

/** An element; numbers are written with one decimal. `content` is markup. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? +value.toFixed(1) : escapeXml(value)}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export const label = (x: number, y: number, text: string, attributes: Attributes = {}): string =>
  element('text', { x, y, ...attributes }, escapeXml(text));

/** A whole picture on white, with its title at the top left and a line below that says how to read it. */
export function picture(
  size: { width: number; height: number },
  words: { title: string; subtitle: string },
  content: readonly string[],
): string {
  const { width, height } = size;
  const frame = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    'font-family': 'system-ui, sans-serif',
    'font-size': '12',
    fill: '#333',
  };
  const parts = [
    element('rect', { width, height, fill: '#fff' }),
    label(20, 30, words.title, { 'font-size': '17', 'font-weight': '600', fill: '#111' }),
    label(20, 50, words.subtitle, { fill: '#666' }),
    ...content,
  ];
  return `${element('svg', frame, `\n${parts.join('\n')}\n`)}\n`;
}
