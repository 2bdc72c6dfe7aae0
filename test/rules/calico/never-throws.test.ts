import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMap, readString } from '../../../src/policy/json.ts';
import { loadRegistry } from '../../../src/registry.ts';
import { evaluateDocuments } from '../../support/bundle.ts';
import { validate } from '../../support/evaluate.ts';
import { expectForm } from '../../support/message.ts';
import { loadSchema } from '../../support/schemas.ts';
import type { Kind } from './base.ts';

const registry = loadRegistry();
const SCHEMA_FILES = new URL('../../../src/kinds/', import.meta.url);
const SCHEMAS: Readonly<Record<Kind, string>> = {
  IPPool: 'ippool',
  FelixConfiguration: 'felix-configuration',
  BGPConfiguration: 'bgp-configuration',
  KubeControllersConfiguration: 'kube-controllers-configuration',
  BGPPeer: 'bgp-peer',
  BGPFilter: 'bgp-filter',
  GlobalNetworkPolicy: 'global-network-policy',
  NetworkPolicy: 'network-policy',
  StagedGlobalNetworkPolicy: 'staged-global-network-policy',
  StagedNetworkPolicy: 'staged-network-policy',
  GlobalNetworkSet: 'global-network-set',
  NetworkSet: 'network-set',
  HostEndpoint: 'host-endpoint',
  IPReservation: 'ip-reservation',
  Tier: 'tier',
  IPAMConfiguration: 'ipam-configuration',
};

const WORDS = [
  '',
  'all()',
  'has(',
  'a == "b',
  '10.0.0.0/8',
  'fe80::/10',
  '::/0',
  '1.5s',
  '*',
  '(',
  'Always',
  'LoadBalancer',
];
const TEXT = fc.oneof(
  fc.constantFrom(
    ...WORDS,
    'Enabled',
    'Tunnel',
    '1:2:99999999999',
    '30000-32767',
    'constructor',
    '__proto__',
  ),
  fc.array(fc.nat(0xffff), { maxLength: 300 }).map((units) => String.fromCharCode(...units)),
  fc.string({ maxLength: 100 }),
);
const VALUE = fc.oneof(
  TEXT,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Any value for each field that a schema knows, and now and then one of the right shape. */
function arbitrary(written: unknown, depth = 0): fc.Arbitrary<unknown> {
  const schema = resolveReference(written);
  const properties = readMap(schema, 'properties');
  const items = readMap(schema, 'items');
  if (properties !== undefined && depth < 8) {
    const fields = Object.entries(properties).map(
      ([name, field]) => [name, arbitrary(field, depth + 1)] as const,
    );
    const some = fc
      .subarray(fields, { maxLength: Math.min(12, fields.length) })
      .chain((chosen) =>
        fc.tuple(...chosen.map(([name, field]) => field.map((value) => [name, value] as const))),
      )
      .map((entries) => Object.fromEntries(entries));
    return fc.oneof({ weight: 6, arbitrary: some }, { weight: 1, arbitrary: VALUE });
  }
  if (items !== undefined && depth < 8) {
    return fc.oneof(
      { weight: 4, arbitrary: fc.array(arbitrary(items, depth + 1), { maxLength: 4 }) },
      { weight: 1, arbitrary: VALUE },
    );
  }
  return VALUE;
}

/** Parts of a schema that stand in a file of their own. */
function resolveReference(schema: unknown): unknown {
  const file = readString(schema, '$ref');
  return file === undefined ? schema : JSON.parse(readFileSync(new URL(file, SCHEMA_FILES), 'utf8'));
}

function expectGood(object: object, old?: object): void {
  const outcome = validate(registry, old === undefined ? { object } : { object, old });
  expect(outcome.faults).toEqual([]);
  for (const each of outcome.findings) expectForm(each);
}

describe.each(Object.entries(SCHEMAS))('any content of a %s', (kind, schema) => {
  const spec = arbitrary(readMap(loadSchema(schema), 'properties', 'spec'));
  const object = fc
    .tuple(spec, fc.constantFrom('default', 'node.a', 'x', ''))
    .map(([value, name]) => ({ apiVersion: 'projectcalico.org/v3', kind, metadata: { name }, spec: value }));

  it('no rule throws, and every message has its form', () => {
    fc.assert(
      fc.property(object, (each) => expectGood(each)),
      { numRuns: 60 },
    );
  });

  it('not with an update either', () => {
    fc.assert(
      fc.property(object, object, (each, old) => expectGood(each, old)),
      { numRuns: 60 },
    );
  });

  it('nor with any JSON in its place', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => expectGood({ kind, metadata: value, spec: value })),
      { numRuns: 60 },
    );
  });

  it('nor together with others', () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 4 }), (objects) => {
        for (const each of evaluateDocuments(registry, objects)) expectForm(each);
      }),
      { numRuns: 60 },
    );
  });
});
