import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOutbound } from '../../src/access/outbound.ts';

const PUBLIC = { origin: 'https://news.example.com', allowPrivate: false };
const DEVELOPMENT = { origin: 'http://127.0.0.1:8787', allowPrivate: true };

const allowed = (url: string, rules = PUBLIC): boolean => checkOutbound(url, rules) instanceof URL;

describe('a public https URL may be called', () => {
  test.each([
    'https://partner.example.com/hook',
    'https://partner.example.com:8443/hook?token=a&b=%20',
    'https://PARTNER.example.com./hook',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://internal.partner.example.com/',
    'https://mylocal.example.com/',
    'https://भारत.example.com/',
  ])('%s', (url) => expect(allowed(url)).toBe(true));

  test('and its query is kept as it was', () => {
    const url = checkOutbound('https://partner.example.com/hook?token=a+b&x=%7E', PUBLIC);
    expect(String(url)).toBe('https://partner.example.com/hook?token=a+b&x=%7E');
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
    'hooks',
    'hooks.',
    'desk.svc',
    'desk.newsroom.svc',
    'desk.newsroom.svc.cluster.local',
    'desk.service.consul',
    'something.alt',
    'partner.test',
    'partner.example',
    'partner.example.',
    'partner.invalid',
    '1.0.0.127.in-addr.arpa',
    'resolver.arpa',
    'ip-10-0-0-1.ec2.internal',
  ])('%s', (host) => expect(allowed(`https://${host}/`)).toBe(false));
});

describe('a name that spells an address that is not public may not be called', () => {
  test.each([
    '10.0.0.1.nip.io',
    '127.0.0.1.nip.io',
    '10-0-0-1.nip.io',
    '7f000001.nip.io',
    'app-7f000001.nip.io',
    'NIP.io.',
    'nip.io',
    'www.10-0-0-1.sslip.io',
    '--1.sslip.io',
    '192.168.0.1.xip.io',
    'anything.localtest.me',
    'lvh.me',
    'a.b.lvh.me',
    'api.vcap.me',
    '10-0-0-1.traefik.me',
    '10-0-0-1.partner.example.com',
    'app-10-0-0-1.partner.example.com',
    '10-0-0-1-app.partner.example.com',
    '127.0.0.1.partner.example.com',
    '169-254-169-254.partner.example.com',
    '1-10-0-0-1.partner.example.com',
    'fd00--1.partner.example.com',
    '--1.partner.example.com',
    '7f000001.partner.example.com',
    'c0a80001.partner.example.com',
    'a9fea9fe.partner.example.com',
    'AC10FFFF.partner.example.com',
    '0a000001.partner.example.com',
    '0x7f000001.partner.example.com',
    '0x0a1b2c3d.partner.example.com',
    'app-7f000001-x.partner.example.com',
    '2130706433.partner.example.com',
    '167772161.partner.example.com',
    'ip10-0-0-5.partner.example.com',
    'a10-0-0-1.partner.example.com',
    '10-0-0-1a.partner.example.com',
    '10_0_0_1.partner.example.com',
    '10.0-0.1.partner.example.com',
    'ip_192_168_0_1_x.partner.example.com',
  ])('%s', (host) => expect(allowed(`https://${host}/`)).toBe(false));

  test.each([
    'ec2-54-12-3-4.compute.partner.example.com',
    'v10-0-0-1.partner.example.com',
    '0a1b2c3d.partner.example.com',
    '2026-11-29.partner.example.com',
    'my-nip.io.partner.example.com',
    'mynip.io',
    'feature--abc.partner.example.com',
    'deadbeef.partner.example.com',
    '08080808.partner.example.com',
    '20261129.partner.example.com',
    '1764400000.partner.example.com',
    '10-0-0.partner.example.com',
    'release-2-10-300-1000.partner.example.com',
  ])('but %s may', (host) => expect(allowed(`https://${host}/`)).toBe(true));
});

