import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlaps, parseCidr } from '../../../src/formats/cidr.ts';
import type { Fact } from '../../../src/policy/fact.ts';
import { renderMessage } from '../../../src/policy/message.ts';
import { DEFAULT_SETTINGS } from '../../../src/policy/settings.ts';
import type { LocatedFact } from '../../../src/policy/types.ts';
import { clusterRoutesVersion } from '../../../src/rules/calico/cluster-routes-version.ts';
import { ippoolOverlap } from '../../../src/rules/calico/ippool-overlap.ts';
import { evaluateDocuments, summarize, WHOLE } from '../../support/bundle.ts';
import { expectMessage } from '../../support/message.ts';
import { registry } from '../../support/registry.ts';
import { resource } from './base.ts';

function evaluate(rule: string, objects: readonly object[], files?: readonly string[]) {
  const found = evaluateDocuments(registry, objects, files === undefined ? {} : { files });
  const ours = found.filter((each) => each.rule === rule);
  for (const each of ours) expectMessage(each);
  return ours;
}

const pool = (name: string, cidr: unknown, more: object = {}) => resource('IPPool', { cidr, ...more }, name);
const felix = (spec: object, name?: string) => resource('FelixConfiguration', spec, name);
const bgp = (spec: object, name?: string) => resource('BGPConfiguration', spec, name);

