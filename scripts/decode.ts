/**
 * Decodes a page's bytes. Valid UTF-8 is UTF-8, whatever the page declares: programs that save a page often re-encode it
 * and leave its `meta` unchanged. Text in an older encoding is hardly ever valid UTF-8.
 */
export function decodePage(bytes: Uint8Array): string {
  const label = byteOrderMark(bytes);
  if (label !== undefined) return new TextDecoder(label).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return new TextDecoder(declaredEncoding(bytes)).decode(bytes);
  }
}

function byteOrderMark([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

/** How many bytes of a page are searched for its encoding; browsers search at least 1,024. */
const PRESCAN = 4_096;

/** The encoding that a page's `meta` names, else windows-1252, the fallback of the HTML standard (section 13.2.3.2). */
function declaredEncoding(bytes: Uint8Array): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, PRESCAN));
  const label = /<meta\b[^<>]*\bcharset\s*=\s*(?:["']\s*)?([\w.:-]+)/i.exec(start)?.[1] ?? 'windows-1252';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return 'windows-1252';
  }
}
