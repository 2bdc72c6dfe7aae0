import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderMessage } from '../../src/policy/message.ts';
import { tooManyItems } from '../../src/rules/index.ts';
import { findingsOf, pathsOf, validate } from '../support/evaluate.ts';
import { registry } from '../support/registry.ts';

const pool = (index: number) => ({ cidr: `10.${index >> 8}.${index & 255}.0/24` });
const installation = (ipPools: readonly unknown[]) => ({
  apiVersion: 'operator.tigera.io/v1',
  kind: 'Installation',
  metadata: { name: 'default' },
  spec: { calicoNetwork: { ipPools } },
});
const pools = (count: number) => Array.from({ length: count }, (_, index) => pool(index));

it('each kind that has rules reports how far its lists are evaluated', () => {
  for (const { target, rules } of registry.policies) {
    if (rules.length === 0) continue;
    const ids = rules.map(({ id }) => id).filter((id) => id.endsWith('/too-many-items'));
    expect(ids, target.kind).toEqual([`${target.id}/too-many-items`]);
  }
});

it.each(tooManyItems.map((rule) => [rule.id, rule] as const))('%s', (id, { docs }) => {
  const [found] = findingsOf(validate(registry, { object: parse(docs.bad) }), id);
  expect(found?.action).toBe('warn');
  expect(found && renderMessage(found)).toMatch(
    /^only the first 10{3,4} items are evaluated \(got 10{2,3}1\); /,
  );
});

describe('a list of 1000 items', () => {
  it('is evaluated to its end, without a finding', () => {
    const outcome = validate(registry, { object: installation([...pools(999), { cidr: 'x' }]) });
    expect(pathsOf(outcome, 'tigera/installation-pool-ranges')).toContain(
      'spec.calicoNetwork.ipPools[999].cidr',
    );
    expect(pathsOf(outcome, 'tigera/too-many-items')).toEqual([]);
  });
});

describe('a longer one', () => {
  const long = installation([...pools(1000), { cidr: 'x' }, {}, 5]);

  it('is evaluated up to the limit, with a finding', () => {
    const outcome = validate(registry, { object: long });
    const paths = outcome.findings.map(({ path }) => path);
    expect(paths.filter((path) => typeof path[3] === 'number' && path[3] >= 1000)).toEqual([]);
    expect(pathsOf(outcome, 'tigera/too-many-items')).toEqual(['spec.calicoNetwork.ipPools']);
  });

  it('is counted to its end', () => {
    const [denial] = findingsOf(validate(registry, { object: long }), 'tigera/installation-pool-ranges');
    expect(denial && renderMessage(denial)).toContain('not 1003;');
  });

  it('is no news where it was there before', () => {
    const object = { ...long, spec: { ...long.spec, variant: 'Calico' } };
    const outcome = validate(registry, { object, old: long });
    expect(pathsOf(outcome, 'tigera/too-many-items')).toEqual([]);
  });

  it('is another one where only what is not evaluated has changed', () => {
    const outcome = validate(registry, { object: installation([...pools(1000), {}, {}]), old: long });
    expect(pathsOf(outcome, 'tigera/too-many-items')).toEqual(['spec.calicoNetwork.ipPools']);
  });
});

it('a list that takes up the bound does not make a Shoot one without workers', () => {
  const spec = {
    kubernetes: { version: '1.34.0' },
    provider: { type: 'local', workers: [{ name: 'worker' }] },
    networking: {
      type: 'calico',
      ipFamilies: Array(20_000).fill('IPv4'),
      providerConfig: { backend: 'brid' },
    },
  };
  const shoot = { apiVersion: 'core.gardener.cloud/v1beta1', kind: 'Shoot', metadata: { name: 'foo' }, spec };
  const outcome = validate(registry, { object: shoot });
  expect(pathsOf(outcome, 'shoot/backend')).toEqual(['spec.networking.providerConfig.backend']);
});
