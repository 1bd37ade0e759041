/** Writes what was dropped, lifted or repaired to standard error. */
export function printWarnings(warnings: readonly { code: string; excerpt: string }[]): void {
  if (warnings.length === 0) return;
  const width = Math.max(...warnings.map(({ code }) => code.length));
  const lines = warnings.map(({ code, excerpt }) => `  ${code.padEnd(width)}  ${excerpt}`);
  console.error(['', 'Warnings:', ...lines].join('\n'));
}
