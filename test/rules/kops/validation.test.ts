import type { Table } from '../../support/rule-tester.ts';
import { type Documents, testVersions, VERSIONS } from './base.ts';

const IPV6 = { nonMasqueradeCIDR: '::/0' };
const kubeProxy = { enabled: false };

function denied(rule: string, ...fields: string[]): string[] {
  return fields.map((field) => `deny kops/${rule} calico.${field}`);
}

/** One field, and what kOps says of each word. */
function words(
  rule: string,
  name: string,
  good: readonly string[],
  bad: readonly string[],
  calico: object = {},
  rest: Documents = {},
): Table<Documents> {
  const row = (word: string) => ({ ...rest, calico: { ...calico, [name]: word } });
  return {
    valid: good.map((word) => ({ ...row(word), name: `${name}: ${word}` })),
    invalid: bad.map((word) => ({
      ...row(word),
      name: `${name}: ${word} is rejected`,
      found: denied(rule, name),
    })),
  };
}

const ebpf = { bpfEnabled: true, encapsulationMode: 'vxlan' };

testVersions('1. awsSrcDstCheck of IPv6 clusters', {
  valid: [{ name: 'DoNothing', ranges: IPV6, calico: { awsSrcDstCheck: 'DoNothing' } }],
  invalid: [
    ...['Enable', 'Disable', 'disable', 'off'].map((awsSrcDstCheck) => ({
      name: `${awsSrcDstCheck} is rejected`,
      ranges: IPV6,
      calico: { awsSrcDstCheck },
      found: denied('aws-src-dst-check', 'awsSrcDstCheck'),
    })),
  ],
});

testVersions(
  '2. awsSrcDstCheck',
  words('aws-src-dst-check', 'awsSrcDstCheck', [], ['off', 'disable', 'ENABLE', 'donothing', ' Disable']),
  {
    valid: [
      { name: 'Disable', calico: { awsSrcDstCheck: 'Disable' } },
      { name: 'Enable', calico: { awsSrcDstCheck: 'Enable', ipipMode: 'Always' } },
      { name: 'DoNothing', calico: { awsSrcDstCheck: 'DoNothing', ipipMode: 'Always' } },
      { name: 'empty is unset', calico: { awsSrcDstCheck: '' } },
      { name: 'null is unset', calico: { awsSrcDstCheck: null } },

      { name: 'DoNothing on another cloud', cloud: 'openstack', calico: { awsSrcDstCheck: 'DoNothing' } },
    ],
    invalid: [
      {
        name: 'Disable on another cloud is accepted, and dropped',
        cloud: 'openstack',
        calico: { awsSrcDstCheck: 'Disable' },
        found: ['warn kops/setting-without-effect calico.awsSrcDstCheck'],
      },
    ],
  },
);

testVersions('3. crossSubnet is never rejected', {
  valid: [{ name: 'null is unset', calico: { crossSubnet: null, majorVersion: null } }],
  invalid: [
    {
      name: 'true, and the check stays on',
      only: 'v1alpha2',
      calico: { crossSubnet: true, awsSrcDstCheck: 'Enable', ipipMode: 'Always' },
      found: ['warn kops/deprecated-field calico.crossSubnet'],
    },
    {
      name: 'majorVersion',
      only: 'v1alpha2',
      calico: { majorVersion: 'v3' },
      found: ['warn kops/deprecated-field calico.majorVersion'],
    },
    {
      name: 'majorVersion in v1alpha3',
      only: 'v1alpha3',
      calico: { majorVersion: 'v3' },
      found: denied('unknown-field', 'majorVersion'),
    },
  ],
});

const PROXY = ['deny kops/ebpf-needs-kube-proxy-off spec.kubeProxy.enabled'];
testVersions('4. bpfEnabled and kube-proxy', {
  valid: [
    { name: 'off', calico: ebpf, spec: { kubeProxy } },
    { name: 'no eBPF, kube-proxy on', calico: { bpfEnabled: false }, spec: { kubeProxy: { enabled: true } } },
    { name: 'no eBPF, nothing of kube-proxy', calico: { bpfEnabled: null } },
  ],
  invalid: [
    { name: 'enabled', calico: ebpf, spec: { kubeProxy: { enabled: true } }, found: PROXY },
    { name: 'enabled unset', calico: ebpf, spec: { kubeProxy: {} }, found: PROXY },
    { name: 'enabled null', calico: ebpf, spec: { kubeProxy: { enabled: null } }, found: PROXY },
    {
      name: 'kubeProxy with other settings',
      calico: ebpf,
      spec: { kubeProxy: { proxyMode: 'ipvs' } },
      found: PROXY,
    },
    { name: 'kubeProxy null', calico: ebpf, spec: { kubeProxy: null }, found: PROXY },
    { name: 'kubeProxy left out, as the second pass sees it', calico: ebpf, found: PROXY },
  ],
});

const forEbpf = [ebpf, { spec: { kubeProxy } }] as const;
testVersions(
  '5. bpfExternalServiceMode',
  words('dataplane-setting', 'bpfExternalServiceMode', ['Tunnel'], ['dsr', 'tunnel', 'Direct'], ...forEbpf),
  {
    valid: [{ name: 'a default without bpfEnabled', calico: { bpfExternalServiceMode: 'Tunnel' } }],
  },
);
testVersions(
  '6. bpfLogLevel',
  words('dataplane-setting', 'bpfLogLevel', ['Off', 'Info', 'Debug'], ['debug', 'off', 'Trace'], ...forEbpf),
  {
    valid: [{ name: 'a default without bpfEnabled', calico: { bpfLogLevel: 'Off' } }],
  },
);
testVersions(
  '7. chainInsertMode',
  words('dataplane-setting', 'chainInsertMode', ['insert', 'append'], ['Insert', 'Append', 'prepend']),
);

