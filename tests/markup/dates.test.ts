import { describe, expect, test } from 'vitest';
import { instantIn } from '../../src/markup/dates.ts';
import { timesIn } from '../../src/normalize/editorial/stamps.ts';

const AT = '2026-11-22T05:00:00.000Z';

describe('the instant a page’s line names', () => {
  test.each([
    ['hi', '22 नवंबर 2026, 10:30 AM IST'],
    ['hi', 'प्रकाशित: २२ नवम्बर २०२६ १०:३० IST'],
    ['mr', '२२ नोव्हेंबर २०२६, १०:३० IST'],
    ['bn', '২২ নভেম্বর ২০২৬, ১০:৩০ IST'],
    ['ta', '22 நவம்பர் 2026, 10:30 am IST'],
    ['ur', '22 نومبر 2026، 10:00 AM PKT'],
    ['en', 'Updated: Nov 22, 2026 10:30 IST'],
    ['en', 'November 22nd, 2026 at 10:30 a.m. IST'],
    ['en', 'Sunday, 22 Nov. 2026 5:00 GMT'],
    ['en', '22-Nov-2026 10:30 (+05:30)'],
    ['en', '22 November 2026 05:00 UTC'],
    ['es', '22 de noviembre de 2026, 6:00 CET'],
    ['hi', 'Nov 22, 2026, 10:30 IST'],
    // A language that has no names, and tags that name none.
    ['qaa', '22 Nov 2026, 10:30 IST'],
    ['und', '22 Nov 2026, 10:30 IST'],
    ['x-own', '22 Nov 2026, 10:30 IST'],
  ])('%s: %s', (language, line) => {
    expect(instantIn(line, language)).toBe(AT);
  });

  test('noon and midnight', () => {
    expect(instantIn('22 Nov 2026 12:05 PM GMT', 'en')).toBe('2026-11-22T12:05:00.000Z');
    expect(instantIn('22 Nov 2026 12:05 AM GMT', 'en')).toBe('2026-11-22T00:05:00.000Z');
  });

  test.each([
    ['without a zone', '22 नवंबर 2026, 10:30 AM'],
    ['without a time', '२२ नवंबर २०२६ IST'],
    ['without a year', '22 नवंबर, 10:30 IST'],
    ['with a month that is none', '22 सितारे 2026, 10:30 IST'],
    ['with a day that the month has not', '31 Nov 2026 10:30 IST'],
    ['with an hour that no day has', '22 Nov 2026 25:30 IST'],
    ['in digits only, which day and month share', '11/12/2026 10:30 IST'],
  ])('none %s', (_what, line) => {
    expect(instantIn(line, 'hi')).toBeUndefined();
  });
});

test('a line may say both when it was published and when it changed', () => {
  expect(timesIn('Published: 22 Nov 2026 10:30 IST | Updated: 22 Nov 2026 11:30 IST', 'en')).toEqual({
    publishedAt: AT,
    updatedAt: '2026-11-22T06:00:00.000Z',
  });
  expect(
    timesIn('Published: 22 November 2026, 10:30 AM EST, Updated: 22 November 2026, 11:30 AM EST', 'en'),
  ).toEqual({ publishedAt: '2026-11-22T15:30:00.000Z', updatedAt: '2026-11-22T16:30:00.000Z' });
  expect(timesIn('شائع: 22 نومبر 2026، 10:00 AM PKT، اپ ڈیٹ: 22 نومبر 2026، 11:00 AM PKT', 'ur')).toEqual({
    publishedAt: AT,
    updatedAt: '2026-11-22T06:00:00.000Z',
  });
  expect(timesIn('अपडेटेड: 22 नवंबर 2026, 10:30 AM IST', 'hi')).toEqual({ updatedAt: AT });
});
