import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../src/policy/field-path.ts';
import { renderMessage } from '../../../src/policy/message.ts';
import { evaluateDocuments } from '../../support/bundle.ts';
import { findAll } from '../../support/found.ts';
import { registry } from '../../support/registry.ts';
import { testRules } from '../../support/rule-tester.ts';
import { INSTALLATION, installation } from './base.ts';

// The findings follow from the operator's own tests (validation_test.go), of its code, and of the CRD.

const v6 = { cidr: '1eef::/64' };
const aws = { cni: { type: 'AmazonVPC', ipam: { type: 'AmazonVPC' } } };
const hostLocal = { cni: { type: 'Calico', ipam: { type: 'HostLocal' } } };
const aks = { kubernetesProvider: 'AKS', cni: { type: 'Calico' } };
const kubeProxyOff = { linuxDataplane: 'BPF', kubeProxyManagement: 'Enabled' };

testRules('pools', INSTALLATION, {
  valid: [
    { name: 'none at all' },
    { name: 'an empty list', net: { ipPools: [] } },
    { name: 'IPv4 with VXLAN', pool: {} },
    { name: 'IPv4 with the default, IP-in-IP', net: { ipPools: [{ cidr: '10.0.0.0/16' }] } },
    ...['VXLAN', 'VXLANCrossSubnet', 'None', undefined].map((encapsulation) => ({
      name: `IPv6 with ${encapsulation}`,
      pool: { ...v6, encapsulation },
    })),
    { name: 'names left out', net: { ipPools: [pool('10.0.0.0/16'), pool('10.1.0.0/16', { name: '' })] } },
    { name: 'both families', net: { ipPools: [pool('10.0.0.0/16'), pool('fd00::/64')] } },
  ],
  invalid: [
    {
      name: 'two pools with one range',
      yaml: `
        apiVersion: operator.tigera.io/v1
        kind: Installation
        metadata:
          name: default
        spec:
          calicoNetwork:
            ipPools:
            - cidr: 10.0.0.0/16
              encapsulation: VXLAN
            - cidr: 10.0.0.0/16
                    ^^^^^^^^^^^
              encapsulation: Vxlan
                             ^^^^^
      `,
      found: [
        'deny tigera/installation-pool-ranges net.ipPools[1].cidr',
        'deny tigera/installation-values net.ipPools[1].encapsulation',
      ],
    },
    ...['IPIP', 'IPIPCrossSubnet'].map((encapsulation) => ({
      name: `IPv6 with ${encapsulation}`,
      pool: { ...v6, encapsulation },
      found: ['deny tigera/installation-encapsulation net.ipPools[0].encapsulation'],
    })),
    {
      name: 'a pool without range',
      net: { ipPools: [{ encapsulation: 'VXLAN' }] },
      found: ['deny tigera/installation-pool-ranges net.ipPools[0].cidr'],
    },
    {
      name: 'an empty range',
      pool: { cidr: '' },
      found: ['deny tigera/installation-pool-ranges net.ipPools[0].cidr'],
    },
    {
      name: 'no range',
      pool: { cidr: '192.168.0.0' },
      found: ['deny tigera/installation-pool-ranges net.ipPools[0].cidr'],
    },
    {
      name: 'bits beyond the prefix, which the operator accepts',
      pool: { cidr: '192.168.1.0/16' },
      found: [
        {
          action: 'warn',
          rule: 'tigera/installation-pool-advice',
          path: 'net.ipPools[0].cidr',
          says: 'write 192.168.0.0/16',
        },
      ],
    },
    {
      name: 'link-local, which the operator accepts',
      pool: { cidr: 'fe80::/64' },
      found: ['warn tigera/installation-pool-advice net.ipPools[0].cidr'],
    },
    {
      name: 'everything, which is link-local as well',
      pool: { cidr: '0.0.0.0/0' },
      found: ['warn tigera/installation-pool-advice net.ipPools[0].cidr'],
    },
    {
      name: 'a range twice',
      net: { ipPools: [pool('10.0.0.0/16'), pool('10.0.0.0/16')] },
      found: ['deny tigera/installation-pool-ranges net.ipPools[1].cidr'],
    },
    {
      name: 'a name twice',
      net: { ipPools: [pool('10.0.0.0/16', { name: 'a' }), pool('10.1.0.0/16', { name: 'a' })] },
      found: ['deny tigera/installation-pool-ranges net.ipPools[1].name'],
    },
    {
      name: 'a range within another',
      net: { ipPools: [pool('10.0.0.0/16'), pool('10.0.128.0/17')] },
      found: ['warn tigera/installation-overlapping-pools net.ipPools[1].cidr'],
    },
    {
      name: 'more than 25',
      net: { ipPools: Array.from({ length: 26 }, (_, index) => pool(`10.${index}.0.0/16`)) },
      found: ['deny tigera/installation-pool-ranges net.ipPools'],
    },
    {
      name: 'a selector that cannot be read',
      pool: { nodeSelector: 'zone = a' },
      found: ['deny tigera/installation-selector net.ipPools[0].nodeSelector'],
    },
    {
      name: 'global() in a selector',
      pool: { nodeSelector: 'global()' },
      found: ['deny tigera/installation-selector net.ipPools[0].nodeSelector'],
    },
    {
      name: 'a word that is none, in each field of a pool',
      pool: { encapsulation: 'Vxlan', natOutgoing: 'true', assignmentMode: 'Auto', allowedUses: ['Pods'] },
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-values',
          path: 'net.ipPools[0].encapsulation',
          says: 'did you mean VXLAN?',
        },
        'deny tigera/installation-values net.ipPools[0].natOutgoing',
        'deny tigera/installation-values net.ipPools[0].assignmentMode',
        'deny tigera/installation-values net.ipPools[0].allowedUses[0]',
      ],
    },
  ],
});

