import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../src/http/problem.ts';
import { isPlatformFailure } from '../../src/store/failures.ts';

const failure = (message: string, properties: object = {}) => Object.assign(new Error(message), properties);

describe('what a retry may not meet again', () => {
  test.each([
    failure('Network connection lost.'),
    failure('Network connection lost.', { retryable: true }),
    failure('Durable Object is overloaded. Too many requests queued.', { overloaded: true }),
    failure('Durable Object has been reset because its code was updated.'),
    failure('The Durable Object has been reset.', { durableObjectReset: true }),
    failure('internal error; reference = a1b2c3'),
    failure('Internal error in Durable Object storage write caused object to be reset.'),
    failure('Durable Object storage operation exceeded timeout which caused object to be reset.'),
    failure('Durable Object exceeded its memory limit and was reset.'),
    failure('database or disk is full: SQLITE_FULL'),
    failure('disk I/O error: SQLITE_IOERR'),
    failure('database disk image is malformed: SQLITE_CORRUPT'),
    failure('Error: no such table', { remote: true }),
  ])('%s is 503 with Retry-After', (error) => {
    expect(isPlatformFailure(error)).toBe(true);
    const { reason, details } = refusalOf(error, 'id');
    expect(reason).toBe('unavailable');
    expect(details.headers).toEqual({ 'Retry-After': '5' });
  });

  test.each([
    new TypeError("Cannot read properties of undefined (reading 'id')"),
    new RangeError('Maximum call stack size exceeded'),
    failure('An internal error'),
    failure('The network was slow'),
  ])('%s is a fault of Dateline: 500', (error) => {
    expect(isPlatformFailure(error)).toBe(false);
    expect(refusalOf(error, 'id').reason).toBe('internal');
  });
});
