// What Calico's API server rejects in a rule about HTTP, and the CRDs take.

import type { FieldPath } from '../../policy/field-path.ts';
import { isMap, read, readList, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listPolicyRules } from './shared/policy-rules.ts';

export const policyHttpForm: Rule<ObjectInput> = {
  id: 'calico/policy-http-form',
  title: 'a rule about HTTP can match a request',
  action: 'warn',
  docs: {
    why: "Calico's API server and `calicoctl` reject the rule. With CRDs it is stored: requests are looked at where they come in only, so that a rule for what goes out has no use for them, and a path that does not begin with `/` is the path of no request.",
    fix: 'Write `http` in ingress rules, each method once, and in each entry of `paths` either `exact` or `prefix`, beginning with `/` and without `?`, `#` and blanks.',
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
        const problem = 'requests are looked at in ingress rules only';
        const advice = 'write it in the policy of whom is asked';
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
      const problem = 'the method is in the list twice';
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
    const problem = field === undefined ? 'an entry without a path' : 'both exact and prefix';
    yield { path, reason, problem, advice: 'write one of exact and prefix' };
    return;
  }
  const got = readString(entry, field) ?? '';
  if (got.startsWith('/') && !/[? #]/.test(got)) return;
  const problem = 'not the path of a request';
  yield {
    path: [...path, field],
    reason,
    problem,
    got,
    advice: 'begin with /, and leave ?, # and blanks out',
  };
}
