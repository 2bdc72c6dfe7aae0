import type { TestProject } from 'vitest/node';
import { type GardenAccess, startGarden } from './garden.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly garden: GardenAccess;
  }
}

/** One garden for all test files; each registers our server for itself. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { access, stop } = await startGarden();
  process.stdout.write(`gardener-apiserver ${access.gardenerPath}\n`);
  project.provide('garden', access);
  return stop;
}
