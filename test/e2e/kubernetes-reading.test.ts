import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findDifferences, parseRows } from '../check/reading.ts';
import { run } from '../manifests/command.ts';
import { buildOnce } from './assets/go-build.ts';

// Against what kubectl reads YAML with, built from its Go module; other documents each time.
const seed = process.env['YAML_SEED'] ?? String(Math.floor(Math.random() * 1_000_000));

describe(`a document is read as Kubernetes reads it (YAML_SEED=${seed})`, () => {
  it('whatever its scalars are, and however its lines are moved', { timeout: 600_000 }, () => {
    const built = buildOnce({ name: 'yaml', directory: '../../check/oracle', packages: ['.'] });
    const table = run(join(built, 'oracle'), ['-rows', '20000', '-moved', '20000', '-seed', seed]);
    const rows = parseRows(table);
    expect(rows.length).toBeGreaterThan(20_000);
    expect(findDifferences(rows)).toEqual([]);
  });
});
