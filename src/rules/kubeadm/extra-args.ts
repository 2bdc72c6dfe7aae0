// Arguments of components are a map up to v1beta3, and a list of names and values from v1beta4 on. Configurations that
// were moved from one version to the other by hand keep the old form, and kubeadm cannot decode them.
import type { FieldPath } from '../../policy/field-path.ts';
import { isMap, isUnset, read, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { isBeforeV1beta4 } from '../../targets/kubeadm.ts';
import type { ObjectInput } from '../../targets/object.ts';

const PLACES: readonly FieldPath[] = [
  ['apiServer', 'extraArgs'],
  ['controllerManager', 'extraArgs'],
  ['scheduler', 'extraArgs'],
  ['etcd', 'local', 'extraArgs'],
  ['nodeRegistration', 'kubeletExtraArgs'],
];
const MAX_ARGUMENTS = 200;

export const extraArgs: Rule<ObjectInput> = {
  id: 'kubeadm/extra-args',
  title: 'arguments of components must have the form of their version',
  action: 'deny',
  docs: {
    why: 'kubeadm cannot read the file: `extraArgs` and `kubeletExtraArgs` are a map in `kubeadm.k8s.io/v1beta3`, and a list of names and values in `kubeadm.k8s.io/v1beta4`. `node-ip` of the kubelet and `node-cidr-mask-size-ipv4` of kube-controller-manager are among them.',
    fix: 'In v1beta4 write `- name: node-ip` and `value: 192.168.1.10`. `kubeadm config migrate` converts a file.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
nodeRegistration:
  kubeletExtraArgs:
  - name: node-ip
    value: 192.168.1.10
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
nodeRegistration:
  kubeletExtraArgs:
    node-ip: 192.168.1.10
`,
    source: 'kubeadm 1.36, app/apis/kubeadm/v1beta3, v1beta4 and validation: ValidateExtraArgs',
    since: '0.1.0',
  },
  *check({ object }) {
    if (readString(object, 'apiVersion') === undefined) return;
    const isMapped = isBeforeV1beta4(object);
    for (const path of PLACES) {
      const value = read(object, ...path);
      if (isUnset(value)) continue;
      if (isMapped) yield* checkMap(path, value);
      else yield* checkList(path, value);
    }
  },
};

function* checkMap(path: FieldPath, value: unknown): Generator<Finding> {
  if (!isMap(value)) {
    const advice = 'write {node-ip: 192.168.1.10} instead of a list, or use v1beta4';
    yield wrongType(path, value, 'this version of the API needs a map', advice);
    return;
  }
  for (const [name, text] of Object.entries(value).slice(0, MAX_ARGUMENTS)) {
    yield* checkText([...path, name], text);
  }
}

function* checkList(path: FieldPath, value: unknown): Generator<Finding> {
  if (!Array.isArray(value)) {
    const advice = 'write - {name: node-ip, value: 192.168.1.10}';
    yield wrongType(path, value, 'this version of the API needs a list of names and values', advice);
    return;
  }
  for (const [index, argument] of value.slice(0, MAX_ARGUMENTS).entries()) {
    if (!isMap(argument) && argument !== null) {
      yield wrongType(
        [...path, index],
        argument,
        'must be a map',
        'write {name: node-ip, value: 192.168.1.10}',
      );
      continue;
    }
    const name = read(argument, 'name');
    if (isUnset(name) || name === '') {
      const problem = 'the argument has no name';
      const advice = 'add the name of a flag without dashes';
      yield { path: [...path, index, 'name'], reason: 'FieldValueRequired', problem, advice };
    }
    yield* checkText([...path, index, 'name'], name);
    yield* checkText([...path, index, 'value'], read(argument, 'value'));
  }
}

function* checkText(path: FieldPath, value: unknown): Generator<Finding> {
  if (isUnset(value) || typeof value === 'string') return;
  yield wrongType(path, value, 'must be a string', 'put it in quotes');
}

function wrongType(path: FieldPath, got: unknown, problem: string, advice: string): Finding {
  return { path, reason: 'FieldValueTypeInvalid', problem, got, advice };
}
