import { describe, expect, it } from 'vitest';
import { compileCacheOf } from '../../src/commands/compile-cache.ts';

describe('what Node.js compiled', () => {
  it.each([
    { env: { HOME: '/home/me' }, directory: '/home/me/.cache/calico-admission/compiled' },
    { env: { HOME: '/home/me', XDG_CACHE_HOME: '/c' }, directory: '/c/calico-admission/compiled' },
    {
      env: { HOME: '/home/me', XDG_CACHE_HOME: '' },
      directory: '/home/me/.cache/calico-admission/compiled',
    },
    { env: { XDG_CACHE_HOME: '/c' }, directory: '/c/calico-admission/compiled' },
    // A user who sets its directory sets it for Node.js.
    { env: { HOME: '/home/me', NODE_COMPILE_CACHE: '/d' }, directory: undefined },
    // A relative path would be one in the repository that is checked, and what lies there would be run.
    { env: { HOME: '/home/me', XDG_CACHE_HOME: 'c' }, directory: undefined },
    { env: { HOME: 'home' }, directory: undefined },
    { env: {}, directory: undefined },
  ])('is kept for $env in $directory', ({ env, directory }) => {
    expect(compileCacheOf(env)).toBe(directory);
  });
});