describe('this site may not be called, by any of its names', () => {
  const own = { ...PUBLIC, workerName: 'dateline', calledAs: 'other.example.com:8443' };
  test.each([
    'news.example.com',
    'dateline.newsroom.workers.dev',
    'DATELINE.newsroom.workers.dev.',
    '0a1b2c3d-dateline.newsroom.workers.dev',
    'dateline-staging.newsroom.workers.dev',
    '0a1b2c3d-dateline-staging.newsroom.workers.dev',
    'other.example.com',
    'other.example.com.',
  ])('%s', (host) => {
    expect(checkOutbound(`https://${host}/hub`, own)).toEqual({ refused: 'must not be this site' });
  });

  test.each([
    'subscriber.newsroom.workers.dev',
    'mydateline.newsroom.workers.dev',
    'datelines.newsroom.workers.dev',
  ])('%s is another', (host) => expect(allowed(`https://${host}/hub`, own)).toBe(true));
});

describe('what a parser would repair is refused', () => {
  test.each([
    'https:/partner.example.com/',
    'https:partner.example.com/',
    'https:///partner.example.com/',
    'https:\\\\partner.example.com/',
    'https:/\\partner.example.com/',
    'https://partner.example.com\\hook',
    'https://partner.example.com\\@127.0.0.1/',
    ' https://partner.example.com/',
    'https://partner.example.com/ ',
    'https://partner.example.com/a b',
    'https://partner.exa\tmple.com/',
    'https://partner.example.com/ho\nok',
    'ht\ntps://partner.example.com/',
    'https://partner.example.com/\u0000',
    'https://partner.example.com/\u00a0',
    'https://partner.example.com/\ud800',
    'https://partner.example.com/a/../b',
    'https://partner.example.com/./b',
    'https://partner.example.com/a/%2e%2e/b',
    'https://partner.example.com:/',
    'https://partner.example.com:0443/',
    'https://@partner.example.com/',
    'https://:@partner.example.com/',
    'https://partner.example.com/#',
    'https://partner%2eexample.com/',
    'https://partner。example.com/',
    'https://ｐartner.example.com/',
    'https://partner.example.com../',
    'https://partner..example.com/',
    'https://134744072/',
    'https://8.8.2056/',
    'https://0x8.8.8.8/',
    'https://[2606:4700:0:0::1111]/',
  ])('%j', (url) => {
    expect(allowed(url)).toBe(false);
    expect(allowed(url, DEVELOPMENT)).toBe(false);
  });

  test.each([
    'https://partner.example.com',
    'https://partner.example.com?x=1',
    'https://partner.example.com/?',
    'https://partner.example.com:443/hook',
    'HTTPS://Partner.Example.COM/Hook',
    'https://partner.example.com/it\'s?a={b}|c&d="e"',
    'https://partner.example.com/नदी?q=नदी',
    'https://partner.example.com/%2F%2f%e0%a4%a8',
    'https://xn--h2brj9c.example.com/',
    'https://bücher.example.com/',
    'https://Bücher.example.com/',
  ])('%s is as it is called', (url) => expect(allowed(url)).toBe(true));
});

describe('only the ports of https may be called', () => {
  test.each([80, 22, 25, 444, 8080, 6379, 10_443])('not %i', (port) => {
    expect(checkOutbound(`https://partner.example.com:${port}/`, PUBLIC)).toEqual({
      refused: 'must use port 443 or 8443',
    });
  });
});

describe('what else is refused, with a reason', () => {
  test.each([
    ['http://partner.example.com/', 'must be an https URL'],
    ['ftp://partner.example.com/', 'must be an https URL'],
    ['file:///etc/passwd', 'must be an https URL'],
    ['javascript:alert(1)', 'must be an https URL'],
    ['https://user@partner.example.com/', 'must not contain a user name or password'],
    ['https://user:secret@partner.example.com/', 'must not contain a user name or password'],
    ['https://:secret@partner.example.com/', 'must not contain a user name or password'],
    ['https://partner.example.com/#here', 'must not have a fragment'],
    ['/hook', 'must be an absolute URL'],
    ['partner.example.com', 'must be an absolute URL'],
    ['https://', 'must be an absolute URL'],
    ['https://[::1', 'must be an absolute URL'],
    ['https://1.2.3.4.5/', 'must be an absolute URL'],
    ['https://news.example.com/hub', 'must not be this site'],
    ['https://NEWS.example.com.:444/', 'must not be this site'],
    [`https://partner.example.com/${'x'.repeat(2_048)}`, 'must be at most 2048 characters'],
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
    'https://partner.example.com/',
    'https://partner.example/hook',
    'https://partner.test:9443/hook',
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