testRules('blocks', INSTALLATION, {
  valid: [
    ...[20, 26, 32].map((blockSize) => ({ name: `IPv4 /${blockSize}`, pool: { blockSize } })),
    ...[116, 122, 128].map((blockSize) => ({ name: `IPv6 /${blockSize}`, pool: { ...v6, blockSize } })),
    { name: 'a pool as large as its block', pool: { cidr: '192.168.0.0/26', blockSize: 26 } },
  ],
  invalid: [
    ...[19, 33, 0, -1].map((blockSize) => ({
      name: `IPv4 /${blockSize}`,
      pool: { blockSize },
      found: ['deny tigera/installation-block-size net.ipPools[0].blockSize'],
    })),
    ...[26, 115, 129].map((blockSize) => ({
      name: `IPv6 /${blockSize}`,
      pool: { ...v6, blockSize },
      found: ['deny tigera/installation-block-size net.ipPools[0].blockSize'],
    })),
    {
      name: 'a pool smaller than its block',
      pool: { cidr: '192.168.0.0/27', blockSize: 26 },
      found: ['deny tigera/installation-block-size net.ipPools[0].cidr'],
    },
    {
      name: 'a pool smaller than the default block',
      pool: { cidr: '192.168.0.0/27' },
      found: ['deny tigera/installation-block-size net.ipPools[0].cidr'],
    },
    {
      name: 'an IPv6 pool smaller than the default block',
      pool: { cidr: 'fd00::/124' },
      found: ['deny tigera/installation-block-size net.ipPools[0].cidr'],
    },
  ],
});

testRules('pools for load balancers', INSTALLATION, {
  valid: [
    { name: 'as they should be', pool: { allowedUses: ['LoadBalancer'], encapsulation: 'None' } },
    { name: 'and other uses', pool: { allowedUses: ['Workload', 'Tunnel'] } },
  ],
  invalid: [
    {
      name: 'with another use',
      pool: { allowedUses: ['LoadBalancer', 'Workload'], encapsulation: 'None' },
      found: ['deny tigera/installation-load-balancer-pools net.ipPools[0].allowedUses'],
    },
    {
      name: 'with the default encapsulation',
      pool: { allowedUses: ['LoadBalancer'], encapsulation: undefined },
      found: ['deny tigera/installation-load-balancer-pools net.ipPools[0].encapsulation'],
    },
    {
      name: 'with everything that they must not have',
      pool: {
        allowedUses: ['LoadBalancer'],
        encapsulation: 'VXLAN',
        nodeSelector: 'has(a)',
        disableBGPExport: true,
      },
      found: [
        'deny tigera/installation-load-balancer-pools net.ipPools[0].disableBGPExport',
        'deny tigera/installation-load-balancer-pools net.ipPools[0].encapsulation',
        'deny tigera/installation-load-balancer-pools net.ipPools[0].nodeSelector',
      ],
    },
  ],
});

testRules('BGP and routes', INSTALLATION, {
  valid: [
    ...['IPIP', 'IPIPCrossSubnet'].flatMap((encapsulation) => [
      {
        name: `${encapsulation}, BGP off, FelixIPIPOnly`,
        net: { bgp: 'Disabled', clusterRoutingMode: 'FelixIPIPOnly' },
        pool: { encapsulation },
      },
      {
        name: `${encapsulation}, BGP off, Felix`,
        net: { bgp: 'Disabled', clusterRoutingMode: 'Felix' },
        pool: { encapsulation },
      },
      { name: `${encapsulation}, BGP on`, net: { bgp: 'Enabled' }, pool: { encapsulation } },
      {
        name: `${encapsulation}, BGP on, BIRD`,
        net: { bgp: 'Enabled', clusterRoutingMode: 'BIRD' },
        pool: { encapsulation },
      },
    ]),
    {
      name: 'None, BGP off, Felix',
      net: { bgp: 'Disabled', clusterRoutingMode: 'Felix' },
      pool: { encapsulation: 'None' },
    },
    { name: 'None, BGP on by default', pool: { encapsulation: 'None' } },
    { name: 'VXLAN, BGP off', net: { bgp: 'Disabled' }, pool: {} },
    {
      name: 'HostLocal, None, BGP off',
      spec: hostLocal,
      net: { bgp: 'Disabled' },
      pool: { encapsulation: 'None' },
    },
    {
      name: 'HostLocal, IPIP, BGP off',
      spec: hostLocal,
      net: { bgp: 'Disabled' },
      pool: { encapsulation: 'IPIP' },
    },
  ],
  invalid: [
    ...['IPIP', 'IPIPCrossSubnet'].flatMap((encapsulation) => [
      {
        name: `${encapsulation}, BGP off, BIRD`,
        net: { bgp: 'Disabled', clusterRoutingMode: 'BIRD' },
        pool: { encapsulation },
        found: ['deny tigera/installation-bgp net.bgp'],
      },
      {
        name: `${encapsulation}, BGP off, nothing set: Calico 3.33 accepts it`,
        net: { bgp: 'Disabled' },
        pool: { encapsulation },
        found: ['warn tigera/installation-ipip-without-bgp net.bgp'],
      },
    ]),
    ...['BIRD', 'FelixIPIPOnly', undefined].map((clusterRoutingMode) => ({
      name: `None, BGP off, ${clusterRoutingMode}`,
      net: { bgp: 'Disabled', clusterRoutingMode },
      pool: { encapsulation: 'None' },
      found: ['deny tigera/installation-bgp net.bgp'],
    })),
    {
      name: 'BGP off by default on EKS',
      spec: { kubernetesProvider: 'EKS', cni: { type: 'Calico' } },
      pool: { encapsulation: 'None' },
      found: ['deny tigera/installation-bgp net.bgp'],
    },
    ...['VXLAN', 'VXLANCrossSubnet'].map((encapsulation) => ({
      name: `HostLocal, ${encapsulation}`,
      spec: hostLocal,
      pool: { encapsulation },
      found: ['deny tigera/installation-encapsulation net.ipPools[0].encapsulation'],
    })),
  ],
});

