import { describe, expect, it } from 'vitest';
import { check } from '../../src/index.ts';

// Documents that contradict each other may be of two clusters: a repository has one for its tests, and what it deploys.

const KIND = `apiVersion: kind.x-k8s.io/v1alpha4
kind: Cluster
networking: {disableDefaultCNI: true}
`;
const INSTALLATION = `apiVersion: operator.tigera.io/v1
kind: Installation
metadata: {name: default}
spec:
  calicoNetwork:
    ipPools: [{cidr: 192.168.0.0/16, encapsulation: VXLAN}]
`;
const RULE = 'kubeadm/pool-outside-pod-subnet';
const FAR = /part of it, if both files are for one cluster$/;

const pool = (name: string, cidr: string, label = '') => `apiVersion: projectcalico.org/v3
kind: IPPool
metadata: {name: ${name}${label}}
spec: {cidr: ${cidr}, natOutgoing: true, vxlanMode: Always}
`;
const ofCluster = (name: string) => `, labels: {cluster.x-k8s.io/cluster-name: ${name}}`;

function listFindings(files: Readonly<Record<string, string>>) {
  const { findings } = check(Object.entries(files).map(([name, text]) => ({ name, text })));
  return findings.map(({ file, rule, severity, advice }) => ({ file, rule, severity, advice }));
}

describe('a contradiction of two documents', () => {
  it.each([
    { name: 'in one directory', kind: 'a/kind.yaml', installation: 'a/calico.yaml' },
    { name: 'in one directory within the other', kind: 'kind.yaml', installation: 'deploy/calico/all.yaml' },
    { name: 'the other way round', kind: 'a/test/kind.yaml', installation: 'a/calico.yaml' },
  ])('is an error in nearby directories: $name', ({ kind, installation }) => {
    expect(listFindings({ [kind]: KIND, [installation]: INSTALLATION })).toEqual([
      { file: installation, rule: RULE, severity: 'error', advice: 'use that range, or a part of it' },
    ]);
  });

  it.each([
    { name: 'two directories', kind: 'test/kind.yaml', installation: 'deploy/calico.yaml' },
    {
      name: 'one that begins with the name of the other',
      kind: 'a/kind.yaml',
      installation: 'ab/calico.yaml',
    },
    { name: 'outside of the repository', kind: '/r/test/kind.yaml', installation: '/r/deploy/calico.yaml' },
  ])('is a warning with a condition in distant directories: $name', ({ kind, installation }) => {
    expect(listFindings({ [kind]: KIND, [installation]: INSTALLATION })).toEqual([
      { file: installation, rule: RULE, severity: 'warning', advice: expect.stringMatching(FAR) },
    ]);
  });

  it('is an error where another document in its directory has the same', () => {
    const files = { 'test/kind.yaml': KIND, 'deploy/kind.yaml': KIND, 'deploy/calico.yaml': INSTALLATION };
    expect(listFindings(files)).toEqual([
      {
        file: 'deploy/calico.yaml',
        rule: RULE,
        severity: 'error',
        advice: 'use that range, or a part of it',
      },
    ]);
  });

  it('is an error where a kustomization puts them together', () => {
    const files = {
      'one/pool.yaml': pool('one', '10.0.0.0/16'),
      'two/pool.yaml': pool('two', '10.0.0.0/17'),
    };
    const kustomization = 'resources: [../one/pool.yaml, ../two/pool.yaml]\n';
    expect(listFindings(files).map(({ severity }) => severity)).toEqual(['warning']);
    const bound = listFindings({ ...files, 'all/kustomization.yaml': kustomization });
    expect(bound.map(({ severity }) => severity)).toEqual(['error']);
  });

  it('is an error where a chart or the label of a cluster holds them together', () => {
    const files = {
      'c/crds/pool.yaml': pool('one', '10.0.0.0/16'),
      'c/more/pool.yaml': pool('two', '10.0.0.0/17'),
    };
    expect(listFindings(files).map(({ severity }) => severity)).toEqual(['warning']);
    const chart = listFindings({ ...files, 'c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n' });
    expect(chart.map(({ severity }) => severity)).toEqual(['error']);
    const labelled = {
      'one/pool.yaml': pool('one', '10.0.0.0/16', ofCluster('a')),
      'two/pool.yaml': pool('two', '10.0.0.0/17', ofCluster('a')),
    };
    expect(listFindings(labelled).map(({ severity }) => severity)).toEqual(['error']);
  });

  it('corrects nothing in distant directories', () => {
    const files = [
      { name: 'test/kind.yaml', text: KIND },
      { name: 'deploy/calico.yaml', text: INSTALLATION },
    ];
    expect(check(files).findings.filter(({ fix }) => fix !== undefined)).toEqual([]);
  });
});
