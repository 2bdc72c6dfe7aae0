import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCheck } from '../../check/command.ts';
import { type Corpus, KINDS, writeCorpus } from './generate.ts';

const room = mkdtempSync(join(tmpdir(), 'calico-admission-corpus-'));
afterAll(() => rmSync(room, { recursive: true }));

const FILES = 200;
let corpus: Corpus;
beforeAll(() => {
  corpus = writeCorpus(join(room, 'one'), FILES, 1);
});

it('writes the same files for the same seed, and others for another', () => {
  expect(digest(writeCorpus(join(room, 'again'), FILES, 1).all)).toBe(digest(corpus.all));
  expect(digest(writeCorpus(join(room, 'other'), FILES, 2).all)).not.toBe(digest(corpus.all));
});

it('has shares of all kinds that come to a thousand', () => {
  expect(KINDS.reduce((sum, { share }) => sum + share, 0)).toBe(1000);
});

it('has objects of ours with mistakes, and nothing else that check reports', async () => {
  const { code, stdout } = await runCheck(['-o', 'json', corpus.all]);
  const { findings, summary } = JSON.parse(stdout);
  // Its mistakes are contradictions of documents in unrelated directories, which are warnings.
  expect(code).toBe(0);
  expect(findings.length).toBeGreaterThan(0);
  expect(summary).toMatchObject({ files: FILES });
  expect(summary.objects).toBeGreaterThan(0);
  expect(summary.documents).toBeGreaterThan(FILES);
  expect(findings.map(({ rule }: { rule: string }) => rule)).not.toContain('syntax');
  expect(findings.length).toBeLessThan(summary.objects);
});

it('gives the tools that read objects alone the files that are nothing else', async () => {
  const { stdout } = await runCheck(['-o', 'json', corpus.manifests]);
  expect(JSON.parse(stdout).summary.files).toBe(corpus.manifestFiles);
});

function digest(directory: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    hash.update(name);
    if (/\.(yaml|yml|json)$/.test(name)) hash.update(readFileSync(join(directory, name)));
  }
  return hash.digest('hex');
}
