import { describe, expect, it } from 'vitest';
import { evaluateDocuments, summarize } from '../../support/bundle.ts';
import { registry } from '../../support/registry.ts';
import { cluster, instanceGroup, VERSIONS } from './base.ts';

function felix(spec: object): object {
  return {
    apiVersion: 'projectcalico.org/v3',
    kind: 'FelixConfiguration',
    metadata: { name: 'default' },
    spec,
  };
}

describe.each(VERSIONS)('a kOps Cluster beside other documents, %s', (version) => {
  const evaluate = (...objects: object[]) => summarize(evaluateDocuments(registry, objects));

  it('gives a FelixConfiguration its cloud', () => {
    const found = evaluate(cluster(version, { cloud: 'azure' }), felix({ bpfEnabled: true }));
    expect(found).toContainEqual(expect.stringMatching(/^1 warn .*azure/));
    const elsewhere = evaluate(cluster(version, { cloud: 'aws' }), felix({ bpfEnabled: true }));
    expect(elsewhere).not.toContainEqual(expect.stringMatching(/^1 warn .*azure/));
  });

  it('is none that kubeadm has made', () => {
    const kubeadm = {
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'ClusterConfiguration',
      networking: { podSubnet: '100.64.0.0/16' },
    };
    const ebpf = { bpfEnabled: true, encapsulationMode: 'vxlan' };
    const kops = cluster(version, { calico: ebpf, spec: { kubeProxy: { enabled: false } } });
    expect(evaluate(kops)).toEqual([]);
    expect(evaluate(kops, kubeadm)).toEqual(evaluate(cluster(version, {}), kubeadm));
  });

  it('is distinguished from others by its name', () => {
    const other = {
      ...cluster(version, { calico: { encapsulationMode: 'vxlan' } }),
      metadata: { name: 'b' },
    };
    const groups = ['b', 'c.example.com'].map((name) =>
      instanceGroup(version, { name: `nodes-${name}`, cluster: name, spec: { maxSize: 51 } }),
    );
    expect(evaluate(cluster(version, {}), other, ...groups)).toEqual([
      '0 warn spec.networking.calico.typhaReplicas [kops/typha-at-scale]',
      '1 warn spec.networking.calico.typhaReplicas [kops/typha-at-scale]',
    ]);
    expect(evaluate(cluster(version, {}), other, ...groups.slice(0, 1))).toEqual([
      '1 warn spec.networking.calico.typhaReplicas [kops/typha-at-scale]',
    ]);
  });

  it('does not depend on the order', () => {
    const group = instanceGroup(version, { spec: { maxSize: 150, image: 'flatcar' } });
    const kops = cluster(version, { calico: { wireguardEnabled: true } });
    expect(evaluate(group, kops)).toEqual([
      '1 warn spec.networking.calico.typhaReplicas [kops/typha-at-scale]',
      '1 warn spec.networking.calico.encapsulationMode [kops/mesh-at-scale]',
      '0 warn spec.image [kops/wireguard-image]',
    ]);
  });
});
