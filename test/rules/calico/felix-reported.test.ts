import { testRule } from '../../support/rule-tester.ts';
import { calico } from './base.ts';

const FELIX = calico('FelixConfiguration');

testRule('calico/felix-ebpf-host-services', 'warn', FELIX, {
  valid: [
    { name: 'one of the two', spec: { bpfEnabled: true, bpfConnectTimeLoadBalancing: 'Disabled' } },
    { name: 'the other', spec: { bpfEnabled: true, bpfHostNetworkedNATWithoutCTLB: 'Disabled' } },
    {
      name: 'no eBPF',
      spec: {
        bpfEnabled: false,
        bpfConnectTimeLoadBalancing: 'Disabled',
        bpfHostNetworkedNATWithoutCTLB: 'Disabled',
      },
    },
    {
      name: 'the new switch wins',
      spec: {
        bpfConnectTimeLoadBalancing: 'TCP',
        bpfConnectTimeLoadBalancingEnabled: false,
        bpfHostNetworkedNATWithoutCTLB: 'Disabled',
      },
    },
    { name: 'other types', spec: { bpfConnectTimeLoadBalancing: [], bpfHostNetworkedNATWithoutCTLB: {} } },
  ],
  invalid: [
    {
      name: 'both off, eBPF switched on elsewhere',
      spec: { bpfConnectTimeLoadBalancing: 'Disabled', bpfHostNetworkedNATWithoutCTLB: 'Disabled' },
      found: ['spec.bpfHostNetworkedNATWithoutCTLB'],
    },
    {
      name: 'the old switch',
      spec: { bpfConnectTimeLoadBalancingEnabled: false, bpfHostNetworkedNATWithoutCTLB: 'Disabled' },
      found: ['spec.bpfHostNetworkedNATWithoutCTLB'],
    },
  ],
});

testRule('calico/felix-deprecated-field', 'warn', FELIX, {
  valid: [
    { name: 'today', spec: { bpfConnectTimeLoadBalancing: 'TCP', routeTableRanges: [{ min: 1, max: 9 }] } },
    { name: 'still as it was', spec: { routeTableRange: { min: 1, max: 250 } } },
    { name: 'null', spec: { bpfConnectTimeLoadBalancingEnabled: null } },
  ],
  invalid: [
    {
      name: 'all of them',
      spec: {
        bpfConnectTimeLoadBalancingEnabled: true,
        bpfKubeProxyEndpointSlicesEnabled: true,
      },
      found: [
        'spec.bpfConnectTimeLoadBalancingEnabled',
        {
          path: 'spec.bpfKubeProxyEndpointSlicesEnabled',
          message: 'deprecated (got true); remove it: EndpointSlices are always used',
        },
      ],
    },
  ],
});

testRule('calico/felix-glob', 'warn', FELIX, {
  valid: [
    { name: 'a pattern', spec: { mtuIfacePattern: '^en.*' } },
    { name: 'a name', spec: { bpfDataIfacePattern: 'eth0' } },
    { name: 'a set of letters', spec: { bpfDataIfacePattern: '^(en|eth)[0-9]*$' } },
    { name: 'no text', spec: { mtuIfacePattern: ['en*'] } },
    { name: 'a list of beginnings, which is no pattern', spec: { interfacePrefix: 'cali*' } },
  ],
  invalid: [
    ...[
      'bpfDataIfacePattern',
      'bpfDisableGROForIfaces',
      'bpfL3IfacePattern',
      'mtuIfacePattern',
      'nftablesFlowTableDataIfacePattern',
    ].map((field) => ({
      name: field,
      spec: { bpfEnabled: true, [field]: 'en*' },
      found: [{ path: `spec.${field}`, got: 'en*', fix: { kind: 'replace', value: '^en.*' } as const }],
    })),
    {
      name: 'with anchors',
      spec: { mtuIfacePattern: '^eth*$' },
      found: [{ path: 'spec.mtuIfacePattern', advice: 'write ^eth.*' }],
    },
  ],
});

testRule('calico/felix-without-effect', 'warn', FELIX, {
  valid: [
    {
      name: 'what the operator and the API server write',
      spec: {
        bpfConnectTimeLoadBalancing: 'TCP',
        bpfEnabled: false,
        bpfHostNetworkedNATWithoutCTLB: 'Enabled',
      },
    },
  ],
  invalid: [
    {
      name: 'the written value',
      spec: { bpfConnectTimeLoadBalancing: 'Disabled', bpfEnabled: false, bpfExternalServiceMode: 'DSR' },
      found: ['spec.bpfConnectTimeLoadBalancing', 'spec.bpfExternalServiceMode'],
    },
  ],
});
