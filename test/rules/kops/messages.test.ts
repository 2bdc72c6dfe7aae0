import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../src/policy/field-path.ts';
import { renderMessage } from '../../../src/policy/message.ts';
import { evaluateDocuments } from '../../support/bundle.ts';
import { registry } from '../../support/registry.ts';
import { cluster, instanceGroup, type Version, type Written } from './base.ts';

interface Row {
  readonly written: Written;
  readonly version?: Version;
  readonly nodes?: number;
  /** A part of the one message at the path's last step. */
  readonly at: string;
  readonly says: string;
}

const ROWS: readonly Row[] = [
  { written: { calico: { IPIPMode: 'Always' } }, at: 'IPIPMode', says: 'did you mean ipipMode?' },
  { written: { calico: { wireguard: true } }, at: 'wireguard', says: 'unknown field (got "wireguard")' },
  {
    written: { networking: { podCIDR: '10.0.0.0/8' } },
    at: 'podCIDR',
    says: 'move it to spec, or use v1alpha3',
  },
  {
    version: 'v1alpha3',
    written: { spec: { podCIDR: '10.0.0.0/8' } },
    at: 'podCIDR',
    says: 'move it to spec.networking',
  },
  { written: { cloud: 'AWS' }, at: 'cloudProvider', says: 'did you mean aws?' },
  { written: { spec: { cloudProvider: null } }, at: 'cloudProvider', says: 'such as aws' },
  {
    version: 'v1alpha3',
    written: { spec: { cloudProvider: null } },
    at: 'cloudProvider',
    says: 'such as {aws: {}}',
  },
  {
    written: { calico: { bpfEnabled: true } },
    at: 'enabled',
    says: 'must be off with the eBPF dataplane; set it to false',
  },
  {
    written: { calico: { encapsulationMode: 'Vxlan' } },
    at: 'encapsulationMode',
    says: 'did you mean vxlan?',
  },
  { written: { calico: { vxlanMode: 'Always' } }, at: 'vxlanMode', says: 'the default is ipip' },
  {
    written: { calico: { encapsulationMode: 'ipip', vxlanMode: 'Always' } },
    at: 'vxlanMode',
    says: 'needs encapsulationMode vxlan (got "Always")',
  },
  {
    written: { calico: { ipv4AutoDetectionMethod: 'skip-interfaces=eth0' } },
    at: 'ipv4AutoDetectionMethod',
    says: 'did you mean skip-interface?',
  },
  {
    written: { calico: { ipv4AutoDetectionMethod: 'can-reach' } },
    at: 'ipv4AutoDetectionMethod',
    says: 'such as can-reach=8.8.8.8',
  },
  {
    written: { ranges: { podCIDR: '100.100.0.0' } },
    at: 'podCIDR',
    says: 'append a prefix length, such as /16',
  },
  { written: { ranges: { podCIDR: '100.100.0.1/16' } }, at: 'podCIDR', says: 'write 100.100.0.0/16' },
  { written: { calico: { mtu: 8982 } }, at: 'mtu', says: 'above 8981, the maximum with IP-in-IP on AWS' },
  {
    written: { calico: { mtu: 8982, encapsulationMode: 'vxlan' } },
    at: 'mtu',
    says: 'write at most 8951',
  },
  { written: { calico: { mtu: 9000, wireguardEnabled: true } }, at: 'mtu', says: 'with WireGuard' },
  {
    written: { calico: { ipipMode: 'Never', mtu: 9500 } },
    at: 'mtu',
    says: 'above 9001, the maximum on AWS',
  },
  {
    written: { cloud: 'do', calico: { mtu: 9500 } },
    at: 'mtu',
    says: 'the maximum with IP-in-IP on any network',
  },
  {
    written: { calico: { encapsulationMode: 'vxlan' } },
    nodes: 99,
    at: 'typhaReplicas',
    says: 'Typha is recommended for up to 99 nodes (got 0); use a value of 3 or more',
  },
  {
    written: { calico: { encapsulationMode: 'vxlan' } },
    nodes: 100,
    at: 'typhaReplicas',
    says: 'Typha is strongly recommended for up to 100 nodes',
  },
  {
    written: { calico: { encapsulationMode: 'vxlan' } },
    nodes: 1001,
    at: 'typhaReplicas',
    says: 'use a value of 6 or more',
  },
];

describe('messages name what is wrong, and what to write instead', () => {
  it.each(ROWS.map((row) => [`${row.at}: ${row.says}`, row] as const))('%s', (_name, row) => {
    const version = row.version ?? 'v1alpha2';
    const groups = row.nodes === undefined ? [] : [instanceGroup(version, { spec: { maxSize: row.nodes } })];
    const found = evaluateDocuments(registry, [cluster(version, row.written), ...groups]);
    const messages = found.filter(({ path }) => formatPath(path).endsWith(row.at)).map(renderMessage);
    expect(messages).toEqual([expect.stringContaining(row.says)]);
  });
});
