// Ranges that Felix accepts and Calico's API server rejects: with host bits, addresses without a prefix length, both
// families in one rule, another family than that of the rule, and exceptions that exclude everything.
import { type Net, parseNet, strictCidrProblem } from '../../formats/cidr.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { read } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listEnds, listNets, listPolicyRules, type PolicyRule } from './shared/policy-rules.ts';

const VERSIONS: Readonly<Record<number, Net['family']>> = { 4: 'IPv4', 6: 'IPv6' };

export const policyNetForm: Rule<ObjectInput> = {
  id: 'calico/policy-net-form',
  title: "ranges of a policy should have a form that Calico's API server accepts",
  action: 'warn',
  docs: {
    why: "Calico's API server and `calicoctl` reject the range. With CRDs it is stored, and Felix adapts it: it clears the bits beyond the prefix, uses an address as a range with one address, and splits a rule with both families in two. A rule with nothing of its family, or with an exception of everything, matches no packet; calico-node before 3.30 crashed at such an exception (projectcalico/calico#9211).",
    fix: 'Write the first address of a range and its prefix length, with `/32` or `/128` for an address, and one rule for each family.',
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
      // Reported once for each rule: if it has one range of the other family, it usually has many.
      if (net.family === family || isReported) continue;
      isReported = true;
      const problem = `${net.family} in a rule for ${family}, which Calico's API server rejects`;
      yield { path, reason: 'FieldValueInvalid', problem, got: text, advice: 'write a rule for each family' };
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
      problem: `the prefix length is missing, ${rejected}`,
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
      problem: `bits are set beyond the prefix, ${rejected}`,
      got,
      advice: `write ${value}`,
      fix,
    };
  } else if (isNegated && net.prefix === 0) {
    const problem = `this excludes all addresses, so the rule matches no packet`;
    yield { path, reason, problem, got, advice: 'remove the rule, or write a smaller exception' };
  }
}
