const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapeText = (text: string): string => text.replace(/[&<>]/g, (sign) => ESCAPES[sign] ?? sign);

export const escapeAttribute = (value: string): string =>
  value.replace(/[&"]/g, (sign) => ESCAPES[sign] ?? sign);
