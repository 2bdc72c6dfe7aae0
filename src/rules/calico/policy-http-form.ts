// Rules about HTTP that Calico's API server rejects and the CRDs accept.

import type { FieldPath } from '../../policy/field-path.ts';
import { isMap, read, readList, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listPolicyRules } from './shared/policy-rules.ts';

export const policyHttpForm: Rule<ObjectInput> = {
  id: 'calico/policy-http-form',
  title: 'a rule about HTTP should be able to match a request',
  action: 'warn',
  docs: {
    why: "Calico's API server and `calicoctl` reject the rule. With CRDs it is stored. Requests are only inspected where they arrive, so the rule has no effect for outgoing traffic, and no request has a path that does not begin with `/`.",
    fix: 'Write `http` in ingress rules, each method once, and in each entry of `paths` either `exact` or `prefix`, beginning with `/` and without `?`, `#` and spaces.',
    good: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: read-only
  namespace: shop
spec:
  selector: role == 'web'
  types: [Ingress]
  ingress:
  - action: Allow
    protocol: TCP
    http:
      methods: [GET]
      paths:
      - prefix: /catalogue
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: read-only
  namespace: shop
spec:
  selector: role == 'web'
  types: [Ingress]
  ingress:
  - action: Allow
    protocol: TCP
    http:
      methods: [GET]
      paths:
      - prefix: catalogue
`,
    source: 'Calico, libcalico-go validator (validateHTTPRule, ruleUsesAppLayerPolicy)',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, direction, rule } of listPolicyRules(spec)) {
      const http = read(rule, 'http');
      if (!isMap(http)) continue;
      const at = [...path, 'http'];
      if (direction === 'egress') {
        const problem = 'only ingress rules can match HTTP requests';
        const advice = 'write it in an ingress rule of the policy of the destination';
        yield { path: at, at: 'key', reason: 'FieldValueForbidden', problem, advice };
      }
      yield* checkMethods([...at, 'methods'], readList(http, 'methods'));
      for (const [index, entry] of readList(http, 'paths').entries()) {
        yield* checkPath([...at, 'paths', index], entry);
      }
    }
  },
};

function* checkMethods(path: FieldPath, methods: readonly unknown[]): Generator<Finding> {
  const seen = new Set<unknown>();
  for (const [index, got] of methods.entries()) {
    if (seen.has(got)) {
      const problem = 'the list has this method twice';
      yield {
        path: [...path, index],
        reason: 'FieldValueDuplicate',
        problem,
        got,
        advice: 'remove one of them',
      };
    }
    seen.add(got);
  }
}

function* checkPath(path: FieldPath, entry: unknown): Generator<Finding> {
  if (!isMap(entry)) return;
  const reason = 'FieldValueInvalid';
  const written = ['exact', 'prefix'].filter((field) => (readString(entry, field) ?? '') !== '');
  const [field] = written;
  if (field === undefined || written.length > 1) {
    const problem = field === undefined ? 'the entry has no path' : 'exact and prefix cannot be combined';
    yield { path, reason, problem, advice: 'write either exact or prefix' };
    return;
  }
  const got = readString(entry, field) ?? '';
  if (got.startsWith('/') && !/[? #]/.test(got)) return;
  const problem = 'no request has this path';
  yield {
    path: [...path, field],
    reason,
    problem,
    got,
    advice: 'begin with /, and do not use ?, # and spaces',
  };
}