testRules('CNI plugins', INSTALLATION, {
  valid: [
    { name: 'AmazonVPC on EKS', spec: { ...aws, kubernetesProvider: 'EKS' }, net: {} },
    { name: 'AmazonVPC anywhere', spec: aws },
    { name: 'blocks that are null', spec: { cni: { type: 'Calico', ipam: null } } },
    ...[
      { type: 'GKE', good: 'HostLocal' },
      { type: 'AmazonVPC', good: 'AmazonVPC' },
      { type: 'AzureVNET', good: 'AzureVNET' },
    ].flatMap(({ type, good }) => [
      { name: `${type} with ${good}`, spec: { cni: { type, ipam: { type: good } } }, net: {} },
      { name: `${type} with its default`, spec: { cni: { type } } },
      {
        name: `${type} with a pool`,
        spec: { cni: { type } },
        pool: { encapsulation: 'None', nodeSelector: 'all()' },
      },
      {
        name: `${type} with a pool of defaults`,
        spec: { cni: { type } },
        pool: { encapsulation: undefined },
      },
      {
        name: `${type} with BGP and no pool, which the operator accepts`,
        spec: { cni: { type } },
        net: { bgp: 'Enabled' },
      },
      { name: `${type} without host ports`, spec: { cni: { type } }, net: { hostPorts: 'Disabled' } },
    ]),
    {
      name: 'settings of the Calico plugin',
      spec: {
        cni: { type: 'Calico', specVersion: '0.3.1', installMode: 'CalicoOnly' },
        logging: { cni: {} },
      },
      net: { hostPorts: 'Enabled', multiInterfaceMode: 'Multus', linuxPodInterfaceType: 'Netkit' },
    },
  ],
  invalid: [
    {
      name: 'GKE on EKS',
      spec: { kubernetesProvider: 'EKS', cni: { type: 'GKE', ipam: { type: 'HostLocal' } } },
      found: ['deny tigera/installation-cni spec.cni.type'],
    },
    {
      name: 'AzureVNET on EKS',
      spec: { kubernetesProvider: 'EKS', cni: { type: 'AzureVNET', ipam: { type: 'AzureVNET' } } },
      found: ['deny tigera/installation-cni spec.cni.type'],
    },
    ...[{}, { type: null }].map((type) => ({
      name: `no plugin beside ${JSON.stringify(type)}`,
      spec: { cni: { ...type, ipam: { type: 'Calico' } } },
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-cni',
          path: 'spec.cni.type',
          says: 'the CNI plugin is missing',
        },
      ],
    })),
    {
      name: 'no IPAM plugin in its block',
      spec: { cni: { type: 'Calico', ipam: {} } },
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-cni',
          path: 'spec.cni.ipam.type',
          says: 'the IPAM plugin is missing',
        },
      ],
    },
    ...['AmazonVPC', 'AzureVNET'].map((type) => ({
      name: `Calico with the IPAM plugin ${type}`,
      spec: { cni: { type: 'Calico', ipam: { type } } },
      found: ['deny tigera/installation-cni spec.cni.ipam.type'],
    })),
    ...['GKE', 'AmazonVPC', 'AzureVNET'].flatMap((type) => [
      {
        name: `${type} with the IPAM plugin Calico`,
        spec: { cni: { type, ipam: { type: 'Calico' } } },
        found: ['deny tigera/installation-cni spec.cni.ipam.type'],
      },
      {
        name: `${type} with IPIP`,
        spec: { cni: { type } },
        pool: { encapsulation: 'IPIP' },
        found: ['deny tigera/installation-encapsulation net.ipPools[0].encapsulation'],
      },
      {
        name: `${type} with a pool for some nodes`,
        spec: { cni: { type } },
        pool: { encapsulation: 'None', nodeSelector: 'has(a)' },
        found: ['deny tigera/installation-encapsulation net.ipPools[0].nodeSelector'],
      },
      {
        name: `${type} with BGP and a pool`,
        spec: { cni: { type } },
        net: { bgp: 'Enabled' },
        pool: { encapsulation: 'None' },
        found: ['deny tigera/installation-bgp net.bgp'],
      },
      {
        name: `${type} with settings of the Calico plugin`,
        spec: { cni: { type, specVersion: '1.0.0' }, logging: { cni: {} } },
        net: {
          hostPorts: 'Enabled',
          multiInterfaceMode: 'Multus',
          containerIPForwarding: 'Enabled',
          linuxPodInterfaceType: 'Veth',
        },
        found: [
          'deny tigera/installation-calico-cni-only spec.cni.specVersion',
          'deny tigera/installation-calico-cni-only net.hostPorts',
          'deny tigera/installation-calico-cni-only net.multiInterfaceMode',
          'deny tigera/installation-calico-cni-only net.containerIPForwarding',
          'deny tigera/installation-calico-cni-only net.linuxPodInterfaceType',
          'deny tigera/installation-calico-cni-only spec.logging.cni',
        ],
      },
    ]),
    {
      name: 'the plugin of the provider where none is written',
      spec: { kubernetesProvider: 'GKE' },
      net: { hostPorts: 'Enabled' },
      found: ['deny tigera/installation-calico-cni-only net.hostPorts'],
    },
    {
      name: 'an unknown plugin is reported once',
      spec: { cni: { type: 'calico' } },
      net: { hostPorts: 'Enabled', bgp: 'Enabled' },
      pool: {},
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-values',
          path: 'spec.cni.type',
          says: 'did you mean Calico?',
        },
      ],
    },
  ],
});

