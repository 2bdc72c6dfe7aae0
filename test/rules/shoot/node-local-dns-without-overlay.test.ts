import { testRule } from '../../support/rule-tester.ts';
import { inCloud, SHOOT } from './base.ts';

const off = { overlay: { enabled: false } };
const path = 'spec.systemComponents.nodeLocalDNS.enabled';

function nodeLocalDNS(value: unknown): object {
  return { systemComponents: { nodeLocalDNS: value } };
}

const on = nodeLocalDNS({ enabled: true });

testRule('shoot/node-local-dns-without-overlay', 'warn', SHOOT, {
  valid: [
    { name: 'without SNAT', config: { ...off, snatToUpstreamDNS: { enabled: false } }, spec: on },
    { name: 'without SNAT by {}', config: { ...off, snatToUpstreamDNS: {} }, spec: on },
    { name: 'with eBPF', config: { ...off, ebpfDataplane: { enabled: true } }, spec: on },
    { name: 'overlay on', config: { overlay: { enabled: true } }, spec: on },
    { name: 'overlay left out', config: {}, spec: on },
    { name: 'overlay unreadable', config: { overlay: { enabled: 'no' } }, spec: on },
    { name: 'no configuration', spec: on },
    { name: 'NodeLocalDNS off', config: off, spec: nodeLocalDNS({ enabled: false }) },
    { name: 'NodeLocalDNS {}', config: off, spec: nodeLocalDNS({}) },
    { name: 'NodeLocalDNS null', config: off, spec: nodeLocalDNS(null) },
    { name: 'disable NodeLocalDNS', config: off },
    { name: 'known before', config: { ...off, vethMTU: '1440' }, spec: on, old: { config: off, spec: on } },
  ],
  invalid: [
    { name: 'off', config: off, spec: on, found: [path] },
    { name: 'names the overlay', config: off, spec: on, found: [{ path, says: 'the overlay' }] },
    { name: 'names dnsPolicy', config: off, spec: on, found: [{ path, says: 'dnsPolicy: Default' }] },
    { name: 'names NodeLocalDNS', config: off, spec: on, found: [{ path, says: 'disable NodeLocalDNS' }] },
    { name: 'off by {}', config: { overlay: {} }, spec: on, found: [path] },
    { name: 'on AWS', config: off, spec: { ...on, ...inCloud('aws') }, found: [path] },
    { name: 'with SNAT', config: { ...off, snatToUpstreamDNS: { enabled: true } }, spec: on, found: [path] },
    { name: 'with SNAT null', config: { ...off, snatToUpstreamDNS: null }, spec: on, found: [path] },
  ],
});
