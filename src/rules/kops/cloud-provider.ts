// kOps must know the cloud: the defaults of Calico and half of the rules for its settings depend on it. v1alpha2 has a
// name, v1alpha3 a map with that name as its only key; both are case-sensitive, and DigitalOcean has a different name
// in each. A label names bare metal instead.
import { isBelow } from '../../formats/version.ts';
import { isMap, isUnset, read } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { formatRelease } from '../../policy/versions.ts';
import {
  CLOUD_WORDS,
  DIGITAL_OCEAN,
  type KopsClusterInput,
  METAL_LABEL,
} from '../../targets/kops-cluster.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

const PATH = ['spec', 'cloudProvider'];

/** kOps supports Linode from 1.36 on. */
const LINODE_MINOR = 36;

export const cloudProvider: Rule<KopsClusterInput> = {
  id: 'kops/cloud-provider',
  title: 'the cloud must be one that kOps supports',
  action: 'deny',
  docs: {
    why: 'kOps rejects a Cluster without a cloud that it supports.',
    fix: 'v1alpha2: `cloudProvider: aws`. v1alpha3: `cloudProvider: {aws: {}}`. The names are aws, azure, digitalocean (v1alpha3: do), gce, hetzner, linode, openstack and scaleway, in lower case. Bare metal has no name: write the label `alpha.kops.k8s.io/cloud: metal`, as `kops create cluster` does.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico: {}
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: AWS
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico: {}
`,
    source: 'kOps, pkg/apis/kops/v1alpha2/conversion.go; validateCloudProvider; Cluster.GetCloudProvider',
    since: '0.1.0',
  },
  *check({ spec, version, isLabelledMetal, cloud }, { versions: { kops } }) {
    if (cloud === 'linode' && isBelow(kops, 1, LINODE_MINOR)) {
      yield {
        path: PATH,
        reason: 'FieldValueNotSupported',
        problem: `kOps ${formatRelease(kops)} does not support this cloud`,
        advice: `use kOps 1.${LINODE_MINOR}`,
      };
    }
    const value = read(spec, 'cloudProvider');
    const isEmpty = isUnset(value) || value === '';
    if (isEmpty && isLabelledMetal) return;
    if (isEmpty) {
      yield {
        path: PATH,
        reason: 'FieldValueRequired',
        problem: 'the cloud is missing',
        advice: `add it, such as ${exampleOf(version)}`,
      };
    } else if (version === 'v1alpha2') {
      yield* checkName(value, isLabelledMetal);
    } else {
      yield* checkMap(value, isLabelledMetal);
    }
  },
};

function exampleOf(version: KopsClusterInput['version']): string {
  return version === 'v1alpha2' ? 'aws' : '{aws: {}}';
}

function* checkName(value: unknown, isLabelledMetal: boolean): Generator<Finding> {
  if (isLabelledMetal) {
    yield secondCloud(value);
  } else if (value === 'metal') {
    yield { path: PATH, ...METAL_IS_A_LABEL, got: value };
  } else if (value === 'do') {
    yield {
      path: PATH,
      reason: 'FieldValueNotSupported',
      problem: 'v1alpha2 calls this cloud digitalocean',
      got: value,
      advice: `write ${DIGITAL_OCEAN}`,
      fix: { kind: 'replace', value: DIGITAL_OCEAN },
    };
  } else if (isMap(value)) {
    yield {
      path: PATH,
      reason: 'FieldValueTypeInvalid',
      problem: 'v1alpha2 needs a name',
      got: value,
      advice: 'write only the name, such as aws, or use v1alpha3',
    };
  } else {
    yield* checkAllowedValue({
      path: PATH,
      value,
      problem: 'unsupported cloud',
      allowed: CLOUD_WORDS.v1alpha2,
    });
  }
}

function* checkMap(value: unknown, isLabelledMetal: boolean): Generator<Finding> {
  if (!isMap(value)) {
    if (typeof value !== 'string') return;
    yield {
      path: PATH,
      reason: 'FieldValueTypeInvalid',
      problem: 'v1alpha3 needs a map',
      got: value,
      advice: 'write a map, such as {aws: {}}',
    };
    return;
  }
  const isWritten = (word: string) => !isUnset(read(value, word));
  const words = CLOUD_WORDS.v1alpha3.filter(isWritten);
  if (isWritten('metal')) {
    yield { path: [...PATH, 'metal'], at: 'key', ...METAL_IS_A_LABEL };
  } else if (isWritten(DIGITAL_OCEAN)) {
    yield {
      path: [...PATH, DIGITAL_OCEAN],
      at: 'key',
      reason: 'FieldValueNotSupported',
      problem: 'v1alpha3 calls this cloud do',
      advice: 'rename it to do',
      fix: { kind: 'rename', to: 'do' },
    };
  } else if (words.length === 0 && !isLabelledMetal) {
    yield {
      path: PATH,
      reason: 'FieldValueRequired',
      problem: 'the map has no cloud that kOps supports',
      got: value,
      advice: 'add a cloud as a key, such as aws: {}',
    };
  }
  for (const word of words) {
    const settings = read(value, word);
    if (isMap(settings)) continue;
    yield {
      path: [...PATH, word],
      reason: 'FieldValueTypeInvalid',
      problem: 'must be a map',
      got: settings,
      advice: 'write {} if there is nothing to set',
    };
  }
  if (isLabelledMetal && words.length > 0) yield secondCloud(words[0]);
  for (const word of words.slice(1)) {
    yield {
      path: [...PATH, word],
      at: 'key',
      reason: 'FieldValueForbidden',
      problem: `only one cloud is allowed, and ${words[0]} is already set`,
      got: word,
      advice: 'keep one of them',
    };
  }
}

const METAL_IS_A_LABEL = {
  reason: 'FieldValueNotSupported',
  problem: 'kOps supports bare metal only by a label',
  advice: `remove it, and add the label ${METAL_LABEL}: metal`,
} as const;

function secondCloud(got: unknown): Finding {
  return {
    path: PATH,
    reason: 'FieldValueForbidden',
    problem: `only one cloud is allowed, and the label ${METAL_LABEL} names metal`,
    got,
    advice: 'keep one of them',
  };
}