testVersions(
  '8. encapsulationMode',
  words('encapsulation-mode', 'encapsulationMode', ['ipip', 'vxlan'], ['VXLAN', 'IPIP', 'None', 'geneve']),
  {
    valid: [
      { name: 'empty is unset', calico: { encapsulationMode: '' } },
      { name: 'null is unset', calico: { encapsulationMode: null } },
    ],
    invalid: [
      {
        name: 'two words',
        yaml: `
        apiVersion: kops.k8s.io/v1alpha2
        kind: Cluster
        metadata:
          name: c.example.com
        spec:
          cloudProvider: aws
          kubernetesVersion: v1.33.0
          networkCIDR: 172.20.0.0/16
          nonMasqueradeCIDR: 100.64.0.0/10
          networking:
            calico:
              encapsulationMode: VXLAN
                                 ^^^^^
              nftablesMode: 'on'
                            ^^^^
      `,
        found: [
          ...denied('encapsulation-mode', 'encapsulationMode'),
          'warn kops/nftables-mode calico.nftablesMode',
        ],
      },
      {
        name: 'an unknown value excludes both modes',
        calico: { encapsulationMode: 'VXLAN', vxlanMode: 'Always', ipipMode: 'Always' },
        found: [
          ...denied('encapsulation-mode', 'encapsulationMode'),
          ...denied('pool-mode', 'ipipMode', 'vxlanMode'),
        ],
      },
    ],
  },
);
testVersions(
  '9. IPv6 wants none',
  words('encapsulation-mode', 'encapsulationMode', [], ['ipip', 'vxlan', 'VXLAN'], {}, { ranges: IPV6 }),
  {
    valid: [
      { name: 'none', ranges: IPV6, calico: { encapsulationMode: 'none' } },
      { name: 'unset', ranges: IPV6 },
    ],
  },
);
testVersions('10. none is for IPv6', words('encapsulation-mode', 'encapsulationMode', [], ['none']), {
  invalid: [
    ...['gce', 'openstack', 'hetzner', 'do'].map((cloud) => ({
      name: `none on ${cloud}`,
      cloud,
      calico: { encapsulationMode: 'none' },
      found: denied('encapsulation-mode', 'encapsulationMode'),
    })),
  ],
});
testVersions(
  '11. Azure wants vxlan',
  words('encapsulation-mode', 'encapsulationMode', [], ['ipip', 'none', 'Vxlan'], {}, { cloud: 'azure' }),
  {
    valid: [
      { name: 'unset', cloud: 'azure' },
      { name: 'vxlan', cloud: 'azure', calico: { encapsulationMode: 'vxlan' } },
      {
        name: 'CrossSubnet',
        cloud: 'azure',
        calico: { encapsulationMode: 'vxlan', vxlanMode: 'CrossSubnet' },
      },
      { name: 'the mode alone', cloud: 'azure', calico: { vxlanMode: 'CrossSubnet' } },

      { name: 'ipipMode Never', cloud: 'azure', calico: { ipipMode: 'Never' } },
    ],
    invalid: [
      {
        name: 'ipipMode alone, as the second pass sees it',
        cloud: 'azure',
        calico: { ipipMode: 'Always' },
        found: denied('pool-mode', 'ipipMode'),
      },
      ...[{}, { encapsulationMode: 'none' }, { encapsulationMode: 'vxlan' }].map((calico) => ({
        name: `IPv6 has nothing that is valid: ${JSON.stringify(calico)}`,
        cloud: 'azure',
        ranges: IPV6,
        calico,
        found: denied('encapsulation-mode', 'encapsulationMode'),
      })),
    ],
  },
);

testVersions(
  '12. ipipMode',
  words('pool-mode', 'ipipMode', ['Always', 'CrossSubnet', 'Never'], ['unknown', 'always', 'crossSubnet']),
  words('pool-mode', 'ipipMode', ['Always', 'CrossSubnet', 'Never'], [], {
    encapsulationMode: 'ipip',
  }),
  words('pool-mode', 'ipipMode', ['Never'], ['Always', 'CrossSubnet'], { encapsulationMode: 'vxlan' }),
  words(
    'pool-mode',
    'ipipMode',
    ['Never'],
    ['Always', 'CrossSubnet'],
    { encapsulationMode: 'none' },
    { ranges: IPV6 },
  ),
  words('pool-mode', 'ipipMode', ['Never'], ['Always'], {}, { ranges: IPV6 }),
  words('pool-mode', 'ipipMode', ['Always', 'CrossSubnet'], [], {}, { cloud: 'openstack' }),
);
testVersions(
  '13. vxlanMode',
  words('pool-mode', 'vxlanMode', ['Never'], ['Always', 'CrossSubnet', 'never']),
  words('pool-mode', 'vxlanMode', ['Always', 'CrossSubnet', 'Never'], ['always'], {
    encapsulationMode: 'vxlan',
  }),
  words('pool-mode', 'vxlanMode', ['Never'], ['Always', 'CrossSubnet'], { encapsulationMode: 'ipip' }),
  words('pool-mode', 'vxlanMode', ['Never'], ['Always', 'CrossSubnet'], {}, { ranges: IPV6 }),
  {
    valid: [
      {
        name: 'both Never without encapsulation',
        ranges: IPV6,
        calico: { ipipMode: 'Never', vxlanMode: 'Never' },
      },
    ],
    invalid: [
      {
        name: 'both at once',
        calico: { ipipMode: 'Always', vxlanMode: 'Always' },
        found: denied('pool-mode', 'vxlanMode'),
      },
    ],
  },
);