testRules('autodetection', INSTALLATION, {
  valid: [
    ...[
      {},
      { firstFound: true },
      { interface: 'eth0' },
      { skipInterface: 'docker.*' },
      { canReach: '8.8.8.8' },
      { cidrs: ['10.0.0.0/8'] },
      { kubernetes: 'NodeInternalIP' },
      { firstFound: false, interface: 'eth0' },
      { interface: '', canReach: '8.8.8.8' },
      { interface: 'eth.*, ens.*' },
    ].map((methods) => ({ name: JSON.stringify(methods), net: { nodeAddressAutodetectionV4: methods } })),

    {
      name: 'eBPF with IPv6 and addresses',
      net: { ...kubeProxyOff, nodeAddressAutodetectionV6: { canReach: '2001:4860:4860::8888' } },
      pool: v6,
    },
    { name: 'eBPF with IPv4, where the operator fills it in', net: kubeProxyOff, pool: {} },
    { name: 'IPv6 without eBPF', net: { linuxDataplane: 'Iptables' }, pool: v6 },
  ],
  invalid: [
    ...[
      { firstFound: true, interface: 'eth0' },
      { interface: 'eth0', canReach: '8.8.8.8' },
      { kubernetes: 'NodeInternalIP', cidrs: ['10.0.0.0/8'] },
      { firstFound: true, interface: 'eth0', canReach: '8.8.8.8' },
      { skipInterface: 'docker.*', canReach: '8.8.8.8' },
      { canReach: '8.8.8.8', kubernetes: 'NodeInternalIP' },
    ].flatMap((methods) =>
      ['V4', 'V6'].map((family) => ({
        name: `${family} ${JSON.stringify(methods)}`,
        net: { [`nodeAddressAutodetection${family}`]: methods },
        found: [`deny tigera/installation-autodetection net.nodeAddressAutodetection${family}`],
      })),
    ),

    {
      name: 'a range that is none',
      net: { nodeAddressAutodetectionV4: { cidrs: ['10.0.0.0/8', '10.0.0.0'] } },
      found: ['deny tigera/installation-autodetection net.nodeAddressAutodetectionV4.cidrs[1]'],
    },
    {
      name: 'a pattern that does not compile',
      net: { nodeAddressAutodetectionV4: { skipInterface: 'docker.*,(' } },
      found: ['deny tigera/installation-autodetection net.nodeAddressAutodetectionV4.skipInterface'],
    },
    {
      name: 'a method that is none',
      net: { nodeAddressAutodetectionV4: { kubernetes: 'InternalIP' } },
      found: ['deny tigera/installation-values net.nodeAddressAutodetectionV4.kubernetes'],
    },
    {
      name: 'eBPF with IPv6 and no IPv6 addresses',
      net: kubeProxyOff,
      pool: v6,
      found: ['deny tigera/installation-autodetection net.nodeAddressAutodetectionV6'],
    },
  ],
});

