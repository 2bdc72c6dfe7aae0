import { loadRegistry } from '../../src/registry.ts';

/**
 * One registry for all tests of a worker: to make it, and to compile its schemas, takes longer than most tests. It is
 * never changed.
 */
export const registry = loadRegistry();