const METHODS = {
  good: [
    'first-found',
    'interface=en.*,eth0',
    'interface=eth0 , en.*',
    'skip-interface=en.*,eth0',
    'interface=eth0,',
    'interface=^(eth|en).*$',
  ],
  bad: [
    'bogus',
    'First-Found',
    'kubernetes-internal-ip',
    'cidr=10.0.0.0/8',
    'can-reach=www.example.com',
    'can-reach=',
    'can-reach',
    'can-reach=10.0.0.0/8',
    'interface=',
    'interface',
    'skip-interface',
    'skip-interface=',
    'interface=,eth0',
    'interface=(,en1',
    'interface=foo=bar',
    'first-found=a=b',
    'interface=*',
    'interface=(?!docker).*',
    '=en0,eth.*',
    ' first-found',
    'interface =eth0',
  ],
};
const METHOD = 'autodetection-method';
testVersions(
  '14. autodetection',
  words(METHOD, 'ipv4AutoDetectionMethod', METHODS.good, METHODS.bad),
  words(METHOD, 'ipv4AutoDetectionMethod', ['can-reach=8.8.8.8'], ['can-reach=2001:db8::1']),
  words(METHOD, 'ipv6AutoDetectionMethod', METHODS.good, METHODS.bad, {}, { ranges: IPV6 }),
  words(
    METHOD,
    'ipv6AutoDetectionMethod',
    ['can-reach=2001:4860:4860::8888'],
    ['can-reach=8.8.8.8', 'can-reach=::ffff:8.8.8.8'],
    {},
    { ranges: IPV6 },
  ),
  words(METHOD, 'ipv4AutoDetectionMethod', ['can-reach=::ffff:8.8.8.8', 'can-reach=008.8.8.8'], []),
  {
    valid: [{ name: 'empty is unset', calico: { ipv4AutoDetectionMethod: '', ipv6AutoDetectionMethod: '' } }],
    invalid: [
      {
        name: 'what kOps ignores after first-found stops calico-node',
        calico: { ipv4AutoDetectionMethod: 'first-found=eth0' },
        found: ['warn kops/fails-later calico.ipv4AutoDetectionMethod'],
      },
    ],
  },
);

testVersions('14. autodetection, at length', {
  valid: [
    { name: '50 interfaces', calico: { ipv4AutoDetectionMethod: `interface=${'eth0,'.repeat(50)}` } },

    ...['interface=eth0,', 'skip-interface=eth0,', 'interface=a', 'interface=::'].map((start) => ({
      name: `names without end after ${start}`,
      calico: { ipv4AutoDetectionMethod: `${start}${'eth0,'.repeat(60_000)}` },
    })),
  ],
  invalid: [
    ...[' ', ',', '=', 'a', '(', '1.', '::'].flatMap((unit) =>
      ['can-reach=', 'first', ''].map((start) => ({
        name: `${start} with ${unit} without end`,
        calico: { ipv4AutoDetectionMethod: `${start}${unit.repeat(300_000)}` },
        found: denied(METHOD, 'ipv4AutoDetectionMethod'),
      })),
    ),
    ...[' ', '('].flatMap((unit) =>
      ['interface=', 'skip-interface=eth0,'].map((start) => ({
        name: `${start} with ${unit} without end, which is not looked at`,
        calico: { ipv4AutoDetectionMethod: `${start}${unit.repeat(300_000)}` },
        found: ['warn kops/autodetection-method calico.ipv4AutoDetectionMethod'],
      })),
    ),

    ...['=', ','].map((unit) => ({
      name: `interface= with ${unit} without end`,
      calico: { ipv4AutoDetectionMethod: `interface=${unit.repeat(300_000)}` },
      found: denied(METHOD, 'ipv4AutoDetectionMethod'),
    })),
  ],
});
testVersions(
  '15. iptablesBackend',
  words('dataplane-setting', 'iptablesBackend', ['Auto', 'Legacy', 'NFT'], ['nft', 'auto', 'Nftables']),
);
testVersions('16. typhaReplicas', {
  valid: [
    ...[3, 1, 0, null].map((typhaReplicas) => ({ name: `${typhaReplicas}`, calico: { typhaReplicas } })),
  ],
  invalid: [
    ...[-1, -100].map((typhaReplicas) => ({
      name: `${typhaReplicas} is rejected`,
      calico: { typhaReplicas },
      found: denied('typha-replicas', 'typhaReplicas'),
    })),
  ],
});
testVersions('17. wireguardEnabled', {
  valid: [
    { name: 'IPv4', calico: { wireguardEnabled: true } },
    { name: 'off on IPv6', ranges: IPV6, calico: { wireguardEnabled: false } },
  ],
  invalid: [
    {
      name: 'IPv6',
      ranges: IPV6,
      calico: { wireguardEnabled: true },
      found: denied('wireguard-ipv6', 'wireguardEnabled'),
    },
  ],
});

testVersions(
  'what kOps does not look at',
  {
    valid: ['Disabled', 'Enabled', 'Auto', 'enabled', 'AUTO'].map((nftablesMode) => ({
      name: `nftablesMode: ${nftablesMode}, which Felix reads in any case`,
      calico: { nftablesMode },
    })),
    invalid: ['on', 'Nft'].map((nftablesMode) => ({
      name: `nftablesMode: ${nftablesMode}`,
      calico: { nftablesMode },
      found: ['warn kops/nftables-mode calico.nftablesMode'],
    })),
  },
  {
    valid: [{ name: 'mtu null', calico: { mtu: null } }],
    invalid: [
      ...[-1, -1440, 65_536, 4_294_967_296].map((mtu) => ({
        name: `mtu ${mtu}`,
        calico: { mtu },
        found: denied('mtu', 'mtu'),
      })),
    ],
  },
);