testRules('dataplanes', INSTALLATION, {
  valid: [
    { name: 'VPP', net: { linuxDataplane: 'VPP', bgp: 'Enabled' } },
    { name: 'VPP with BGP by default', net: { linuxDataplane: 'VPP' } },
    { name: 'VPP with host ports', net: { linuxDataplane: 'VPP', hostPorts: 'Enabled' } },
    {
      name: 'eBPF without host ports, and with the plugin of a cloud',
      spec: aws,
      net: { ...kubeProxyOff, bgp: 'Disabled', hostPorts: 'Disabled' },
    },
    { name: 'no bootstrap of eBPF without eBPF', net: { bpfNetworkBootstrap: 'Disabled' } },
    { name: 'kube-proxy managed without eBPF', net: { kubeProxyManagement: 'Enabled' } },
    {
      name: 'eBPF on OpenShift, which has its own switch',
      spec: { kubernetesProvider: 'OpenShift' },
      net: { linuxDataplane: 'BPF' },
    },
    { name: 'a wait without dataplane, which is Iptables', net: { linuxPolicySetupTimeoutSeconds: 5 } },
    ...['Iptables', 'Nftables'].map((linuxDataplane) => ({
      name: `a wait with ${linuxDataplane}`,
      net: { linuxDataplane, linuxPolicySetupTimeoutSeconds: 0 },
    })),
    { name: 'a wait with BPF', net: { ...kubeProxyOff, linuxPolicySetupTimeoutSeconds: 5 } },
  ],
  invalid: [
    {
      name: 'a setting that is missing is marked at the key above it',
      yaml: `
        apiVersion: operator.tigera.io/v1
        kind: Installation
        metadata:
          name: default
        spec:
          calicoNetwork:
          ^^^^^^^^^^^^^
            linuxDataplane: BPF
      `,
      found: ['warn tigera/installation-ebpf-with-kube-proxy net.kubeProxyManagement'],
    },
    {
      name: 'VPP and Calico Enterprise',
      spec: { variant: 'TigeraSecureEnterprise' },
      net: { linuxDataplane: 'VPP', bgp: 'Enabled' },
      found: ['deny tigera/installation-vpp spec.variant'],
    },
    {
      name: 'VPP with another plugin',
      spec: aws,
      net: { linuxDataplane: 'VPP', bgp: 'Enabled' },
      found: ['deny tigera/installation-vpp spec.cni.type'],
    },
    {
      name: 'VPP without BGP',
      net: { linuxDataplane: 'VPP', bgp: 'Disabled' },
      found: ['deny tigera/installation-vpp net.bgp', 'warn tigera/installation-ipip-without-bgp net.bgp'],
    },
    {
      name: 'VPP on EKS, where BGP is off by default',
      spec: { kubernetesProvider: 'EKS', cni: { type: 'Calico' } },
      net: { linuxDataplane: 'VPP' },
      found: ['deny tigera/installation-vpp net.bgp'],
    },
    {
      name: 'VPP without host ports',
      net: { linuxDataplane: 'VPP', hostPorts: 'Disabled' },
      found: ['deny tigera/installation-vpp net.hostPorts'],
    },
    {
      name: 'the bootstrap of eBPF without eBPF',
      net: { bpfNetworkBootstrap: 'Enabled' },
      found: ['deny tigera/installation-bpf-bootstrap net.bpfNetworkBootstrap'],
    },
    {
      name: 'eBPF, and nothing switches kube-proxy off',
      net: { linuxDataplane: 'BPF' },
      found: ['warn tigera/installation-ebpf-with-kube-proxy net.kubeProxyManagement'],
    },
    {
      name: 'eBPF, and the operator leaves kube-proxy alone',
      net: { linuxDataplane: 'BPF', kubeProxyManagement: 'Disabled' },
      found: ['warn tigera/installation-ebpf-with-kube-proxy net.kubeProxyManagement'],
    },
    {
      name: 'a negative wait',
      net: { linuxDataplane: 'Iptables', linuxPolicySetupTimeoutSeconds: -1 },
      found: ['deny tigera/installation-policy-setup-timeout net.linuxPolicySetupTimeoutSeconds'],
    },
    {
      name: 'a wait with VPP',
      net: { linuxDataplane: 'VPP', linuxPolicySetupTimeoutSeconds: 5 },
      found: ['deny tigera/installation-policy-setup-timeout net.linuxPolicySetupTimeoutSeconds'],
    },
  ],
});

const windows = { windowsDataplane: 'HNS', bgp: 'Disabled' };
const services = { serviceCIDRs: ['10.96.0.0/12'] };

testRules('Windows', INSTALLATION, {
  valid: [
    { name: 'VXLAN', spec: services, net: windows, pool: {} },
    { name: 'None', spec: services, net: { windowsDataplane: 'HNS' }, pool: { encapsulation: 'None' } },
    {
      name: 'the plugin of a cloud, which needs neither',
      spec: { cni: { type: 'AzureVNET' } },
      net: windows,
      pool: { encapsulation: 'None' },
    },
    { name: 'settings of Windows nodes', spec: { ...services, windowsNodes: {} }, net: windows, pool: {} },
    {
      name: 'IPv6 beside',
      spec: services,
      net: { ...windows, ipPools: [pool('10.0.0.0/16'), pool('fd00::/64')] },
    },
  ],
  invalid: [
    ...['IPIP', 'IPIPCrossSubnet', 'VXLANCrossSubnet', undefined].map((encapsulation) => ({
      name: `${encapsulation}`,
      spec: services,
      net: { windowsDataplane: 'HNS', bgp: 'Enabled' },
      pool: { encapsulation },
      found: ['deny tigera/installation-windows net.ipPools[0].encapsulation'],
    })),
    ...[undefined, []].map((serviceCIDRs) => ({
      name: `Services in ${JSON.stringify(serviceCIDRs)}`,
      spec: { serviceCIDRs },
      net: windows,
      pool: {},
      found: ['deny tigera/installation-windows spec.serviceCIDRs'],
    })),
    {
      name: 'settings of Windows nodes without them',
      spec: { windowsNodes: {} },
      net: { windowsDataplane: 'Disabled' },
      found: ['deny tigera/installation-windows spec.windowsNodes'],
    },
  ],
});

