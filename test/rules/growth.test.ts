import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/policy/fact.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import type { LocatedFact } from '../../src/policy/types.ts';
import { WHOLE } from '../support/bundle.ts';
import { timesAsMuch } from '../support/pace.ts';
import { registry } from '../support/registry.ts';

function pools(count: number): LocatedFact<Fact>[] {
  return Array.from({ length: count }, (_, index) => ({
    about: 'ip-pool',
    path: ['spec', 'cidr'],
    cidr: '10.0.0.0/16',
    encapsulation: 'none',
    isCrossSubnet: false,
    document: { index, file: 'a.yaml', kind: 'IPPool', namespace: '', name: `p${index}` },
  }));
}

function shoots(count: number): LocatedFact<Fact>[] {
  return Array.from({ length: count }, (_, index) => ({
    about: 'routed-pods',
    path: ['spec', 'networking', 'pods'],
    network: 'openstack router r',
    cidr: `10.${(index >> 8) & 255}.${index & 255}.0/24`,
    document: { index, file: 'f', kind: 'Shoot', namespace: 'n', name: `s${index}` },
  }));
}

describe('a rule across documents takes time in proportion to their number', () => {
  it.each([
    { id: 'calico/ippool-overlap', write: pools, few: 500, found: 499 },
    { id: 'shoot/overlapping-routed-pods', write: shoots, few: 2000, found: 0 },
  ])('$id', ({ id, write, few, found }) => {
    const rule = registry.bundleRules.find((each) => each.id === id);
    const [small, large] = [write(few), write(20 * few)];
    const one = () => expect([...(rule?.check(small, DEFAULT_SETTINGS, WHOLE) ?? [])]).toHaveLength(found);
    const twenty = () => {
      for (let left = 20; left > 0; left -= 1) one();
    };
    const all = () =>
      expect([...(rule?.check(large, DEFAULT_SETTINGS, WHOLE) ?? [])].length).toBe(
        found === 0 ? 0 : 20 * few - 1,
      );
    // As many documents in all: twenty times the time would be quadratic.
    expect(timesAsMuch(all, twenty)).toBeLessThan(6);
  });
});