testVersions('fields and types', {
  valid: [
    { name: 'every field null', calico: { mtu: null, bpfEnabled: null, cpuRequest: null, registry: null } },
    { name: 'quantities', calico: { cpuRequest: '250m' } },
    { name: 'a number as quantity', calico: { cpuRequest: 1 } },
  ],
  invalid: [
    {
      name: 'names are marked, and values',
      yaml: `
        apiVersion: kops.k8s.io/v1alpha2
        kind: Cluster
        metadata:
          name: c.example.com
        spec:
          cloudProvider: aws
          kubernetesVersion: v1.33.0
          networkCIDR: 172.20.0.0/16
          nonMasqueradeCIDR: 100.64.0.1/10
                             ^^^^^^^^^^^^^
          networking:
            calico:
              IPIPMode: Always
              ^^^^^^^^
              mtu: "1440"
                   ^^^^^^
      `,
      found: [
        ...denied('unknown-field', 'IPIPMode'),
        ...denied('wrong-type', 'mtu'),
        'deny kops/cidrs net.nonMasqueradeCIDR',
      ],
    },
    {
      name: 'names that are almost right',
      calico: { IPIPMode: 'Always', vxlanmode: 'Never', MTU: 1440, typhaReplica: 3, bpf: true },
      found: denied('unknown-field', 'IPIPMode', 'vxlanmode', 'MTU', 'typhaReplica', 'bpf'),
    },
    {
      name: 'values of the wrong type',
      calico: {
        bpfEnabled: 'true',
        mtu: '1440',
        typhaReplicas: 1.5,
        ipipMode: true,
        wireguardEnabled: 1,
        version: 3.31,
      },
      found: denied(
        'wrong-type',
        'bpfEnabled',
        'mtu',
        'typhaReplicas',
        'ipipMode',
        'wireguardEnabled',
        'version',
      ),
    },
    ...[true, 'yes', 7, []].map((calico) => ({
      name: `calico: ${JSON.stringify(calico)}`,
      calico,
      found: ['deny kops/wrong-type spec.networking.calico'],
    })),
    {
      name: 'a number beyond 32 bits',
      calico: { typhaReplicas: 2 ** 31 },
      found: denied('wrong-type', 'typhaReplicas'),
    },
    { name: 'no quantity', calico: { cpuRequest: '250 mCPU' }, found: denied('wrong-type', 'cpuRequest') },
    {
      name: 'ranges where v1alpha3 has them',
      only: 'v1alpha2',
      networking: { podCIDR: '100.96.0.0/11', nonMasqueradeCIDR: '100.64.0.0/10' },
      found: [
        'deny kops/unknown-field spec.networking.nonMasqueradeCIDR',
        'deny kops/unknown-field spec.networking.podCIDR',
      ],
    },
    {
      name: 'ranges where v1alpha2 has them',
      only: 'v1alpha3',
      spec: { podCIDR: '100.96.0.0/11', subnets: [] },
      found: ['deny kops/unknown-field spec.podCIDR', 'deny kops/unknown-field spec.subnets'],
    },
    {
      name: 'kubeProxy and ranges of the wrong type',
      ranges: { podCIDR: 7, additionalNetworkCIDRs: '10.0.0.0/8' },
      spec: { kubeProxy: { enabled: 'false' } },
      found: [
        'deny kops/wrong-type net.additionalNetworkCIDRs',
        'deny kops/wrong-type net.podCIDR',
        'deny kops/wrong-type spec.kubeProxy.enabled',
      ],
    },
  ],
});

const CLOUD = ['deny kops/cloud-provider spec.cloudProvider'];
const METAL = { 'alpha.kops.k8s.io/cloud': 'metal' };
testVersions('the cloud', {
  valid: [
    ...['aws', 'azure', 'do', 'gce', 'hetzner', 'linode', 'openstack', 'scaleway'].map((cloud) => ({
      name: cloud,
      cloud,
    })),
    ...[undefined, null, {}].map((cloudProvider) => ({
      name: `metal by its label, beside ${JSON.stringify(cloudProvider)}`,
      only: 'v1alpha3' as const,
      labels: METAL,
      spec: { cloudProvider },
    })),
    ...[undefined, null, ''].map((cloudProvider) => ({
      name: `metal by its label, beside ${JSON.stringify(cloudProvider)}`,
      only: 'v1alpha2' as const,
      labels: METAL,
      spec: { cloudProvider },
    })),
  ],
  invalid: [
    { name: 'missing', spec: { cloudProvider: undefined }, found: CLOUD },
    { name: 'null', spec: { cloudProvider: null }, found: CLOUD },
    { name: 'AWS', only: 'v1alpha2', cloud: 'AWS', found: CLOUD },
    { name: 'gcp, the usual name', only: 'v1alpha2', cloud: 'gcp', found: CLOUD },
    { name: 'do in v1alpha2', only: 'v1alpha2', spec: { cloudProvider: 'do' }, found: CLOUD },
    {
      name: 'digitalocean in v1alpha3',
      only: 'v1alpha3',
      cloud: 'digitalocean',
      found: ['deny kops/cloud-provider spec.cloudProvider.digitalocean'],
    },
    { name: 'metal as a word', only: 'v1alpha2', cloud: 'metal', found: CLOUD },
    {
      name: 'metal as a key',
      only: 'v1alpha3',
      cloud: 'metal',
      found: ['deny kops/cloud-provider spec.cloudProvider.metal'],
    },
    { name: 'metal by its label, and a cloud', labels: METAL, found: CLOUD },
    {
      name: 'metal by its label and as a word',
      only: 'v1alpha2',
      labels: METAL,
      cloud: 'metal',
      found: CLOUD,
    },
    {
      name: 'a label that names something else',
      labels: { 'alpha.kops.k8s.io/cloud': 'Metal' },
      spec: { cloudProvider: undefined },
      found: CLOUD,
    },
    { name: 'a map', only: 'v1alpha2', spec: { cloudProvider: { aws: {} } }, found: CLOUD },
    { name: 'a name', only: 'v1alpha3', spec: { cloudProvider: 'aws' }, found: CLOUD },
    { name: 'an empty map', only: 'v1alpha3', spec: { cloudProvider: {} }, found: CLOUD },
    { name: 'an empty cloud', only: 'v1alpha3', spec: { cloudProvider: { aws: null } }, found: CLOUD },
    { name: 'an unknown cloud', only: 'v1alpha3', cloud: 'gcp', found: CLOUD },
    {
      name: 'two clouds',
      only: 'v1alpha3',
      spec: { cloudProvider: { aws: {}, openstack: {} } },
      found: ['deny kops/cloud-provider spec.cloudProvider.openstack'],
    },
  ],
});

