// IP_AUTODETECTION_METHOD and IP6_AUTODETECTION_METHOD, as calico-node parses them: exact words, with lists of ranges
// and patterns. They apply if the address is detected: IP is autodetect or unset, IP6 is autodetect. With anything
// else calico-node finds no address, stops, and no node becomes ready.
import { AUTODETECTION_METHODS } from '../../formats/autodetection.ts';
import { parseCidr } from '../../formats/cidr.ts';
import { nearest } from '../../formats/nearest.ts';
import { isPlain, isTooLong, MAX_PATTERN_LENGTH, re2Problem } from '../../formats/re2.ts';
import { type Explanation, truncate } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import type { CalicoNodeInput } from '../../targets/calico-node.ts';
import { tooLong } from '../shared/too-long.ts';

const FAMILIES = [
  { address: 'IP', method: 'IP_AUTODETECTION_METHOD', isDetectedWhenUnset: true },
  { address: 'IP6', method: 'IP6_AUTODETECTION_METHOD', isDetectedWhenUnset: false },
] as const;

export const autodetectionMethod: Rule<CalicoNodeInput> = {
  id: 'kubeadm/autodetection-method',
  title: 'the autodetection method of calico-node must be valid',
  action: 'deny',
  docs: {
    why: 'calico-node stops at a method that it does not have. With a pattern or range that cannot be parsed it finds no address, and also stops: no node becomes ready. A pattern of more than 800 characters is not checked; that is a warning.',
    fix: 'Write `first-found`, `kubernetes-internal-ip`, `can-reach=`, `interface=`, `skip-interface=` or `cidr=` with its parameter. Patterns are RE2. Both patterns and ranges can be lists with commas.',
    good: `
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: kube-system
spec:
  template:
    spec:
      containers:
        - name: calico-node
          image: quay.io/calico/node:v3.30.0
          env:
            - name: IP
              value: "autodetect"
            - name: IP_AUTODETECTION_METHOD
              value: "interface=eth.*,ens.*"
`,
    bad: `
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: kube-system
spec:
  template:
    spec:
      containers:
        - name: calico-node
          image: quay.io/calico/node:v3.30.0
          env:
            - name: IP
              value: "autodetect"
            - name: IP_AUTODETECTION_METHOD
              value: "firstfound"
`,
    source:
      'projectcalico/calico, node/pkg/lifecycle/startup/autodetection; Calico documentation, IP autodetection methods',
    since: '0.1.0',
  },
  *check({ node }) {
    const variables = node?.variables;
    if (variables === undefined || variables.get('CALICO_NETWORKING_BACKEND')?.value === 'none') return;
    for (const { address, method, isDetectedWhenUnset } of FAMILIES) {
      const from = variables.get(address);
      const isDetected =
        from === undefined || from.value === '' ? isDetectedWhenUnset : from.value === 'autodetect';
      const variable = variables.get(method);
      if (!isDetected || !variable?.value) continue;
      const problem = findProblem(variable.value);
      if (problem === 'too long') {
        yield tooLong(variable.path, MAX_PATTERN_LENGTH);
      } else if (problem !== undefined) {
        yield {
          path: variable.path,
          reason: 'FieldValueInvalid',
          problem: `${method}: ${problem.problem}`,
          got: variable.value,
          advice: problem.advice,
        };
      }
    }
  },
};

function findProblem(text: string): Explanation | 'too long' | undefined {
  if (text === 'first-found' || text.startsWith('kubernetes-internal-ip')) return undefined;
  const [, method, parameter = ''] = /^(interface|skip-interface|can-reach|cidr)=(.*)$/s.exec(text) ?? [];
  if (method === undefined)
    return { problem: 'calico-node does not support this method, and stops', advice: adviseMethod(text) };
  const parts = () => parameter.split(',').map((part) => part.trim());
  if (method === 'cidr') {
    const problem = 'not a CIDR range, so calico-node finds no address';
    if (parts().every((part) => parseCidr(part) !== undefined)) return undefined;
    return { problem, advice: 'write CIDR ranges, such as cidr=10.0.0.0/8' };
  }
  if (method === 'can-reach' || isPlain(parameter)) return undefined;
  if (isTooLong(parameter)) return 'too long';
  for (const part of parts()) {
    const problem = re2Problem(part);
    if (problem === undefined) continue;
    return {
      problem: `invalid RE2 pattern: ${truncate(problem, 40)}`,
      advice: 'correct the pattern (RE2 has no lookaround)',
    };
  }
  return undefined;
}

function adviseMethod(text: string): string {
  const word = text.split('=', 1)[0] ?? '';
  const suggestion = nearest(word.trim(), AUTODETECTION_METHODS);
  if (suggestion === undefined) return 'use first-found, can-reach=…, interface=… or cidr=…';
  const isAlone = suggestion === 'first-found' || suggestion === 'kubernetes-internal-ip';
  return `did you mean ${isAlone ? suggestion : `${suggestion}=`}? Case and spaces matter`;
}
