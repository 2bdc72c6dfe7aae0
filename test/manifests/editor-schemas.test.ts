import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type EditorCase, listGoodExamples, RIGHT, WRONG } from '../editor/documents.ts';
import { ROOT, tryRun } from './command.ts';
import { findTool } from './tools.ts';

// The schemas for editors, as kubeconform takes them in CI: it has another library for schemas than editors, with the
// patterns of Go, which know less than those of JavaScript.

const work = mkdtempSync(join(tmpdir(), 'calico-admission-conform-'));
afterAll(() => rmSync(work, { recursive: true }));

interface Validated {
  readonly filename: string;
  readonly status: string;
  readonly msg: string;
}

/** Documents by their schema. */
function groupBySchema(cases: readonly EditorCase[]): readonly (readonly [string, readonly string[]])[] {
  const names = [...new Set(cases.map(({ schema }) => schema))];
  return names.map((name) => [name, cases.flatMap(({ schema, yaml }) => (schema === name ? [yaml] : []))]);
}

/** What kubeconform says of each document, in their order. */
function conform(schema: string, documents: readonly string[]): Validated[][] {
  const files = documents.map((yaml, index) => {
    const path = join(work, `${schema}-${index}.yaml`);
    writeFileSync(path, yaml);
    return path;
  });
  const location = join(ROOT, 'schemas', `${schema}.json`);
  const args = ['-strict', '-output', 'json', '-verbose', '-schema-location', location, ...files];
  const { stdout, stderr } = tryRun(findTool('kubeconform'), args);
  expect(stderr).toBe('');
  const { resources }: { resources: readonly Validated[] } = JSON.parse(stdout);
  return files.map((path) => resources.filter(({ filename }) => filename === path));
}

/** It takes no object without an apiVersion, which some examples leave to the reader. */
const GOOD = listGoodExamples().filter(({ yaml }) => /^apiVersion: /m.test(yaml));

describe('kubeconform with the schemas for editors', () => {
  it.each(groupBySchema(WRONG))('rejects each wrong value: %s', (schema, documents) => {
    const found = conform(schema, documents);
    for (const [index, document] of documents.entries()) {
      expect(
        found[index]?.map(({ status }) => status),
        document,
      ).toEqual(['statusInvalid']);
    }
  });

  it.each(groupBySchema([...RIGHT, ...GOOD]))('accepts what is right: %s', (schema, documents) => {
    const found = conform(schema, documents).flat();
    expect(found.length).toBeGreaterThanOrEqual(documents.length);
    expect(found.filter(({ status }) => status !== 'statusValid')).toEqual([]);
  });
});