const OTHERS = {
  v1alpha2: ['canal', 'kuberouter', 'amazonvpc', 'cilium', 'gce'],
  v1alpha3: ['canal', 'kubeRouter', 'amazonVPC', 'cilium', 'gcp'],
};
testVersions('one network plugin', {
  valid: [{ name: 'others that are null', networking: { cilium: null, kubenet: null } }],
  invalid: [
    ...VERSIONS.flatMap((only) =>
      OTHERS[only].map((name) => ({
        name: `${name} comes after calico`,
        only,
        networking: { [name]: {} },
        found: [`deny kops/single-cni spec.networking.${name}`],
      })),
    ),

    ...['kubenet', 'external', 'kopeio', 'cni', 'flannel', 'kindnet'].map((name) => ({
      name: `${name} comes before calico`,
      networking: { [name]: {} },
      found: ['deny kops/single-cni spec.networking.calico'],
    })),
    ...VERSIONS.flatMap((only) =>
      ['classic', 'weave', 'romana', 'lyftvpc'].map((name) => ({
        name: `${name} is no more`,
        only,
        networking: { [name]: {} },
        // v1alpha3 still has a field for weave only.
        found: [
          `${only === 'v1alpha2' || name === 'weave' ? 'deny' : 'warn'} kops/single-cni spec.networking.${name}`,
        ],
      })),
    ),
    {
      name: 'fields of v1alpha2, whatever their type',
      only: 'v1alpha3',
      calico: { crossSubnet: 1, majorVersion: 3 },
      found: denied('unknown-field', 'crossSubnet', 'majorVersion'),
    },
    {
      name: 'fields of v1alpha2 of the wrong type',
      only: 'v1alpha2',
      calico: { crossSubnet: 1, majorVersion: 3 },
      found: [
        ...denied('wrong-type', 'crossSubnet', 'majorVersion'),
        ...['crossSubnet', 'majorVersion'].map((name) => `warn kops/deprecated-field calico.${name}`),
      ],
    },
  ],
});