testRules('everything else', INSTALLATION, {
  valid: [
    { name: 'absolute paths', spec: { flexVolumePath: '/a', kubeletVolumePluginPath: '/some/abs/path' } },
    { name: 'no paths', spec: { flexVolumePath: 'None', kubeletVolumePluginPath: 'None' } },
    {
      name: 'control plane on Linux',
      spec: { controlPlaneNodeSelector: { 'kubernetes.io/os': 'linux', a: 'b' } },
    },
    { name: 'one replica', spec: { controlPlaneReplicas: 1 } },
    {
      name: 'a strategy without type',
      spec: { nodeUpdateStrategy: { rollingUpdate: { maxUnavailable: 1 } } },
    },
    {
      name: 'without privileges, before 3.32',
      spec: { nonPrivileged: 'Enabled' },
      versions: { calico: '3.31' },
    },
    { name: 'FIPS, before 3.33', spec: { fipsMode: 'Enabled' }, versions: { calico: '3.32' } },
    { name: 'neither', spec: { nonPrivileged: 'Disabled', fipsMode: 'Disabled' } },
    { name: 'azure on AKS', spec: { ...aks, azure: { policyMode: 'Manual' } }, net: { ipPools: [] } },
    ...['', null].map((kubernetesProvider) => ({
      name: `a provider that is ${JSON.stringify(kubernetesProvider)}`,
      spec: { kubernetesProvider },
    })),
    {
      name: 'limits of logs',
      spec: {
        logging: {
          cni: { logFileMaxSize: '100Mi', logFileMaxAgeDays: 30, logFileMaxCount: 10, logSeverity: 'Info' },
        },
      },
    },
  ],
  invalid: [
    {
      name: 'a block is marked at its key',
      yaml: `
        apiVersion: operator.tigera.io/v1
        kind: Installation
        metadata:
          name: default
        spec:
          azure:
          ^^^^^
            policyMode: Manual
      `,
      found: ['deny tigera/installation-azure spec.azure'],
    },
    {
      name: 'a relative path',
      spec: { flexVolumePath: 'foo/bar' },
      found: ['deny tigera/installation-paths spec.flexVolumePath'],
    },
    {
      name: 'a relative path of the kubelet',
      spec: { kubeletVolumePluginPath: 'relative/path' },
      found: ['deny tigera/installation-paths spec.kubeletVolumePluginPath'],
    },
    {
      name: 'control plane on Windows',
      spec: {
        controlPlaneNodeSelector: { 'kubernetes.io/os': 'windows', 'beta.kubernetes.io/os': 'windows' },
      },
      found: [
        'deny tigera/installation-control-plane spec.controlPlaneNodeSelector.kubernetes.io/os',
        'deny tigera/installation-control-plane spec.controlPlaneNodeSelector.beta.kubernetes.io/os',
      ],
    },
    ...[-1, 0].map((controlPlaneReplicas) => ({
      name: `${controlPlaneReplicas} replicas`,
      spec: { controlPlaneReplicas },
      found: ['deny tigera/installation-control-plane spec.controlPlaneReplicas'],
    })),
    {
      name: 'another strategy',
      spec: { nodeUpdateStrategy: { type: 'OnDelete' } },
      found: ['deny tigera/installation-control-plane spec.nodeUpdateStrategy.type'],
    },
    {
      name: 'without privileges',
      spec: { nonPrivileged: 'Enabled' },
      found: ['deny tigera/installation-removed-setting spec.nonPrivileged'],
    },
    {
      name: 'FIPS',
      spec: { fipsMode: 'Enabled' },
      found: [
        {
          action: 'warn',
          rule: 'tigera/installation-removed-setting',
          path: 'spec.fipsMode',
          says: 'Calico 3.33, which is not released yet, no longer has this setting (got "Enabled"); remove it before you upgrade',
        },
      ],
    },
    {
      name: 'FIPS, in 3.33',
      spec: { fipsMode: 'Enabled' },
      versions: { calico: '3.33' },
      found: [
        {
          action: 'deny',
          rule: 'tigera/installation-removed-setting',
          path: 'spec.fipsMode',
          says: 'Calico 3.33 and later no longer have this setting',
        },
      ],
    },
    {
      name: 'FIPS in Calico Enterprise',
      spec: { fipsMode: 'Enabled', variant: 'TigeraSecureEnterprise' },
      versions: { calico: '3.31' },
      found: ['deny tigera/installation-removed-setting spec.fipsMode'],
    },
    {
      name: 'azure elsewhere',
      spec: { azure: { policyMode: 'Manual' } },
      found: ['deny tigera/installation-azure spec.azure'],
    },
    {
      name: 'a component that is none',
      spec: { componentResources: [{ componentName: 'Nodes', resourceRequirements: {} }] },
      found: [
        'deny tigera/installation-values spec.componentResources[0].componentName',
        'warn tigera/installation-deprecated-field spec.componentResources',
      ],
    },
    ...['NodeWindows', 'FelixWindows', 'ConfdWindows'].map((componentName) => ({
      name: `${componentName}, which the CRD accepts`,
      spec: { componentResources: ['Node', componentName].map(toResources) },
      found: [
        {
          action: 'warn',
          rule: 'tigera/installation-values',
          path: 'spec.componentResources[1].componentName',
          says: `the CRD accepts this word, but the operator rejects it (got "${componentName}"); use calicoNodeWindowsDaemonSet`,
        },
        'warn tigera/installation-deprecated-field spec.componentResources',
      ],
    })),
    {
      name: 'words of the wrong type, which another rule reports',
      spec: { variant: 7, componentResources: [{ componentName: true }, null, 'Node'] },
      found: [
        'deny tigera/installation-wrong-type spec.variant',
        'deny tigera/installation-missing-field spec.componentResources[0].resourceRequirements',
        'deny tigera/installation-wrong-type spec.componentResources[0].componentName',
        'deny tigera/installation-wrong-type spec.componentResources[1]',
        'deny tigera/installation-wrong-type spec.componentResources[2]',
        'warn tigera/installation-deprecated-field spec.componentResources',
      ],
    },
    {
      name: 'a kernel setting that is not allowed',
      net: {
        sysctl: [
          { key: 'net.ipv4.tcp_keepalive_time', value: '40' },
          { key: 'net.ipv4.x', value: '1' },
        ],
      },
      found: ['deny tigera/installation-values net.sysctl[1].key'],
    },
    ...['1', '0', '-1', '1M', '0Mi', '-1Ki', 'Mi', 1].map((logFileMaxSize) => ({
      name: `logs of ${logFileMaxSize}`,
      spec: { logging: { cni: { logFileMaxSize } } },
      found: ['deny tigera/installation-logging spec.logging.cni.logFileMaxSize'],
    })),
    {
      name: 'no logs',
      spec: { logging: { cni: { logFileMaxAgeDays: 0, logFileMaxCount: -1 } } },
      found: [
        'deny tigera/installation-logging spec.logging.cni.logFileMaxAgeDays',
        'deny tigera/installation-logging spec.logging.cni.logFileMaxCount',
      ],
    },
    {
      name: 'a field that is none',
      net: { mtus: 1440 },
      found: [
        {
          action: 'warn',
          rule: 'tigera/installation-unknown-field',
          path: 'net.mtus',
          says: 'did you mean mtu?',
        },
      ],
    },
    { name: 'a wrong type', net: { mtu: '1440' }, found: ['deny tigera/installation-wrong-type net.mtu'] },
    {
      name: 'a pool among the Services',
      spec: services,
      pool: { cidr: '10.96.0.0/16' },
      found: ['deny tigera/installation-service-cidrs net.ipPools[0].cidr'],
    },
    {
      name: 'Services that are no range',
      spec: { serviceCIDRs: ['10.96.0.0'] },
      found: ['warn tigera/installation-service-cidrs spec.serviceCIDRs[0]'],
    },
  ],
});

