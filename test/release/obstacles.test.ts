import { expect, it } from 'vitest';
import { listObstacles } from './obstacles.ts';

it('names each program that is missing, with the package that brings it', () => {
  const obstacles = listObstacles(['sh', 'no-such-program']);
  expect(obstacles[0]).toBe('there is no no-such-program on PATH; install it (Debian: no-such-program)');
  expect(obstacles.join()).not.toContain('no sh ');
});
