import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadRegistry } from '../../src/registry.ts';
import { ROOT } from '../e2e/process.ts';
import { toReview } from '../support/review.ts';

/** Reviews to make others of: all samples, and each example, good and bad, of each rule and mutation. */
export function loadSeeds(): object[] {
  const samples = join(ROOT, 'test/samples');
  const files = readdirSync(samples).filter((name) => /^\d.*\.json$/.test(name));
  const reviews = files.map((name): object => JSON.parse(readFileSync(join(samples, name), 'utf8')));
  const examples = loadRegistry()
    .policies.flatMap(({ rules, mutations }) => [...rules, ...mutations])
    .flatMap(({ docs }) => [docs.good, docs.bad].map((text) => ({ text, old: docs.old })))
    .map(({ text, old }) =>
      toReview({
        operation: old === undefined ? 'CREATE' : 'UPDATE',
        object: parse(text, { uniqueKeys: false }),
        oldObject: old === undefined ? null : parse(old),
      }),
    );
  return [...reviews, ...examples];
}
