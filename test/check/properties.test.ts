import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { type FieldPath, formatPath } from '../../src/policy/field-path.ts';
import { renderMessage } from '../../src/policy/message.ts';
import { evaluateDocuments } from '../support/bundle.ts';
import { registry } from '../support/registry.ts';

// What is clean with a value is clean with a variable in its place: the variable may stand for that value.

/** The findings in documents, as they are or with this value in these places. */
function find(documents: readonly unknown[], places: readonly Place[] = []): string[] {
  const changed = places.reduce<readonly unknown[]>(
    (all, { document, path }, index) =>
      all.map((each, at) => (at === document ? setAt(each, path, `\${X${index}}`) : each)),
    documents,
  );
  return evaluateDocuments(registry, changed)
    .filter(({ action }) => action !== 'audit')
    .map((each) => `${each.rule} ${formatPath(each.path)}: ${renderMessage(each)}`);
}

interface Place {
  readonly document: number;
  readonly path: FieldPath;
}

/** Every place but the type of a document. */
function placesOf(documents: readonly unknown[]): Place[] {
  return documents.flatMap((each, document) =>
    [...pathsOf(each)]
      .filter((path) => path.length > 0 && !['apiVersion', 'kind'].includes(formatPath(path)))
      .map((path) => ({ document, path })),
  );
}

function* pathsOf(value: unknown, path: FieldPath = []): Generator<FieldPath> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield* pathsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

function setAt(value: unknown, [step, ...below]: FieldPath, to: unknown): unknown {
  if (step === undefined) return to;
  // The other place may be around this one.
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item, at) => (at === step ? setAt(item, below, to) : item));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === step ? setAt(inner, below, to) : inner]),
  );
}

const examples = [
  ...registry.policies.flatMap(({ rules }) =>
    rules.map(({ docs }): unknown[] => [parse(docs.good, { uniqueKeys: false, version: '1.1' })]),
  ),
  ...registry.bundleRules.map(({ docs }): unknown[] =>
    parseAllDocuments(docs.good).map((document) => document.toJS()),
  ),
].filter((documents) => find(documents).length === 0);

/** Values that upstream accepts; the support for variables was not written for them. */
const accepted = gunzipSync(readFileSync(new URL('../cases/oracle/calico-more.jsonl.gz', import.meta.url)))
  .toString()
  .trim()
  .split('\n')
  .map((line): { upstream: string; object?: unknown } => JSON.parse(line))
  .flatMap(({ upstream, object }) => (upstream === 'accept' && object !== undefined ? [[object]] : []));

describe('an unknown value', () => {
  it('has no finding for a good example, in any place', { timeout: 300_000 }, () => {
    expect(examples.length).toBeGreaterThan(400);
    const wrong = examples.flatMap((documents) =>
      placesOf(documents).flatMap((place) =>
        find(documents, [place]).map((each) => `${formatPath(place.path)}: ${each}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('nor do two of them', { timeout: 300_000 }, () => {
    const two = fc.constantFrom(...examples).chain((documents) => {
      const place = fc.constantFrom(...placesOf(documents));
      return fc.tuple(fc.constant(documents), place, place);
    });
    fc.assert(
      fc.property(two, ([documents, one, other]) => {
        expect(find(documents, [one, other])).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  it('nor in what upstream accepts', { timeout: 300_000 }, () => {
    const any = fc
      .constantFrom(...accepted)
      .chain((documents) => fc.tuple(fc.constant(documents), fc.constantFrom(...placesOf(documents))));
    fc.assert(
      fc.property(any, ([documents, place]) => {
        fc.pre(find(documents).length === 0);
        expect(find(documents, [place])).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });
});
