import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseAllDocuments } from 'yaml';
import { formatPath } from '../../../src/policy/field-path.ts';
import type { Registry } from '../../../src/policy/registry.ts';
import { type Found, evaluateDocuments } from '../../support/bundle.ts';

/** An object, or a file, and the answer of the real code. */
export interface Row {
  readonly id: string;
  readonly upstream: 'accept' | 'reject';
  /** What rejected it: the CRD before any webhook, all others after. */
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
  /** The rule whose page documents it. */
  readonly rule?: string;
  readonly ids: readonly string[];
}

export interface Differences {
  /** Upstream accepts it, and a rule denies it. */
  readonly stricter: readonly Difference[];
  /** Upstream rejects it, and no rule finds it. */
  readonly unseen: readonly Difference[];
}

export interface Evaluation {
  readonly row: Row;
  readonly isDenied: boolean;
  /** Whether an error or a warning is about what upstream rejected. */
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

/** Each row is a cluster of its own, evaluated as `check --each` evaluates files. */
export function evaluateRow(registry: Registry, row: Row): Evaluation {
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

/** A mistake in a value may be reported at a value beside it: ports without a protocol, a mode with another. */
function isAbout({ path }: Found, at: string | undefined): boolean {
  if (at === undefined) return true;
  const around = at.replace(/(\.[^.[]*|\[\d+\])$/, '');
  const own = formatPath(path);
  return own.startsWith(around) || around.startsWith(own);
}