function rangeRows(field: string, values: readonly string[]) {
  return values.map((value) => ({
    name: `${field} ${value}`,
    ranges: { [field]: value },
    found: [`deny kops/cidrs net.${field}`],
  }));
}
testVersions('ranges', {
  valid: [
    ...['do', 'linode'].flatMap((cloud) => [
      { name: `no networkCIDR on ${cloud}`, cloud, ranges: { networkCIDR: undefined } },
      { name: `a network that is there on ${cloud}`, cloud, ranges: { networkCIDR: '', networkID: 'vpc-1' } },
      ...['10.0.0.0/8', '172.31.0.0/16', '192.168.4.0/22'].map((networkCIDR) => ({
        name: `${networkCIDR} on ${cloud}`,
        cloud,
        ranges: { networkCIDR },
      })),
    ]),
    {
      name: 'a network that is not private on Hetzner',
      cloud: 'hetzner',
      ranges: { networkCIDR: '8.8.0.0/16' },
    },
    { name: 'networkCIDR missing on OpenStack', cloud: 'openstack', ranges: { networkCIDR: undefined } },
    {
      name: 'GCE needs no nonMasqueradeCIDR beside the ranges that are cut from it',
      cloud: 'gce',
      ranges: {
        nonMasqueradeCIDR: undefined,
        podCIDR: '100.96.0.0/11',
        serviceClusterIPRange: '100.64.0.0/13',
      },
    },
    {
      name: 'subnets of a further range of the network',
      ranges: {
        additionalNetworkCIDRs: ['10.1.0.0/16'],
        subnets: [{ cidr: '10.1.1.0/24' }, { cidr: '172.20.0.0/24' }],
      },
    },
    {
      name: 'a subnet where no range of the network is written',
      cloud: 'gce',
      ranges: { subnets: [{ cidr: '10.1.0.0/24' }] },
    },
    { name: 'the smallest range of Services', ranges: { serviceClusterIPRange: '100.64.0.0/28' } },
    {
      name: 'a smaller one, with an address for DNS',
      ranges: { serviceClusterIPRange: '100.64.0.0/30' },
      spec: { kubeDNS: { serverIP: '100.64.0.2' } },
    },
    {
      name: 'one address, and a range for pods',
      ranges: {
        nonMasqueradeCIDR: '100.64.0.0/32',
        podCIDR: '100.64.0.0/32',
        serviceClusterIPRange: '10.96.0.0/16',
      },
    },
    {
      name: 'a subnet of an IPv6 cluster',
      ranges: { nonMasqueradeCIDR: '::/0', subnets: [{ cidr: '172.20.1.0/24' }] },
    },
    { name: 'podCIDR inside', ranges: { podCIDR: '100.96.0.0/11' } },
    { name: 'subnets of the network', ranges: { subnets: [{ cidr: '172.20.1.0/24' }, { name: 'a' }] } },
  ],
  invalid: [
    ...rangeRows('networkCIDR', ['10.0.0.1/16']),
    ...rangeRows('nonMasqueradeCIDR', ['100.64.0.1/10']),
    ...rangeRows('podCIDR', ['100.100.0.1/16']),
    ...rangeRows('serviceClusterIPRange', ['100.70.0.1/16']),
    ...['networkCIDR', 'nonMasqueradeCIDR', 'podCIDR', 'serviceClusterIPRange'].flatMap((field) =>
      rangeRows(field, ['100.70.0.0', 'pods', '100.70.0.0/33', '100.70.0.0/16,100.71.0.0/16']),
    ),

    {
      name: 'the first thousand are enough',
      ranges: { additionalNetworkCIDRs: Array.from({ length: 1100 }, () => '100.64.0.0/16') },
      found: Array.from({ length: 1000 }, () => 'deny kops/cidrs net.nonMasqueradeCIDR'),
    },
    {
      name: 'networkCIDR missing beside networkID',
      ranges: { networkCIDR: undefined, networkID: 'vpc-123' },
      found: ['deny kops/cidrs net.networkCIDR'],
    },
    {
      name: 'networkCIDR missing on AWS',
      ranges: { networkCIDR: undefined },
      found: ['warn kops/cidrs net.networkCIDR'],
    },
    {
      name: 'networkCIDR empty on Azure',
      cloud: 'azure',
      ranges: { networkCIDR: '' },
      found: ['warn kops/cidrs net.networkCIDR'],
    },
    ...['do', 'linode'].flatMap((cloud) => [
      ...['8.8.0.0/16', '172.32.0.0/16', '192.169.0.0/16', '11.0.0.0/8'].map((networkCIDR) => ({
        name: `${networkCIDR}, which is not private, on ${cloud}`,
        cloud,
        ranges: { networkCIDR },
        found: ['deny kops/cidrs net.networkCIDR'],
      })),
      {
        name: `networkCIDR beside networkID on ${cloud}`,
        cloud,
        ranges: { networkID: 'vpc-1' },
        found: ['deny kops/cidrs net.networkCIDR'],
      },
    ]),
    {
      name: 'networkCIDR on GCE',
      cloud: 'gce',
      ranges: { networkCIDR: '172.20.0.0/16' },
      found: ['deny kops/cidrs net.networkCIDR'],
    },
    ...[undefined, null, ''].map((nonMasqueradeCIDR) => ({
      name: `nonMasqueradeCIDR is ${JSON.stringify(nonMasqueradeCIDR)}`,
      ranges: { nonMasqueradeCIDR },
      found: ['warn kops/cidrs net.nonMasqueradeCIDR'],
    })),
    {
      name: 'another IPv6 nonMasqueradeCIDR',
      ranges: { nonMasqueradeCIDR: 'fd00::/8' },
      found: ['deny kops/cidrs net.nonMasqueradeCIDR'],
    },
    {
      name: '::/0 in another spelling',
      ranges: { nonMasqueradeCIDR: '0::/0' },
      found: ['deny kops/cidrs net.nonMasqueradeCIDR'],
    },
    {
      name: 'nonMasqueradeCIDR overlaps the network',
      ranges: { nonMasqueradeCIDR: '172.16.0.0/12' },
      found: ['deny kops/cidrs net.nonMasqueradeCIDR'],
    },
    {
      name: 'nonMasqueradeCIDR overlaps a further range of the network',
      ranges: { additionalNetworkCIDRs: ['10.0.0.0/8', '100.100.0.0/16'] },
      found: ['deny kops/cidrs net.nonMasqueradeCIDR'],
    },
    {
      name: 'further ranges of the network outside of AWS',
      cloud: 'openstack',
      ranges: { additionalNetworkCIDRs: ['10.0.0.0/8'] },
      found: ['deny kops/cidrs net.additionalNetworkCIDRs'],
    },
    {
      name: 'a further range that is empty',
      ranges: { additionalNetworkCIDRs: ['10.0.0.0/8', ''] },
      found: ['deny kops/cidrs net.additionalNetworkCIDRs[1]'],
    },
    {
      name: 'no nonMasqueradeCIDR on GCE, and nothing to be cut from it',
      cloud: 'gce',
      ranges: { nonMasqueradeCIDR: undefined, podCIDR: '100.96.0.0/11' },
      found: ['warn kops/cidrs net.nonMasqueradeCIDR'],
    },
    {
      name: 'one address for pods and Services',
      ranges: { nonMasqueradeCIDR: '100.64.0.0/32', serviceClusterIPRange: '10.96.0.0/16' },
      found: ['deny kops/cidrs net.nonMasqueradeCIDR'],
    },
    {
      name: 'no room for the address of DNS',
      ranges: { serviceClusterIPRange: '100.64.0.0/29' },
      found: ['deny kops/cidrs net.serviceClusterIPRange'],
    },
    {
      name: 'subnets outside of the network',
      ranges: { subnets: [{ cidr: '10.1.0.0/24' }, { cidr: '172.20.1.0/24' }, { cidr: '172.0.0.0/8' }] },
      found: ['deny kops/cidrs net.subnets[0].cidr', 'deny kops/cidrs net.subnets[2].cidr'],
    },
    {
      name: 'a subnet in the Services of an IPv6 cluster',
      ranges: {
        nonMasqueradeCIDR: '::/0',
        serviceClusterIPRange: '172.20.1.0/24',
        subnets: [{ cidr: '172.20.1.0/26' }],
      },
      found: ['deny kops/cidrs net.subnets[0].cidr'],
    },
    {
      name: 'a further range that cannot be read',
      ranges: { additionalNetworkCIDRs: ['10.0.0.0/8', 'ten'] },
      found: ['deny kops/cidrs net.additionalNetworkCIDRs[1]'],
    },
    { name: 'podCIDR outside', ranges: { podCIDR: '10.244.0.0/16' }, found: ['deny kops/cidrs net.podCIDR'] },
    {
      name: 'podCIDR larger',
      ranges: { podCIDR: '100.0.0.0/8', serviceClusterIPRange: '10.0.0.0/16' },
      found: ['deny kops/cidrs net.podCIDR'],
    },
    {
      name: 'clusterCIDR outside',
      spec: { kubeControllerManager: { clusterCIDR: '10.244.0.0/16' } },
      found: ['deny kops/cidrs spec.kubeControllerManager.clusterCIDR'],
    },
    {
      name: 'subnets inside the ranges of pods and services',
      cloud: 'gce',
      ranges: { subnets: [{ cidr: '100.100.0.0/16' }, { cidr: '100.65.0.0/16' }, { cidr: 'x' }] },
      found: [
        'deny kops/cidrs net.subnets[0].cidr',
        'deny kops/cidrs net.subnets[1].cidr',
        'deny kops/cidrs net.subnets[2].cidr',
      ],
    },
  ],
});

