import { describe, expect, it } from 'vitest';
import { listRules } from '../../src/policy/registry.ts';
import { registry } from '../support/registry.ts';
import { type Difference, evaluateRow, readDifferences, readTable, TABLES, type Verdict } from './oracle/table.ts';

// What the real validators said of thousands of generated objects. As many again are kept back: a difference is a kind
// of mistake that nobody has thought of, and the lists beside the tables hold those that are meant to be.

/** Most of what only the component refuses that may go unseen, and most of what the API server refuses by itself. */
const AIMS = { component: 0.01, schema: 0.05 };

const rules = listRules(registry).map(({ id }) => id);

function idsOf(differences: readonly Difference[]): string[] {
  return differences.flatMap(({ ids }) => ids).toSorted();
}

function idsIn(verdicts: readonly Verdict[]): string[] {
  return verdicts.map(({ row }) => row.id).toSorted();
}

describe.each(TABLES)('%s', (name) => {
  const verdicts = readTable(name).map((row) => evaluateRow(registry, row));
  const refused = verdicts.filter(({ row }) => row.upstream === 'reject');
  const differences = readDifferences(name);

  it('has rows of both sorts', () => {
    expect(refused.length).toBeGreaterThan(50);
    expect(verdicts.length - refused.length).toBeGreaterThan(50);
  });

  it('nothing that upstream takes is refused without a reason', () => {
    const stricter = verdicts.filter(({ row, isDenied }) => row.upstream === 'accept' && isDenied);
    const listed = new Map(differences.stricter.flatMap(({ rule, ids }) => ids.map((id) => [id, rule])));
    for (const { row, rules: reported } of stricter) expect(reported, row.id).toContain(listed.get(row.id) ?? 'a reason');
    expect(idsOf(differences.stricter)).toEqual(idsIn(stricter));
  });

  it('nothing that upstream refuses goes unseen without a reason', () => {
    const unseen = refused.filter(({ isSeen }) => !isSeen);
    expect(idsOf(differences.unseen)).toEqual(idsIn(unseen));
  });

  it.each([
    { what: 'the component alone', most: AIMS.component, isIt: ({ row }: Verdict) => !row.by.includes('crd') },
    { what: 'the CRD', most: AIMS.schema, isIt: ({ row }: Verdict) => row.by.includes('crd') },
  ])('hardly anything that $what refuses goes unseen', ({ most, isIt }) => {
    const those = refused.filter(isIt);
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
