import { describe, expect, it } from 'vitest';
import { listRules } from '../../src/policy/registry.ts';
import { registry } from '../support/registry.ts';
import { type Difference, evaluateRow, readDifferences, readTable, TABLES, type Evaluation } from './oracle/table.ts';

// The answers of the real validators to thousands of generated objects. As many again are kept back: a difference is a kind
// of mistake that no rule knows yet, and the lists beside the tables hold those that are meant to be.

/** The largest part that may have no finding: of what only the component rejects, and of what the API server rejects. */
const AIMS = { component: 0.01, schema: 0.05 };

const rules = listRules(registry).map(({ id }) => id);

function idsOf(differences: readonly Difference[]): string[] {
  return differences.flatMap(({ ids }) => ids).toSorted();
}

function idsIn(evaluations: readonly Evaluation[]): string[] {
  return evaluations.map(({ row }) => row.id).toSorted();
}

describe.each(TABLES)('%s', (name) => {
  const evaluations = readTable(name).map((row) => evaluateRow(registry, row));
  const rejected = evaluations.filter(({ row }) => row.upstream === 'reject');
  const differences = readDifferences(name);

  it('has rows of both sorts', () => {
    expect(rejected.length).toBeGreaterThan(50);
    expect(evaluations.length - rejected.length).toBeGreaterThan(50);
  });

  it('denies nothing that upstream accepts, without a listed reason', () => {
    const stricter = evaluations.filter(({ row, isDenied }) => row.upstream === 'accept' && isDenied);
    const listed = new Map(differences.stricter.flatMap(({ rule, ids }) => ids.map((id) => [id, rule])));
    for (const { row, rules: reported } of stricter) expect(reported, row.id).toContain(listed.get(row.id) ?? 'a reason');
    expect(idsOf(differences.stricter)).toEqual(idsIn(stricter));
  });

  it('has a finding for all that upstream rejects, or a listed reason', () => {
    const unseen = rejected.filter(({ isSeen }) => !isSeen);
    expect(idsOf(differences.unseen)).toEqual(idsIn(unseen));
  });

  it.each([
    { what: 'the component alone', most: AIMS.component, isIt: ({ row }: Evaluation) => !row.by.includes('crd') },
    { what: 'the CRD', most: AIMS.schema, isIt: ({ row }: Evaluation) => row.by.includes('crd') },
  ])('has a finding for nearly all that $what rejects', ({ most, isIt }) => {
    const those = rejected.filter(isIt);
    const unseen = those.filter(({ isSeen }) => !isSeen);
    expect(unseen.length, idsIn(unseen).join(' ')).toBeLessThanOrEqual(those.length * most);
  });

  it('every difference has its reason', () => {
    for (const { reason, rule, ids } of [...differences.stricter, ...differences.unseen]) {
      expect(reason.length).toBeGreaterThan(20);
      expect(ids.length).toBeGreaterThan(0);
      if (rule !== undefined) expect(rules).toContain(rule);
    }
  });
});