testVersions('what came with a release of kOps', {
  valid: [
    { name: 'nftablesMode in 1.35', calico: { nftablesMode: 'Enabled' }, versions: { kops: '1.35' } },
    {
      name: 'Linode in 1.36',
      cloud: 'linode',
      ranges: { networkCIDR: undefined },
      versions: { kops: '1.36' },
    },
    { name: 'kindnet, which 1.31 drops', networking: { kindnet: {} }, versions: { kops: '1.31' } },
  ],
  invalid: [
    {
      name: 'nftablesMode, which 1.34 drops',
      calico: { nftablesMode: 'Enabled' },
      versions: { kops: '1.34' },
      found: denied('unknown-field', 'nftablesMode'),
    },
    {
      name: 'Linode before it was there',
      cloud: 'linode',
      ranges: { networkCIDR: undefined },
      versions: { kops: '1.35' },
      found: CLOUD,
    },
    {
      name: 'kindnet in 1.32',
      networking: { kindnet: {} },
      versions: { kops: '1.32' },
      found: ['deny kops/single-cni spec.networking.calico'],
    },
  ],
});

const withSpec = (values: object, rest: Documents = {}): Documents => ({ ...rest, spec: values });

testVersions('addresses beside the ranges', {
  valid: [
    { name: 'the address of the DNS', ...withSpec({ kubeDNS: { serverIP: '100.64.0.10' } }) },
    {
      name: 'of another range',
      ...withSpec(
        { kubeDNS: { serverIP: '100.70.0.10' } },
        { ranges: { serviceClusterIPRange: '100.70.0.0/16' } },
      ),
    },
    {
      name: 'of an IPv6 cluster without a range',
      ...withSpec({ kubeDNS: { serverIP: 'fd00:5e4f:ce::a' } }, { ranges: IPV6 }),
    },
    { name: 'none', ...withSpec({ kubeDNS: { serverIP: '' }, kubeAPIServer: {}, kubeProxy: null }) },
    {
      name: 'the range twice',
      ...withSpec(
        { kubeAPIServer: { serviceClusterIPRange: '100.70.0.0/16' } },
        { ranges: { serviceClusterIPRange: '100.70.0.0/16' } },
      ),
    },
    {
      name: 'ranges for kube-proxy',
      ...withSpec({ kubeProxy: { ipvsExcludeCidrs: ['10.0.0.1/8', 'fd00::/8'] } }),
    },
    {
      name: 'ranges for kube-proxy by the name of v1alpha3, which v1alpha2 does not read',
      only: 'v1alpha2',
      ...withSpec({ kubeProxy: { ipvsExcludeCIDRs: ['10.0.0.1'] } }),
    },
    {
      name: 'IPv6 ranges of subnets',
      ranges: {
        ...IPV6,
        subnets: [{ ipv6CIDR: '/64#0' }, { ipv6CIDR: '/64#1f' }, { ipv6CIDR: '2001:db8::/64' }, {}],
      },
    },
  ],
  invalid: [
    {
      name: 'a DNS apart from the services',
      ...withSpec({ kubeDNS: { serverIP: '10.96.0.10' } }),
      found: ['deny kops/cluster-addresses spec.kubeDNS.serverIP'],
    },
    {
      name: 'a DNS that is no address',
      ...withSpec({ kubeDNS: { serverIP: '100.64.0' } }),
      found: ['deny kops/cluster-addresses spec.kubeDNS.serverIP'],
    },
    {
      name: 'outside of the default range of an IPv6 cluster',
      ...withSpec({ kubeDNS: { serverIP: 'fd00::a' } }, { ranges: IPV6 }),
      found: ['deny kops/cluster-addresses spec.kubeDNS.serverIP'],
    },
    {
      name: 'another range for the API server',
      ...withSpec({ kubeAPIServer: { serviceClusterIPRange: '100.64.0.0/13' } }),
      found: ['deny kops/cluster-addresses spec.kubeAPIServer.serviceClusterIPRange'],
    },
    ...(['v1alpha2', 'v1alpha3'] as const).map((only) => {
      const field = only === 'v1alpha2' ? 'ipvsExcludeCidrs' : 'ipvsExcludeCIDRs';
      return {
        name: 'no range for kube-proxy',
        only,
        ...withSpec({ kubeProxy: { [field]: ['10.0.0.1', ''] } }),
        found: [0, 1].map((index) => `deny kops/cluster-addresses spec.kubeProxy.${field}[${index}]`),
      };
    }),
    {
      name: 'a range of an IPv6 cluster that contains the default range of Services',
      ranges: { ...IPV6, subnets: [{ ipv6CIDR: 'fd00::/8' }] },
      found: ['deny kops/cluster-addresses net.subnets[0].ipv6CIDR'],
    },
    {
      name: 'IPv6 ranges that are none',
      ranges: {
        ...IPV6,
        serviceClusterIPRange: 'fd00:5e4f:ce::/108',
        subnets: ['/64', '/129#0', '/64#G', '10.0.0.0/16', '2001:db8::1/64', 'fd00:5e4f:ce::/64', 'x'].map(
          (ipv6CIDR) => ({ ipv6CIDR }),
        ),
      },
      found: [0, 1, 2, 3, 4, 5, 6].map(
        (index) => `deny kops/cluster-addresses net.subnets[${index}].ipv6CIDR`,
      ),
    },
    {
      name: 'an IPv6 range on another cloud',
      cloud: 'openstack',
      ranges: { subnets: [{ ipv6CIDR: '/64#0' }] },
      found: ['deny kops/cluster-addresses net.subnets[0].ipv6CIDR'],
    },
  ],
});

