import { describe, expect, it } from 'vitest';
import { type FieldPath, formatPath } from '../../src/policy/field-path.ts';
import { isMap, read, readMap } from '../../src/policy/json.ts';
import type { RuleFinding } from '../../src/policy/types.ts';
import { validate } from '../support/evaluate.ts';
import { renderLine } from '../support/message.ts';
import { registry } from '../support/registry.ts';
import { loadSchema } from '../support/schemas.ts';

// A value of the wrong type in every field that a schema knows: what is advised, followed literally, must not be rejected.

/** What makes an object of a kind ours. */
const OBJECTS: Readonly<Partial<Record<string, object>>> = {
  'bgp-configuration': calico('BGPConfiguration'),
  'bgp-filter': calico('BGPFilter'),
  'bgp-peer': calico('BGPPeer'),
  'felix-configuration': calico('FelixConfiguration'),
  'global-network-policy': calico('GlobalNetworkPolicy'),
  'host-endpoint': calico('HostEndpoint'),
  ippool: calico('IPPool'),
  'kube-controllers-configuration': calico('KubeControllersConfiguration'),
  'network-policy': calico('NetworkPolicy'),
  installation: { apiVersion: 'operator.tigera.io/v1', kind: 'Installation', metadata: { name: 'default' } },
  'kops-cluster': {
    apiVersion: 'kops.k8s.io/v1alpha2',
    kind: 'Cluster',
    spec: { networking: { calico: {} } },
  },
  shoot: {
    apiVersion: 'core.gardener.cloud/v1beta1',
    kind: 'Shoot',
    spec: { provider: { type: 'local', workers: [{ name: 'w' }] }, networking: { type: 'calico' } },
  },
  'cluster-configuration': { apiVersion: 'kubeadm.k8s.io/v1beta4', kind: 'ClusterConfiguration' },
  'init-configuration': { apiVersion: 'kubeadm.k8s.io/v1beta4', kind: 'InitConfiguration' },
};

function calico(kind: string): object {
  return { apiVersion: 'projectcalico.org/v3', kind, metadata: { name: 'default' } };
}

/** Paths of the fields that are not maps or lists; one item stands for all of a list. */
function* listFields(schema: unknown, path: FieldPath = []): Generator<FieldPath> {
  const reference = read(schema, '$ref');
  if (typeof reference === 'string') {
    yield* listFields(loadSchema(reference.replace('.json', '')), path);
    return;
  }
  for (const [name, below] of Object.entries(readMap(schema, 'properties') ?? {})) {
    yield* listFields(below, [...path, name]);
  }
  if (isMap(read(schema, 'items'))) yield* listFields(read(schema, 'items'), [...path, 0]);
  const types = [read(schema, 'type')].flat();
  if (types.some((type) => type === 'string' || type === 'integer' || type === 'boolean')) yield path;
}

function put(object: unknown, path: FieldPath, value: unknown): unknown {
  const [step, ...below] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') return [put(Array.isArray(object) ? object[step] : undefined, below, value)];
  const map = isMap(object) ? object : {};
  return { ...map, [step]: put(map[step], below, value) };
}

function denialsAt(object: unknown, path: FieldPath): RuleFinding[] {
  return validate(registry, { object }).findings.filter(
    (each) => each.action === 'deny' && formatPath(each.path) === formatPath(path),
  );
}

describe('the correction of a wrong type', () => {
  it.each(Object.keys(OBJECTS))('is one that rules accept, in every field of %s', (name) => {
    const wrong: string[] = [];
    let corrected = 0;
    for (const path of listFields(loadSchema(name))) {
      if (path.length < 2) continue;
      for (const value of [60, 0, 99_999_999, true, '60', '99999999', 'true']) {
        const before = denialsAt(put(OBJECTS[name], path, value), path);
        const known = before.map(({ rule, problem }) => rule + problem);
        for (const denial of before) {
          const quoted = /^put it in quotes: "(.*)"$/.exec(denial.advice)?.[1];
          const advised = denial.fix?.kind === 'replace' ? denial.fix.value : quoted;
          if (advised === undefined) continue;
          corrected += 1;
          const after = denialsAt(put(OBJECTS[name], path, advised), path).filter(
            ({ rule, problem }) => !known.includes(rule + problem),
          );
          if (after.length > 0) wrong.push(`${renderLine(denial)}\n  then ${after.map(renderLine).join()}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(corrected).toBeGreaterThan(0);
  });
});
