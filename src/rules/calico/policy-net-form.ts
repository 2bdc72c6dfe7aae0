// Ranges that Felix reads and Calico's API server rejects: with host bits, addresses without a length, both families in
// one rule, another family than the rule's, and exceptions of everything.
import { type Net, parseNet, strictCidrProblem } from '../../formats/cidr.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { read } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listEnds, listNets, listPolicyRules, type PolicyRule } from './shared/policy-rules.ts';

const VERSIONS: Readonly<Record<number, Net['family']>> = { 4: 'IPv4', 6: 'IPv6' };

export const policyNetForm: Rule<ObjectInput> = {
  id: 'calico/policy-net-form',
  title: "ranges of a policy are written as Calico's API server takes them",
  action: 'warn',
  docs: {
    why: "Calico's API server and `calicoctl` reject the range. With CRDs it is stored, and Felix makes something of it: it takes off the bits beyond the prefix, takes an address for a range of one, and splits a rule with both families in two. A rule without anything of its family, or with an exception of everything, matches no packet; calico-node before 3.30 crashed at such an exception (projectcalico/calico#9211).",
    fix: 'Write the first address of a range and its length, `/32` or `/128` for an address, and a rule for each family.',
    good: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: from-office
spec:
  selector: role == 'db'
  types: [Ingress]
  ingress:
  - action: Allow
    source:
      nets: [192.0.2.0/24, 198.51.100.7/32]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: from-office
spec:
  selector: role == 'db'
  types: [Ingress]
  ingress:
  - action: Allow
    source:
      nets: [192.0.2.7/24]
`,
    source:
      'Calico, libcalico-go validator (validateRule); conversion and validation of policies for Felix, run: installed; projectcalico/calico#9211',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const rule of listPolicyRules(spec)) yield* checkRule(rule);
  },
};

function* checkRule(rule: PolicyRule): Generator<Finding> {
  const version = read(rule.rule, 'ipVersion');
  const wanted = typeof version === 'number' ? VERSIONS[version] : undefined;
  let first: Net['family'] | undefined;
  let isReported = false;
  for (const end of listEnds(rule)) {
    for (const { path, text, isNegated } of listNets(end)) {
      const net = parseNet(text);
      if (net === undefined) continue;
      yield* checkNet(path, text, net, isNegated);
      const family = wanted ?? first ?? net.family;
      first ??= net.family;
      // Once a rule: with one range of the other family there are usually many.
      if (net.family === family || isReported) continue;
      isReported = true;
      const problem = `${net.family} in a rule for ${family}, which Calico's API server rejects`;
      yield { path, reason: 'FieldValueInvalid', problem, got: text, advice: 'make a rule for each family' };
    }
  }
}

function* checkNet(path: FieldPath, got: string, net: Net, isNegated: boolean): Generator<Finding> {
  const reason = 'FieldValueInvalid';
  const rejected = "which Calico's API server rejects";
  if (!net.hasLength) {
    const value = `${got}/${net.prefix}`;
    const fix = { kind: 'replace', value } as const;
    yield {
      path,
      reason,
      problem: `an address without a length, ${rejected}`,
      got,
      advice: `write ${value}`,
      fix,
    };
  } else if (!net.isMasked) {
    const value = strictCidrProblem(got)?.canonical ?? '';
    const fix = { kind: 'replace', value } as const;
    yield {
      path,
      reason,
      problem: `bits beyond the prefix, ${rejected}`,
      got,
      advice: `write ${value}`,
      fix,
    };
  } else if (isNegated && net.prefix === 0) {
    const problem = `an exception of every address, so that the rule matches none`;
    yield { path, reason, problem, got, advice: 'remove the rule, or write what is excepted' };
  }
}