const GCE = { networkCIDR: undefined };

testVersions('subnets', {
  valid: [
    { name: 'none', ranges: { subnets: null } },
    ...['Public', 'Private', 'Utility'].map((type) => ({ name: type, ranges: { subnets: [{ type }] } })),
    { name: 'DualStack', ranges: { nonMasqueradeCIDR: '::/0', subnets: [{ type: 'DualStack' }] } },
    { name: 'existing ones', ranges: { subnets: [{ id: 'subnet-1' }, { id: 'subnet-2' }] } },
    ...['', 'nat-1', 'External', 'tgw-1'].map((egress) => ({
      name: `egress "${egress}"`,
      ranges: { subnets: [{ egress }] },
    })),
    { name: 'a list without entries where none is needed', cloud: 'hetzner', ranges: { subnets: [] } },
    {
      name: 'a region of GCE',
      cloud: 'gce',
      ranges: { ...GCE, subnets: [{ region: 'us' }, { region: 'us' }] },
    },
  ],
  invalid: [
    { name: 'an empty list', ranges: { subnets: [] }, found: ['deny kops/subnets net.subnets'] },
    ...[null, ''].map((name) => ({
      name: `the name ${JSON.stringify(name)}`,
      ranges: { subnets: [{ name }] },
      found: ['deny kops/subnets net.subnets[0].name'],
    })),
    {
      name: 'a name twice',
      ranges: { subnets: [{ name: 'a' }, { name: 'a' }] },
      found: ['deny kops/subnets net.subnets[1].name'],
    },
    ...['private', '', null, 'DualStack'].map((type) => ({
      name: `the type ${JSON.stringify(type)}`,
      ranges: { subnets: [{ type }] },
      found: ['deny kops/subnets net.subnets[0].type'],
    })),
    {
      name: 'null, which is an empty subnet',
      ranges: { subnets: [null] },
      found: ['deny kops/subnets net.subnets[0].name', 'deny kops/subnets net.subnets[0].type'],
    },
    {
      name: 'an unknown gateway',
      ranges: { subnets: [{ egress: 'igw-1' }] },
      found: ['deny kops/subnets net.subnets[0].egress'],
    },
    {
      name: 'a new one beside one that exists',
      ranges: { subnets: [{ id: 'subnet-1' }, {}] },
      found: ['deny kops/subnets net.subnets[1].id'],
    },
    {
      name: 'regions and zones of GCE',
      cloud: 'gce',
      ranges: { ...GCE, subnets: [{ region: 'us', zone: 'us-a' }, { region: 'eu' }, { region: '' }] },
      found: [
        'deny kops/subnets net.subnets[0].zone',
        'deny kops/subnets net.subnets[1].region',
        'deny kops/subnets net.subnets[2].region',
      ],
    },
  ],
});

testVersions('the version of Kubernetes', {
  valid: ['1.34.0', 'v1.34', '1', ' 1.34.0-rc.1+a ', '01.34.0', null, 'https://example.com/v1.34.0'].map(
    (kubernetesVersion) => ({ name: JSON.stringify(kubernetesVersion), ...withSpec({ kubernetesVersion }) }),
  ),
  invalid: ['latest', '1.34.0.1', '1.34.x', '1.34-rc.1', 'V1.34.0', '-1.34.0', '.34'].map(
    (kubernetesVersion) => ({
      name: kubernetesVersion,
      ...withSpec({ kubernetesVersion }),
      found: ['deny kops/kubernetes-version spec.kubernetesVersion'],
    }),
  ),
});

testVersions('ranges that kOps reads in another way', {
  valid: [
    {
      name: 'an IPv6 cluster with subnets beside its default range of Services',
      ranges: { ...IPV6, subnets: [{ ipv6CIDR: 'fd01::/64' }] },
    },
  ],
  invalid: [
    ...['::ffff:100.96.0.0/112', '::ffff:100.96.0.0/107'].flatMap((podCIDR) =>
      [{}, IPV6].map((ranges) => ({
        name: `pods in ${podCIDR} ${JSON.stringify(ranges)}`,
        ranges: { ...ranges, podCIDR },
        found: ['deny kops/cidrs net.podCIDR'],
      })),
    ),
    {
      name: 'host bits that only the controller manager reads',
      ...withSpec({ kubeControllerManager: { clusterCIDR: '100.96.0.1/11' } }),
      found: ['warn kops/cidrs spec.kubeControllerManager.clusterCIDR'],
    },
    {
      name: 'a subnet in the default range of Services',
      ranges: { ...IPV6, networkCIDR: '', networkID: 'vpc-1', subnets: [{ cidr: 'fd00:5e4f:ce::/108' }] },
      found: ['deny kops/cidrs net.subnets[0].cidr', 'deny kops/cidrs net.networkCIDR'],
    },
  ],
});

testVersions('settings of the cloud', {
  valid: [
    { name: 'none' },
    {
      name: 'a map',
      only: 'v1alpha3',
      ...withSpec({ cloudProvider: { aws: { nodeIPFamilies: ['ipv4'] } } }),
    },
  ],
  invalid: [true, '', []].map((aws) => ({
    name: JSON.stringify(aws),
    only: 'v1alpha3',
    ...withSpec({ cloudProvider: { aws } }),
    found: ['deny kops/cloud-provider spec.cloudProvider.aws'],
  })),
});