function onEks({ mtu, pool: written }: { mtu: number; pool: object }) {
  return {
    name: `${mtu} on EKS`,
    spec: { kubernetesProvider: 'EKS', cni: { type: 'Calico' } },
    net: { mtu },
    pool: written,
  };
}

testRules('MTU', INSTALLATION, {
  valid: [
    ...[0, 1280, 1440, 9000, 9216].map((mtu) => ({ name: `${mtu}`, net: { mtu } })),
    ...[
      { mtu: 8951, pool: {} },
      { mtu: 8931, pool: v6 },
    ].map(onEks),
  ],
  invalid: [
    ...[-1, 2 ** 31].map((mtu) => ({
      name: `${mtu}`,
      net: { mtu },
      found: ['deny tigera/installation-mtu net.mtu'],
    })),
    ...[1, 576, 1279, 9217].map((mtu) => ({
      name: `${mtu}`,
      net: { mtu },
      found: ['warn tigera/installation-unusual-mtu net.mtu'],
    })),
    ...[
      { mtu: 8952, pool: {} },
      { mtu: 8932, pool: v6 },
    ].map((row) => ({ ...onEks(row), found: ['warn tigera/installation-unusual-mtu net.mtu'] })),
  ],
});

testRules('Azure and IP-in-IP', INSTALLATION, {
  valid: [
    { name: 'as Calico documents it', spec: aks, net: { bgp: 'Disabled' }, pool: {} },
    { name: 'pools made elsewhere', spec: aks, net: { ipPools: [] } },
    { name: 'the plugin of Azure', spec: { kubernetesProvider: 'AKS' } },
  ],
  invalid: [
    {
      name: 'IPIP',
      spec: aks,
      pool: { encapsulation: 'IPIP' },
      found: ['deny tigera/installation-azure-ipip net.ipPools[0].encapsulation'],
    },
    {
      name: 'IPIP by default',
      spec: aks,
      pool: { encapsulation: undefined },
      found: ['deny tigera/installation-azure-ipip net.ipPools[0].encapsulation'],
    },
    {
      name: 'IPIP between subnets',
      spec: aks,
      pool: { encapsulation: 'IPIPCrossSubnet' },
      found: ['warn tigera/installation-azure-ipip-cross-subnet net.ipPools[0].encapsulation'],
    },
    {
      name: 'no pool written',
      spec: aks,
      found: ['warn tigera/installation-azure-ipip-cross-subnet net.ipPools'],
    },
  ],
});

