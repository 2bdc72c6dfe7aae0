import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadRegistry } from '../../src/registry.ts';
import { anyText } from '../support/any-text.ts';
import { shoot, validate } from '../support/evaluate.ts';
import { expectForm } from '../support/message.ts';

const registry = loadRegistry();
const RUNS = { numRuns: 200 };

/** Evaluation throws where a deny rule does, and lists warn and audit rules that did. */
function evaluate(object: object, old?: object): void {
  const outcome = validate(registry, old === undefined ? { object } : { object, old });
  expect(outcome.faults).toEqual([]);
  for (const each of outcome.findings) expectForm(each);
}

const METHODS = [
  'first-found',
  'kubernetes-internal-ip',
  'cidr=',
  'can-reach=',
  'interface=',
  'skip-interface=',
];
const RANGE = fc.oneof(
  fc
    .tuple(fc.oneof(fc.ipV4Extended(), fc.ipV6()), fc.integer({ min: -1, max: 130 }))
    .map((each) => each.join('/')),
  fc.string(),
);
const TEXT = fc.oneof(
  anyText(400),
  fc.constantFrom(
    '',
    'bird',
    'None',
    'vpa',
    'static',
    'vxlan',
    'Always',
    'CrossSubnet',
    'Drop',
    'calico-ipam',
    'usePodCIDR',
  ),
  fc
    .tuple(fc.constantFrom(...METHODS), fc.oneof(RANGE, fc.domain(), fc.string({ maxLength: 200 })))
    .map((each) => each.join('')),
  fc.tuple(fc.float(), fc.constantFrom('', 'm', 'Mi', 'MB', 'e3', ' ')).map((each) => each.join('')),
  RANGE,
);
const VALUE = fc.oneof(
  { weight: 3, arbitrary: TEXT },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

/** A map in which any field may be missing, and any field may be anything. */
function map(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const written = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      fc.oneof({ weight: 9, arbitrary: field }, { weight: 1, arbitrary: VALUE }),
    ]),
  );
  return fc.record(written, { requiredKeys: [] });
}

const SWITCH = map({ enabled: fc.boolean() });
const POOL = map({ pool: TEXT, mode: TEXT, autoDetectionMethod: TEXT, sourceNATEnabled: fc.boolean() });
const RESOURCES = fc.dictionary(
  fc.oneof(fc.constantFrom('cpu', 'memory', 'nvidia.com/gpu'), fc.string()),
  VALUE,
  { maxKeys: 4 },
);
const CONFIG = map({
  apiVersion: TEXT,
  kind: TEXT,
  backend: TEXT,
  ipam: map({ type: TEXT, cidr: TEXT }),
  ipv4: POOL,
  ipv6: POOL,
  typha: SWITCH,
  vethMTU: TEXT,
  ebpfDataplane: SWITCH,
  overlay: map({ enabled: fc.boolean(), createPodRoutes: fc.boolean() }),
  snatToUpstreamDNS: SWITCH,
  autoScaling: map({ mode: TEXT, resources: map({ node: RESOURCES, typha: RESOURCES }) }),
  vxlan: SWITCH,
  ipip: TEXT,
  ipAutodetectionMethod: TEXT,
  wireguardEncryption: fc.boolean(),
  multus: map({ enabled: fc.boolean(), installCNIPlugins: fc.boolean() }),
  serviceLoopPrevention: TEXT,
});
const NETWORKING = map({
  type: fc.constant('calico'),
  providerConfig: CONFIG,
  pods: RANGE,
  nodes: RANGE,
  services: RANGE,
  ipFamilies: fc.array(fc.oneof(fc.constantFrom('IPv4', 'IPv6'), TEXT), { maxLength: 4 }),
});
const PROVIDER = fc.constantFrom('alicloud', 'aws', 'azure', 'gcp', 'openstack', 'local', 'constructor');
const VERSION = fc.constantFrom('1.21.0', '1.34.0', 'latest');

describe('any content of a Shoot', () => {
  it('any JSON as providerConfig', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (config) => evaluate(shoot(config))),
      RUNS,
    );
  });

  it('known fields with any value as providerConfig, in any cloud', () => {
    const property = fc.property(CONFIG, PROVIDER, VERSION, (config, type, version) =>
      evaluate(shoot(config, { provider: { type }, kubernetes: { version } })),
    );
    fc.assert(property, RUNS);
  });

  it('any JSON as spec.networking', () => {
    const property = fc.property(fc.jsonValue(), (networking) =>
      evaluate({ kind: 'Shoot', spec: { networking } }),
    );
    fc.assert(property, RUNS);
  });

  it('known fields with any value as spec.networking, in any cloud', () => {
    const property = fc.property(NETWORKING, PROVIDER, VERSION, (networking, type, version) =>
      evaluate({ kind: 'Shoot', spec: { networking, provider: { type }, kubernetes: { version } } }),
    );
    fc.assert(property, RUNS);
  });

  it('any JSON as spec', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (spec) => evaluate({ kind: 'Shoot', spec })),
      RUNS,
    );
  });

  it('an update from anything to anything', () => {
    const property = fc.property(NETWORKING, NETWORKING, PROVIDER, (before, after, type) =>
      evaluate(
        { kind: 'Shoot', spec: { networking: after, provider: { type } } },
        { kind: 'Shoot', spec: { networking: before, provider: { type } } },
      ),
    );
    fc.assert(property, RUNS);
  });
});
