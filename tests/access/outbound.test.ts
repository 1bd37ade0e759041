import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOutbound } from '../../src/access/outbound.ts';

const PUBLIC = { origin: 'https://news.example', allowPrivate: false };
const DEVELOPMENT = { origin: 'http://127.0.0.1:8787', allowPrivate: true };

const allowed = (url: string, rules = PUBLIC): boolean => checkOutbound(url, rules) instanceof URL;

describe('a public https URL may be called', () => {
  test.each([
    'https://partner.example/hook',
    'https://partner.example:8443/hook?token=a&b=%20',
    'https://PARTNER.example./hook',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://internal.partner.example/',
    'https://mylocal.example/',
    'https://भारत.example/',
  ])('%s', (url) => expect(allowed(url)).toBe(true));

  test('and its query is kept as it was', () => {
    const url = checkOutbound('https://partner.example/hook?token=a+b&x=%7E', PUBLIC);
    expect(String(url)).toBe('https://partner.example/hook?token=a+b&x=%7E');
  });
});

/** Every notation of an IPv4 address that the WHATWG parser, and thereby `fetch`, understands. */
function notations(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (n: number) => `0x${n.toString(16)}`;
  const octal = (n: number) => `0${n.toString(8)}`;
  const group = (one: number, other: number) => (one * 256 + other).toString(16);
  const embedded = `${group(a, b)}:${group(c, d)}`;
  const inverted = `${group(255 - a, 255 - b)}:${group(255 - c, 255 - d)}`;
  return [
    address,
    `${address}.`,
    String(whole),
    hex(whole),
    octal(whole),
    [a, b, c, d].map(hex).join('.'),
    [a, b, c, d].map(octal).join('.'),
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    `${hex(a)}.${octal(b)}.${c}.${d}`,
    [...address].map((character) => (character === '.' ? '。' : character)).join(''),
    [...address].map((character) => `%${character.charCodeAt(0).toString(16)}`).join(''),
    `[::ffff:${address}]`,
    `[::ffff:${embedded}]`,
    `[0:0:0:0:0:FFFF:${embedded}]`,
    `[::${embedded}]`,
    `[::ffff:0:${embedded}]`,
    `[64:ff9b::${embedded}]`,
    `[64:ff9b:1::${embedded}]`,
    `[2002:${embedded}::1]`,
    `[2001:0:4136:e378:8000:63bf:${inverted}]`,
    `[2606:4700::5efe:${embedded}]`,
    `[fe80::5efe:${embedded}]`,
  ];
}

const NOT_PUBLIC = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.1.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.168.0.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '100.100.100.200',
];

describe('an address that is not public may not be called in any notation', () => {
  test.each(NOT_PUBLIC)('%s', (address) => {
    const passed = notations(address).filter((host) => allowed(`https://${host}/`));
    expect(passed).toEqual([]);
  });

  test('whatever the bytes are', () => {
    const byte = fc.nat({ max: 255 });
    const inside = fc.oneof(
      fc.tuple(fc.constantFrom(0, 10, 127), byte, byte, byte),
      fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
      fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
      fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
      fc.tuple(fc.integer({ min: 224, max: 255 }), byte, byte, byte),
    );
    fc.assert(
      fc.property(inside, (bytes) => {
        expect(notations(bytes.join('.')).filter((host) => allowed(`https://${host}/`))).toEqual([]);
      }),
    );
  });

  test('and no address outside 2000::/3 is public', () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(0xffff), fc.nat(0xffff), fc.nat(0xffff)), ([first, second, last]) => {
        fc.pre(first < 0x2000 || first > 0x3fff);
        const address = `${first.toString(16)}:${second.toString(16)}::${last.toString(16)}`;
        expect(allowed(`https://[${address}]/`)).toBe(false);
      }),
    );
  });

  test.each([
    '[::]',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[fd20:ce::254]',
    '[fe80::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[100::1]',
    '[2001:db8::1]',
    '[2001:20::1]',
    '[2001:2::1]',
    '[3fff::1]',
    '[5f00::1]',
    '168.63.129.16',
    '192.0.0.192',
  ])('%s', (host) => expect(allowed(`https://${host}/`)).toBe(false));
});

describe('a name of a private network may not be called', () => {
  test.each([
    'localhost',
    'LOCALHOST',
    'localhost.',
    'api.localhost',
    'api.localhost.',
    'localhost.localdomain',
    'printer.local',
    'db.internal',
    'router.home.arpa',
    'nas.lan',
    'wiki.corp',
    'wiki.intranet',
    'hidden.onion',
    'intranet',
    'ｌｏｃａｌｈｏｓｔ',
    'loc\u00adalhost',
    '%6cocalhost',
    'metadata',
    'metadata.google.internal',
    'metadata.google.internal.',
    'METADATA.goog',
  ])('%s', (host) => expect(allowed(`https://${host}/`)).toBe(false));
});

describe('what else is refused, with a reason', () => {
  test.each([
    ['http://partner.example/', 'must be an https URL'],
    ['ftp://partner.example/', 'must be an https URL'],
    ['file:///etc/passwd', 'must be an https URL'],
    ['javascript:alert(1)', 'must be an https URL'],
    ['https://user@partner.example/', 'must not contain a user name or password'],
    ['https://user:secret@partner.example/', 'must not contain a user name or password'],
    ['https://:secret@partner.example/', 'must not contain a user name or password'],
    ['https://partner.example/#here', 'must not have a fragment'],
    ['/hook', 'must be an absolute URL'],
    ['partner.example', 'must be an absolute URL'],
    ['https://', 'must be an absolute URL'],
    ['https://[::1', 'must be an absolute URL'],
    ['https://1.2.3.4.5/', 'must be an absolute URL'],
    ['https://news.example/hub', 'must not be this site'],
    ['https://NEWS.example.:444/', 'must not be this site'],
    [`https://partner.example/${'x'.repeat(2_048)}`, 'must be at most 2048 characters'],
  ])('%s', (url, refused) => expect(checkOutbound(url, PUBLIC)).toEqual({ refused }));
});

describe('in development', () => {
  test.each([
    'http://127.0.0.1:9000/hook',
    'http://localhost:9000/',
    'http://[::1]:9000/',
    'http://10.0.0.1/',
    'http://192.168.1.1/',
    'http://[fd12::1]/',
    'https://partner.example/',
  ])('%s may be called', (url) => expect(allowed(url, DEVELOPMENT)).toBe(true));

  test.each([
    ...notations('169.254.169.254').map((host) => `http://${host}/latest/meta-data/`),
    ...notations('100.100.100.200').map((host) => `http://${host}/`),
    'http://[fd00:ec2::254]/',
    'http://metadata.google.internal/computeMetadata/v1/',
    'http://metadata/',
    'http://user@127.0.0.1/',
    'http://0.0.0.0/',
    'http://db.internal/',
    'gopher://127.0.0.1/',
  ])('%s may not', (url) => expect(allowed(url, DEVELOPMENT)).toBe(false));
});

test('nothing that is thrown at it makes it throw', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => void checkOutbound(text, PUBLIC)));
});
