import { expect, it } from 'vitest';
import { once } from '../../src/policy/once.ts';
import { formatRelease } from '../../src/policy/versions.ts';

it('a release is named by major and minor', () => {
  expect(formatRelease({ major: 1, minor: 59, isAssumed: true })).toBe('1.59');
});

it('what is made once is made when it is first asked for', () => {
  let made = 0;
  const make = once(() => ({ count: ++made }));
  expect(made).toBe(0);
  expect([make(), make()]).toEqual([{ count: 1 }, { count: 1 }]);
  expect(make()).toBe(make());
});