testRules('updates', INSTALLATION, {
  valid: [
    { name: 'of nothing', net: { mtu: 1440 }, old: { net: { mtu: 1440 } } },
    { name: 'that fill in a default', net: { bgp: 'Enabled' }, pool: {}, old: { pool: {} } },
    {
      name: 'that add a pool and change the order',
      net: { ipPools: [pool('10.0.0.0/16'), pool('192.168.0.0/16')] },
      old: { pool: {} },
    },
  ],
  invalid: [
    {
      name: 'of the block size',
      old: `
        apiVersion: operator.tigera.io/v1
        kind: Installation
        metadata:
          name: default
        spec:
          calicoNetwork:
            ipPools:
            - cidr: 10.0.0.0/16
              encapsulation: VXLAN
      `,
      yaml: `
        apiVersion: operator.tigera.io/v1
        kind: Installation
        metadata:
          name: default
        spec:
          calicoNetwork:
            ipPools:
            - cidr: 10.0.0.0/16
              encapsulation: VXLAN
              blockSize: 28
                         ^^
      `,
      found: ['warn tigera/installation-disruptive-change net.ipPools[0].blockSize'],
    },
    {
      name: 'of the dataplane',
      net: kubeProxyOff,
      old: { net: { linuxDataplane: 'Iptables' } },
      found: ['warn tigera/installation-disruptive-change net.linuxDataplane'],
    },
    {
      name: 'of BGP',
      net: { bgp: 'Disabled' },
      pool: {},
      old: { pool: {} },
      found: ['warn tigera/installation-disruptive-change net.bgp'],
    },
    {
      name: 'of the CNI plugin, and all that comes with it',
      spec: { cni: { type: 'Calico' }, kubernetesProvider: 'GKE' },
      old: { spec: { kubernetesProvider: 'GKE' } },
      found: [
        'warn tigera/installation-disruptive-change spec.cni.type',
        'warn tigera/installation-disruptive-change spec.cni.ipam.type',
        'warn tigera/installation-disruptive-change net.bgp',
      ],
    },
    {
      name: 'of the encapsulation',
      pool: { encapsulation: 'VXLAN' },
      old: { pool: { encapsulation: undefined } },
      found: ['warn tigera/installation-disruptive-change net.ipPools[0].encapsulation'],
    },
    {
      name: 'of the range',
      pool: { name: 'a', cidr: '10.0.0.0/16' },
      old: { pool: { name: 'a' } },
      found: ['warn tigera/installation-disruptive-change net.ipPools[0].cidr'],
    },
    {
      name: 'of the block size',
      pool: { blockSize: 28 },
      old: { pool: {} },
      found: ['warn tigera/installation-disruptive-change net.ipPools[0].blockSize'],
    },
    {
      name: 'that remove a pool',
      net: { ipPools: [] },
      old: { pool: {} },
      found: ['warn tigera/installation-disruptive-change net.ipPools'],
    },
    {
      name: 'of the MTU',
      net: { mtu: 1440 },
      old: {},
      found: ['warn tigera/installation-disruptive-change net.mtu'],
    },
    {
      name: 'beside an old mistake, which is known',
      net: { mtu: 1440, bgp: 'enabled' },
      old: { net: { mtu: 1440, bgp: 'enabled', hostPorts: 'Enabled' } },
      found: ['warn tigera/installation-values net.bgp'],
    },
  ],
});

function pool(cidr: string, more: object = {}): object {
  return { cidr, encapsulation: 'VXLAN', ...more };
}

describe('names', () => {
  it.each([
    { name: 'default', found: [] },
    { name: 'tigera-secure', found: [] },
    { name: 'overlay', found: [] },
    { name: 'mine', found: ['0 deny tigera/installation-name metadata.name'] },
    { name: 'Default', found: ['0 deny tigera/installation-name metadata.name'] },
    { name: undefined, found: [] },
  ])('$name', ({ name, found }) => {
    expect(findAll(registry, [{ ...installation({}), metadata: { name } }])).toEqual(found);
  });
});

describe('with ConfigMap kubernetes-services-endpoint', () => {
  const endpoint = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kubernetes-services-endpoint', namespace: 'tigera-operator' },
    data: { KUBERNETES_SERVICE_HOST: 'api.example.com', KUBERNETES_SERVICE_PORT: '6443' },
  };
  const found = ['0 deny tigera/installation-services-endpoint spec.calicoNetwork.bpfNetworkBootstrap'];
  it.each([
    { name: 'and the bootstrap', net: { ...kubeProxyOff, bpfNetworkBootstrap: 'Enabled' }, found },
    { name: 'and no bootstrap', net: kubeProxyOff, found: [] },
    { name: 'and without eBPF', net: {}, found: [] },
  ])('$name', ({ net, found: expected }) => {
    expect(findAll(registry, [installation({ net }), endpoint])).toEqual(expected);
  });
});

function toResources(componentName: string): object {
  return { componentName, resourceRequirements: {} };
}

describe('tigera/installation-api-version', () => {
  const evaluate = (apiVersion: string) =>
    evaluateDocuments(registry, [{ ...installation({}), apiVersion }]).map(
      (each) => `${each.action} ${formatPath(each.path)} [${each.rule}] ${renderMessage(each)}`,
    );

  it('names the version that there is', () => {
    expect(evaluate('operator.tigera.io/v1beta1')).toEqual([
      'warn apiVersion [tigera/installation-api-version] no release serves this kind in this version (got "operator.tigera.io/v1beta1"); write operator.tigera.io/v1',
    ]);
  });

  it('reports nothing about it', () => {
    expect(evaluate('operator.tigera.io/v1')).toEqual([]);
  });
});
