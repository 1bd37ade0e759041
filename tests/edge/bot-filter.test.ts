import { expect, test } from 'vitest';
import { isHumanVisit } from '../../src/edge/bot-filter.ts';

const CHROME =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36';

const isHuman = (headers: Record<string, string>, method = 'GET') =>
  isHumanVisit(new Request('https://news.example/news/x/y', { method, headers }));

test.each([
  CHROME,
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
  'Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; Android 14; SM-A145F; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/139.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/500.0.0.0;]',
  'Opera/9.80 (Android; Opera Mini/36.2/119.132; U; hi) Presto/2.12.423 Version/12.16',
  'UCWEB/2.0 (MIDP-2.0; U; Adr 4.4.2; en-US; X) U2/1.0.0 UCBrowser/10.7.6 U2/1.0.0 Mobile',
])('a browser is a human visit: %s', (agent) => {
  expect(isHuman({ 'User-Agent': agent })).toBe(true);
});

test.each([
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Linux; Android 11; moto g power (2022)) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  'WhatsApp/2.23.20.0',
  'TelegramBot (like TwitterBot)',
  'curl/8.5.0',
  'python-requests/2.32.0',
  'Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers)',
  '',
])('a bot is not a person: %s', (agent) => {
  expect(isHuman({ 'User-Agent': agent })).toBe(false);
});

test('a request without a browser’s user agent is not a person’s', () => {
  expect(isHuman({})).toBe(false);
});

test('a prefetch, a script’s request and HEAD are none', () => {
  const from = { 'User-Agent': CHROME };
  expect(isHuman({ ...from, 'Sec-Purpose': 'prefetch' })).toBe(false);
  expect(isHuman({ ...from, 'Sec-Purpose': 'prefetch;prerender' })).toBe(false);
  expect(isHuman({ ...from, 'Sec-Purpose': 'prefetch;anonymous-client-ip' })).toBe(false);
  expect(isHuman({ ...from, Purpose: 'prefetch' })).toBe(false);
  expect(isHuman({ ...from, 'X-Moz': 'prefetch' })).toBe(false);
  expect(isHuman({ ...from, 'Sec-Fetch-Dest': 'empty' })).toBe(false);
  expect(isHuman({ ...from, 'Sec-Fetch-Dest': 'iframe' })).toBe(false);
  expect(isHuman(from, 'HEAD')).toBe(false);
  expect(isHuman({ ...from, 'Sec-Fetch-Dest': 'document' })).toBe(true);
});
