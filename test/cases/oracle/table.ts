import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseAllDocuments } from 'yaml';
import { formatPath } from '../../../src/policy/field-path.ts';
import type { Registry } from '../../../src/policy/registry.ts';
import { type Found, evaluateDocuments } from '../../support/bundle.ts';

/** An object, or a file, and what the real code said of it. */
export interface Row {
  readonly id: string;
  readonly upstream: 'accept' | 'reject';
  /** Who refused: the CRD is asked before any webhook, all others after. */
  readonly by: string;
  /** The only value that was varied, where there is one. */
  readonly at?: string;
  readonly msg?: string;
  readonly object?: object;
  readonly text?: string;
}

/** Rows on which we differ on purpose. */
export interface Difference {
  readonly reason: string;
  /** The rule whose page tells users. */
  readonly rule?: string;
  readonly ids: readonly string[];
}

export interface Differences {
  /** Upstream takes it, and we refuse it. */
  readonly stricter: readonly Difference[];
  /** Upstream refuses it, and we say nothing. */
  readonly unseen: readonly Difference[];
}

export interface Verdict {
  readonly row: Row;
  readonly isDenied: boolean;
  /** Whether an error or a warning is about what upstream refused. */
  readonly isSeen: boolean;
  readonly rules: readonly string[];
}

const HOME = new URL('./', import.meta.url);

export const TABLES: readonly string[] = readdirSync(HOME)
  .filter((file) => file.endsWith('.jsonl.gz'))
  .map((file) => file.replace('.jsonl.gz', ''));

export function readTable(name: string): Row[] {
  const text = gunzipSync(readFileSync(new URL(`${name}.jsonl.gz`, HOME))).toString();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

export function readDifferences(name: string): Differences {
  return JSON.parse(readFileSync(new URL(`${name}.differences.json`, HOME), 'utf8'));
}

/** Each row is a cluster of its own, judged as `check --each` judges files. */
export function evaluateRow(registry: Registry, row: Row): Verdict {
  const objects = row.object === undefined ? parseDocuments(row.text ?? '') : [row.object];
  const found = evaluateDocuments(registry, objects).filter(({ action }) => action !== 'audit');
  return {
    row,
    isDenied: found.some(({ action }) => action === 'deny'),
    isSeen: found.some((each) => isAbout(each, row.at)),
    rules: [...new Set(found.map(({ rule }) => rule))],
  };
}

function parseDocuments(text: string): unknown[] {
  return parseAllDocuments(text).map((document) => document.toJS());
}

/** What is wrong with a value may be told of one beside it: ports without a protocol, a mode with another. */
function isAbout({ path }: Found, at: string | undefined): boolean {
  if (at === undefined) return true;
  const around = at.replace(/(\.[^.[]*|\[\d+\])$/, '');
  const own = formatPath(path);
  return own.startsWith(around) || around.startsWith(own);
}
