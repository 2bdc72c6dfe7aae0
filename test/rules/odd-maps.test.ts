import { describe, expect, it } from 'vitest';
import { validate } from '../support/evaluate.ts';
import { registry } from '../support/registry.ts';

// A map with a key `toString` cannot be turned into a string: a rule that tries throws.

const ODD = { toString: '' };

describe('a map in place of a text', () => {
  it.each([
    {
      apiVersion: 'projectcalico.org/v3',
      kind: 'GlobalNetworkPolicy',
      metadata: { name: 'a' },
      spec: { ingress: [{ action: 'Allow', notICMP: { type: 8 }, protocol: ODD }] },
    },
    {
      apiVersion: 'projectcalico.org/v3',
      kind: 'FelixConfiguration',
      metadata: { name: 'default' },
      spec: { failsafeInboundHostPorts: [ODD], natOutgoingAddress: ODD },
    },
    {
      apiVersion: 'kubeadm.k8s.io/v1beta3',
      kind: 'ClusterConfiguration',
      networking: { podSubnet: '10.0.0.0/24' },
      controllerManager: { extraArgs: { 'allocate-node-cidrs': ODD, 'node-cidr-mask-size-ipv4': ODD } },
    },
  ])('stops no rule of a $kind', (object) => {
    expect(validate(registry, { object }).faults).toEqual([]);
  });
});
