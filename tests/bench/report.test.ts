import { expect, test } from 'vitest';
import { circumstancesLine, releaseDocument } from '../../bench/report.ts';

test('a release keeps each table under a heading of its own, with its plot', () => {
  const document = releaseDocument('1.2.0', [
    { name: 'constant', table: '### Out of memory\n\n| a | 1 |\n' },
    { name: 'hostile', table: '### Hostile shapes\n\n| b | 2 |\n' },
  ]);
  expect(document).toBe(
    [
      '# Figures of version 1.2.0\n',
      '## Out of memory\n\n| a | 1 |\n\n![constant](1.2.0/constant.svg)\n',
      '## Hostile shapes\n\n| b | 2 |\n\n![hostile](1.2.0/hostile.svg)\n',
    ].join('\n'),
  );
});

test('figures stand with the machine, its load and the versions they depend on', () => {
  const around = {
    processor: 'Some CPU, 2 cores',
    load: 1.53,
    node: 'v24.0.0',
    packages: { workerd: '1.0.0' },
  };
  expect(circumstancesLine(around)).toBe(
    'Some CPU, 2 cores, load average 1.5; Node.js v24.0.0, workerd 1.0.0.',
  );
});