describe('calico/ippool-overlap', () => {
  const RULE = 'calico/ippool-overlap';

  it.each([
    { name: 'side by side', pools: [pool('a', '10.0.0.0/17'), pool('b', '10.0.128.0/17')], wanted: [] },
    { name: 'one in the other', pools: [pool('a', '10.0.0.0/16'), pool('b', '10.0.128.0/17')], wanted: [1] },
    {
      name: 'the other way round',
      pools: [pool('b', '10.0.128.0/17'), pool('a', '10.0.0.0/16')],
      wanted: [0],
    },
    { name: 'the same range', pools: [pool('b', '10.0.0.0/16'), pool('a', '10.0.0.0/16')], wanted: [0] },
    {
      name: 'the same range, spelt differently',
      pools: [pool('a', 'fd00::/64'), pool('b', 'FD00:0::/64')],
      wanted: [1],
    },
    { name: 'the same pool twice', pools: [pool('a', '10.0.0.0/16'), pool('a', '10.0.0.0/16')], wanted: [] },
    {
      name: 'the same pool with another range',
      pools: [pool('a', '10.0.0.0/16'), pool('a', '10.0.0.0/17')],
      wanted: [],
    },
    {
      name: 'the same pool in both groups',
      pools: [
        pool('a', '10.0.0.0/16'),
        { ...pool('a', '10.0.0.0/16'), apiVersion: 'crd.projectcalico.org/v1' },
      ],
      wanted: [],
    },
    {
      name: 'a disabled one',
      pools: [pool('a', '10.0.0.0/16'), pool('b', '10.0.0.0/24', { disabled: true })],
      wanted: [1],
    },
    { name: 'another family', pools: [pool('a', '0.0.0.0/1'), pool('b', '::/1')], wanted: [] },
    {
      name: 'no ranges',
      pools: [pool('a', 'x'), pool('b', 'x'), pool('c', 7), pool('d', undefined)],
      wanted: [],
    },
    {
      name: 'three within each other',
      pools: [
        pool('a', '10.0.0.0/8'),
        pool('b', '10.1.0.0/16'),
        pool('c', '10.1.2.0/24'),
        pool('d', '11.0.0.0/8'),
      ],
      wanted: [1, 2],
    },
    {
      name: 'load balancers',
      pools: [pool('a', '10.0.0.0/16'), pool('b', '10.0.0.0/24', { allowedUses: ['LoadBalancer'] })],
      wanted: [1],
    },
  ])('$name', ({ pools, wanted }) => {
    const found = evaluate(RULE, pools);
    expect(summarize(found)).toEqual(wanted.map((index) => `${index} deny spec.cidr [${RULE}]`));
  });

  it('names the other pool', () => {
    const [found] = evaluate(RULE, [pool('a', '10.0.0.0/16'), pool('b', '10.0.128.0/17')]);
    expect(found && renderMessage(found)).toBe(
      'overlaps the pool "a", 10.0.0.0/16 (got "10.0.128.0/17"); give each pool its own range',
    );
  });

  it('evaluates clusters in separate files separately', () => {
    const kubeadm = (name: string) => ({
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'ClusterConfiguration',
      clusterName: name,
      networking: { podSubnet: '10.0.0.0/16' },
    });
    const objects = [kubeadm('one'), pool('a', '10.0.0.0/16'), kubeadm('two'), pool('b', '10.0.0.0/16')];
    expect(evaluate(RULE, objects, ['one.yaml', 'one.yaml', 'two.yaml', 'two.yaml'])).toEqual([]);
    expect(evaluate(RULE, objects)).toHaveLength(1);
  });

  const facts = (pools: readonly (readonly [string, string])[]): LocatedFact<Fact>[] =>
    pools.map(([name, cidr], index) => ({
      about: 'ip-pool',
      path: ['spec', 'cidr'],
      cidr,
      encapsulation: 'none',
      isCrossSubnet: false,
      document: { index, file: 'a.yaml', kind: 'IPPool', namespace: '', name },
    }));

  it('reports every pool but one of each group, in any order', () => {
    const cidr = fc
      .tuple(fc.constantFrom(10, 11), fc.nat(3), fc.integer({ min: 8, max: 17 }))
      .map(([first, second, prefix]) => `${first}.${second * 64}.0.0/${prefix}`);
    const property = fc.property(fc.uniqueArray(cidr, { maxLength: 12 }), (cidrs) => {
      const pools = cidrs.map((each, index) => [`p${index}`, each] as const);
      const reported = [...ippoolOverlap.check(facts(pools), DEFAULT_SETTINGS, WHOLE)].map(
        ({ document }) => document.name,
      );
      const reversed = [...ippoolOverlap.check(facts(pools.toReversed()), DEFAULT_SETTINGS, WHOLE)].map(
        ({ document }) => document.name,
      );
      expect(reversed.sort()).toEqual(reported.sort());
      // Without the reported pools there is no overlap.
      const left = pools.filter(([name]) => !reported.includes(name)).map(([, each]) => parseCidr(each));
      for (const [index, a] of left.entries()) {
        for (const b of left.slice(index + 1)) expect(a && b && overlaps(a, b)).toBe(false);
      }
      // And no pool is reported without a reason.
      for (const name of reported) {
        const own = parseCidr(pools.find(([each]) => each === name)?.[1] ?? '');
        const others = pools.filter(([each]) => each !== name).map(([, each]) => parseCidr(each));
        expect(others.some((other) => own && other && overlaps(own, other))).toBe(true);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('treats a base and its overlay as two clusters', () => {
    const objects = [
      pool('pods', '10.0.0.0/16'),
      pool('pods', '10.1.0.0/16'),
      pool('more', '10.0.128.0/17'),
      pool('bad', '10.1.128.0/17'),
    ];
    const files = ['base/pools.yaml', 'overlays/prod.yaml', 'overlays/prod.yaml', 'overlays/prod.yaml'];
    const found = evaluateDocuments(registry, objects, { files }).filter(({ rule }) => rule === RULE);
    expect(found.map(({ document }) => document.name)).toEqual(['bad']);
  });
});

describe('calico/cluster-routes', () => {
  const RULE = 'calico/cluster-routes';
  const VALUES = ['Enabled', 'Disabled', 'EnabledIPIPOnly', 'EnabledNoEncapOnly'];
  const GOOD = [
    'Enabled Disabled',
    'Disabled Enabled',
    'EnabledIPIPOnly EnabledNoEncapOnly',
    'EnabledNoEncapOnly EnabledIPIPOnly',
  ];
  const pairs = VALUES.flatMap((a) => VALUES.map((b) => ({ a, b, isGood: GOOD.includes(`${a} ${b}`) })));

  it.each(pairs)('$a and $b: $isGood', ({ a, b, isGood }) => {
    const found = evaluate(RULE, [felix({ programClusterRoutes: a }), bgp({ programClusterRoutes: b })]);
    expect(summarize(found)).toEqual(
      isGood
        ? []
        : [`0 deny spec.programClusterRoutes [${RULE}]`, `1 deny spec.programClusterRoutes [${RULE}]`],
    );
  });

  it.each([
    { name: 'only Felix', objects: [felix({ programClusterRoutes: 'Enabled' })], wanted: 0 },
    { name: 'only BIRD', objects: [felix({}), bgp({ programClusterRoutes: 'Enabled' })], wanted: 0 },
    {
      name: 'a value that is none',
      objects: [felix({ programClusterRoutes: 'Felix' }), bgp({ programClusterRoutes: 'Enabled' })],
      wanted: 0,
    },
    {
      name: 'a gap that no pool is in',
      objects: [
        felix({ programClusterRoutes: 'Disabled' }),
        bgp({ programClusterRoutes: 'Disabled' }),
        pool('a', '10.0.0.0/16', { vxlanMode: 'Always', natOutgoing: true }),
      ],
      wanted: 0,
    },
    {
      name: 'a gap that a pool is in',
      objects: [
        felix({ programClusterRoutes: 'Disabled' }),
        bgp({ programClusterRoutes: 'EnabledNoEncapOnly' }),
        pool('a', '10.0.0.0/16', { ipipMode: 'Always', natOutgoing: true }),
      ],
      wanted: 2,
    },
    {
      name: 'a node of its own',
      objects: [
        felix({ programClusterRoutes: 'Enabled' }),
        bgp({ programClusterRoutes: 'Disabled' }),
        bgp({ programClusterRoutes: 'Enabled' }, 'node.a'),
      ],
      wanted: 2,
    },
    {
      name: 'several clusters in one heap',
      objects: [
        felix({ programClusterRoutes: 'Enabled' }),
        felix({ programClusterRoutes: 'Disabled' }),
        bgp({ programClusterRoutes: 'Enabled' }),
      ],
      wanted: 0,
    },
    {
      name: 'the same document twice',
      objects: [
        felix({ programClusterRoutes: 'Enabled' }),
        felix({ programClusterRoutes: 'Enabled' }),
        bgp({ programClusterRoutes: 'Disabled' }),
      ],
      wanted: 0,
    },
  ])('$name', ({ objects, wanted }) => {
    expect(evaluate(RULE, objects)).toHaveLength(wanted);
  });

  it('names a value that fits', () => {
    const found = evaluate(RULE, [
      felix({ programClusterRoutes: 'Enabled' }),
      bgp({ programClusterRoutes: 'EnabledNoEncapOnly' }),
    ]);
    expect(found.map(renderMessage)).toEqual([
      'both Felix and BIRD program unencapsulated routes (got "Enabled"); write EnabledIPIPOnly here, or change the BGPConfiguration (EnabledNoEncapOnly)',
      'both Felix and BIRD program unencapsulated routes (got "EnabledNoEncapOnly"); write Disabled here, or change the FelixConfiguration (Enabled)',
    ]);
  });
});

describe('calico/cluster-routes-version', () => {
  type Side = readonly ['felix' | 'bgp', string];
  const document = (index: number, name: string) => ({
    index,
    file: 'a.yaml',
    kind: 'X',
    namespace: '',
    name,
  });

  function check(minor: number | undefined, sides: readonly Side[], usesIpip = false): string[] {
    const facts: LocatedFact<Fact>[] = sides.map(([by, value], index) => ({
      about: 'cluster-routes',
      by,
      value,
      path: ['spec', 'programClusterRoutes'],
      document: document(index, 'default'),
    }));
    facts.push({
      about: 'calico-node',
      path: [],
      version: minor === undefined ? undefined : { major: 3, minor },
      backend: 'bird',
      birdProbes: [],
      asksDefaultHealthPort: false,
      mayNameApiServer: false,
      maySwitchEbpfOn: false,
      variables: {
        IP: undefined,
        IP6: undefined,
        USE_POD_CIDR: undefined,
        CALICO_ROUTER_ID: undefined,
        FELIX_ROUTESOURCE: undefined,
      },
      tunnels: {},
      document: document(8, 'calico-node'),
    });
    if (usesIpip) {
      facts.push({
        about: 'pool',
        by: 'calico-node',
        path: [],
        cidr: '10.0.0.0/16',
        isDisabled: false,
        encapsulation: 'ipip',
        natOutgoing: true,
        document: document(9, 'calico-node'),
      });
    }
    return [...clusterRoutesVersion.check(facts, DEFAULT_SETTINGS, WHOLE)].map((each) => {
      expectMessage({ ...each, rule: 'calico/cluster-routes-version', action: 'warn' });
      return `${each.document.index} ${renderMessage(each)}`;
    });
  }

  it.each([
    { minor: 32, sides: [['felix', 'Enabled']], says: ['0 both Felix and BIRD program IP-in-IP routes'] },
    { minor: 32, sides: [['felix', 'Disabled']], says: [] },
    {
      minor: 32,
      sides: [['bgp', 'Disabled']],
      says: ['0 neither Felix nor BIRD programs IP-in-IP routes'],
    },
    { minor: 32, sides: [['bgp', 'Enabled']], says: [] },
    {
      minor: 33,
      sides: [['felix', 'Enabled']],
      says: ['0 both Felix and BIRD program unencapsulated routes'],
    },
    { minor: 33, sides: [['felix', 'EnabledIPIPOnly']], says: [] },
    { minor: 33, sides: [['bgp', 'Enabled']], says: ['0 both Felix and BIRD program IP-in-IP routes'] },
    { minor: 33, sides: [['bgp', 'EnabledNoEncapOnly']], says: [] },
    { minor: 31, sides: [['felix', 'Enabled']], says: [] },
    { minor: 31, sides: [['felix', 'EnabledIPIPOnly']], says: ['0 Calico 3.31 does not support this value'] },
    {
      minor: 32,
      sides: [['bgp', 'EnabledNoEncapOnly']],
      says: ['0 Calico 3.32 does not support this value'],
    },
    { minor: undefined, sides: [['felix', 'Enabled']], says: [] },
    {
      minor: 33,
      sides: [
        ['felix', 'Disabled'],
        ['bgp', 'Enabled'],
      ],
      says: [],
    },
  ] as const)('Calico 3.$minor, $sides', ({ minor, sides, says }) => {
    const found = check(minor, sides);
    expect(found).toHaveLength(says.length);
    for (const [index, text] of says.entries()) expect(found[index]).toContain(text);
  });

  it('reports BIRD with IP-in-IP, as long as there is any', () => {
    const sides: readonly Side[] = [
      ['felix', 'Disabled'],
      ['bgp', 'Enabled'],
    ];
    expect(check(33, sides, true)).toEqual([
      '1 IP-in-IP by BIRD is deprecated in Calico 3.33 and removed in 3.35 (got "Enabled"); write EnabledNoEncapOnly, and EnabledIPIPOnly for Felix',
    ]);
    expect(check(32, sides, true)).toEqual([]);
  });
});

describe('calico/ebpf-azure-interfaces and calico/azure-ipip', () => {
  const RULE = 'calico/ebpf-azure-interfaces';
  const shoot = (type: string) => ({
    apiVersion: 'core.gardener.cloud/v1beta1',
    kind: 'Shoot',
    metadata: { name: type, namespace: 'garden-dev' },
    spec: { provider: { type }, networking: { type: 'calico', providerConfig: { backend: 'none' } } },
  });

  it.each([
    {
      name: 'the default on Azure',
      objects: [shoot('azure'), felix({ bpfEnabled: true })],
      wanted: ['1 warn spec.bpfDataIfacePattern'],
    },
    {
      name: 'a pattern of everything on Azure',
      objects: [felix({ bpfEnabled: true, bpfDataIfacePattern: '.*' }), shoot('azure')],
      wanted: ['0 warn spec.bpfDataIfacePattern'],
    },
    {
      name: 'a pattern that leaves enP out',
      objects: [
        shoot('azure'),
        felix({
          bpfEnabled: true,
          bpfDataIfacePattern: '^((en|wl|ww|sl|ib)[opsx].*|(eth|wlan|wwan|bond).*)',
        }),
      ],
      wanted: [],
    },
    { name: 'AWS', objects: [shoot('aws'), felix({ bpfEnabled: true })], wanted: [] },
    {
      name: 'both in one file, with unknown clusters',
      objects: [shoot('aws'), shoot('azure'), felix({ bpfEnabled: true })],
      wanted: [],
    },
    { name: 'no cloud', objects: [felix({ bpfEnabled: true })], wanted: [] },
    { name: 'no eBPF', objects: [shoot('azure'), felix({})], wanted: [] },
  ])('$name', ({ objects, wanted }) => {
    expect(summarize(evaluate(RULE, objects))).toEqual(wanted.map((each) => `${each} [${RULE}]`));
  });

  it('reads the cloud from the same file, where there are several', () => {
    const objects = [shoot('aws'), felix({ bpfEnabled: true }), shoot('azure'), felix({ bpfEnabled: true })];
    const found = evaluate(RULE, objects, ['aws.yaml', 'aws.yaml', 'azure.yaml', 'azure.yaml']);
    expect(summarize(found)).toEqual([`3 warn spec.bpfDataIfacePattern [${RULE}]`]);
  });

  it('gives the pattern to write', () => {
    const [found] = evaluate(RULE, [shoot('azure'), felix({ bpfEnabled: true })]);
    expect(found && renderMessage(found)).toBe(
      'the default matches enP interfaces, so nodes on Azure cannot be reached; write ^((en|wl|ww|sl|ib)[opsx].*|(eth|wlan|wwan|bond).*)',
    );
  });

  it.each([
    { type: 'azure', ipipMode: 'Always', wanted: ['1 deny spec.ipipMode [calico/azure-ipip]'] },
    {
      type: 'azure',
      ipipMode: 'CrossSubnet',
      wanted: ['1 warn spec.ipipMode [calico/azure-ipip-cross-subnet]'],
    },
    { type: 'azure', ipipMode: 'Never', wanted: [] },
    { type: 'aws', ipipMode: 'Always', wanted: [] },
  ])('$ipipMode on $type', ({ type, ipipMode, wanted }) => {
    const objects = [shoot(type), pool('a', '10.0.0.0/16', { ipipMode, natOutgoing: true })];
    const found = evaluateDocuments(registry, objects).filter(({ document }) => document.index === 1);
    expect(summarize(found)).toEqual(wanted);
  });
});

describe('names across documents', () => {
  const tier = (name: string) => resource('Tier', { order: 100 }, name);
  const policy = (spec: object) => resource('GlobalNetworkPolicy', { selector: 'has(a)', ...spec }, 'a');
  const filter = (name: string) => resource('BGPFilter', {}, name);
  const peer = (...filters: readonly string[]) =>
    resource('BGPPeer', { peerIP: '192.0.2.1', asNumber: 64_513, filters }, 'peer');

  it.each([
    { name: 'a tier that is there', objects: [tier('a'), policy({ tier: 'a' })], wanted: [] },
    { name: 'a tier that is not', objects: [tier('a'), policy({ tier: 'b' })], wanted: ['add the Tier'] },
    {
      name: 'a tier with a slip',
      objects: [tier('security'), policy({ tier: 'securty' })],
      wanted: ['write security, or add the Tier'],
    },
    { name: 'no tier at all', objects: [policy({ tier: 'b' })], wanted: [] },
    { name: "Calico's own tier alone", objects: [tier('default'), policy({ tier: 'b' })], wanted: [] },
    {
      name: 'a tier that Calico makes',
      objects: [tier('a'), policy({ tier: 'adminnetworkpolicy' })],
      wanted: [],
    },
    { name: 'no tier named', objects: [tier('a'), policy({ tier: '' })], wanted: [] },
  ])('$name', ({ objects, wanted }) => {
    const found = evaluate('calico/policy-tier', objects);
    expect(found.map(renderMessage)).toEqual(wanted.map((each) => expect.stringContaining(each)));
  });

  it.each([
    { name: 'a filter that is there', objects: [filter('a'), peer('a')], wanted: [] },
    { name: 'two of which one is not', objects: [filter('a'), peer('a', 'b')], wanted: [1] },
    { name: 'no filter at all', objects: [peer('a')], wanted: [] },
  ])('$name', ({ objects, wanted }) => {
    const found = evaluate('calico/bgp-peer-filter', objects);
    expect(found.map(({ path }) => path.at(-1))).toEqual(wanted);
  });
});

describe('calico/bgp-mesh-without-peer', () => {
  const ipip = pool('a', '10.244.0.0/16', { ipipMode: 'Always' });
  const off = bgp({ nodeToNodeMeshEnabled: false });
  const peer = resource('BGPPeer', { peerSelector: 'all()' }, 'peer');
  it.each([
    { name: 'no peer', objects: [ipip, off], wanted: 1 },
    { name: 'a peer', objects: [ipip, off, peer], wanted: 0 },
    { name: 'the mesh', objects: [ipip, bgp({ nodeToNodeMeshEnabled: true })], wanted: 0 },
    { name: 'VXLAN', objects: [pool('a', '10.244.0.0/16', { vxlanMode: 'Always' }), off], wanted: 0 },
    {
      name: 'a pool that is not used',
      objects: [pool('a', '10.244.0.0/16', { ipipMode: 'Always', disabled: true }), off],
      wanted: 0,
    },
    { name: 'no pool', objects: [off], wanted: 0 },
    { name: 'of one node', objects: [ipip, bgp({ nodeToNodeMeshEnabled: false }, 'node.a')], wanted: 0 },
    {
      name: 'Felix, which programs the routes',
      objects: [ipip, off, felix({ programClusterRoutes: 'Enabled' })],
      wanted: 0,
    },
  ])('$name', ({ objects, wanted }) => {
    expect(evaluate('calico/bgp-mesh-without-peer', objects)).toHaveLength(wanted);
  });
});

describe('calico/policy-selects-hosts', () => {
  const policy = resource('GlobalNetworkPolicy', { types: ['Ingress'] }, 'a');
  const controllers = (autoCreate: string) =>
    resource('KubeControllersConfiguration', { controllers: { node: { hostEndpoint: { autoCreate } } } });
  const endpoint = {
    ...resource('HostEndpoint', { node: 'a', interfaceName: '*' }, 'a'),
    metadata: { name: 'a', labels: { role: 'node' } },
  };
  const byLabel = (selector: string) =>
    resource('GlobalNetworkPolicy', { selector, ingress: [{ action: 'Allow' }] }, 'b');
  it.each([
    { name: 'no endpoints', objects: [policy], wanted: 0 },
    { name: 'endpoints of all nodes', objects: [policy, controllers('Enabled')], wanted: 1 },
    { name: 'no endpoints of nodes', objects: [policy, controllers('Disabled')], wanted: 0 },
    {
      name: 'an endpoint',
      objects: [policy, endpoint],
      wanted: 1,
    },
    {
      name: 'a policy of their own for the nodes, by a label of theirs',
      objects: [policy, endpoint, byLabel("has(zone) && role == 'node'")],
      wanted: 0,
    },
    {
      name: 'a policy of their own for the nodes, as the documentation of Calico has it',
      objects: [policy, controllers('Enabled'), byLabel('has(kubernetes-host)')],
      wanted: 0,
    },
    {
      name: 'a policy of their own for the nodes, by a label that Kubernetes gives them',
      objects: [policy, controllers('Enabled'), byLabel('has(node-role.kubernetes.io/control-plane)')],
      wanted: 0,
    },
    {
      name: 'a policy by labels that only pods have',
      objects: [policy, endpoint, byLabel("app.kubernetes.io/name == 'node'")],
      wanted: 1,
    },
    {
      name: 'a policy by labels of pods, and endpoints of all nodes',
      objects: [policy, controllers('Enabled'), byLabel("app.kubernetes.io/name == 'node'")],
      wanted: 1,
    },
    {
      name: 'a selector that cannot be read',
      objects: [policy, endpoint, byLabel('role = node')],
      wanted: 1,
    },
  ])('$name', ({ objects, wanted }) => {
    expect(evaluate('calico/policy-selects-hosts', objects)).toHaveLength(wanted);
  });
});

describe('calico/load-balancer-controller', () => {
  const services = pool('a', '192.0.2.0/24', { allowedUses: ['LoadBalancer'] });
  const controllers = (more: object) => resource('KubeControllersConfiguration', { controllers: more });
  it.each([
    { name: 'no controller', objects: [services, controllers({ node: {} })], wanted: 1 },
    { name: 'a controller', objects: [services, controllers({ loadBalancer: {} })], wanted: 0 },
    { name: 'no pool', objects: [controllers({ node: {} })], wanted: 0 },
    { name: 'controllers in another bundle', objects: [services], wanted: 0 },
  ])('$name', ({ objects, wanted }) => {
    expect(evaluate('calico/load-balancer-controller', objects)).toHaveLength(wanted);
  });
});
