import { aimText, isMet, type Outcome } from './row.ts';

/** A row's figures as a Markdown table. */
export function outcomeTable({ title, how, figures }: Outcome): string {
  const lines = figures.map((figure) => {
    const { name, value, unit, spread, detail } = figure;
    const range = spread ? ` (${spread.map(short).join('–')})` : '';
    const aim = figure.aim ? `${aimText(figure)}${isMet(figure) ? '' : ' **missed**'}` : '';
    return `| ${name} | ${short(value)} ${unit}${range} | ${aim} | ${detail ?? ''} |`;
  });
  return [`### ${title}`, '', how, '', '| | | aim | |', '|---|---|---|---|', ...lines, ''].join('\n');
}

/** Three significant digits, or the whole number. */
const short = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));
