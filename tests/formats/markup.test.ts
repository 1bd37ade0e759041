import { expect, test } from 'vitest';
import { BODY_ELEMENTS, strangers } from './markup.ts';

test('an element or attribute that is on no list is found, whatever every object has of that name', () => {
  expect(strangers('<p>a</p>', BODY_ELEMENTS)).toEqual([]);
  expect(strangers('<constructor>a</constructor>', BODY_ELEMENTS)).toEqual(['<constructor>']);
  expect(strangers('<p constructor="a" tostring>a</p>', BODY_ELEMENTS)).toEqual([
    '<p constructor>',
    '<p tostring>',
  ]);
  expect(strangers('<a href="javascript:alert(1)">a</a>', BODY_ELEMENTS)).toEqual([
    '<a href="javascript:alert(1)">',
  ]);
});
