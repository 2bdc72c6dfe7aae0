// This rule checks fields of an Installation that accept one of a few words, as in its schema. The CRD rejects any
// other word, or the operator stops with a degraded TigeraStatus after the object was stored. Words are case-sensitive.
import { formatPath } from '../../policy/field-path.ts';
import { read, readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { type ValueProblem, wordsOf } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

/** Words that other rules check. */
const OTHERS: readonly string[] = ['metadata.name', 'spec.nodeUpdateStrategy.type'];

/** The CRD and the operator accept any word here. */
const TAKES_ANY_WORD = 'nonPrivileged';

/** Names of componentResources that the CRD accepts, and that the operator's own validation rejects. */
const WINDOWS_COMPONENTS: readonly unknown[] = ['NodeWindows', 'FelixWindows', 'ConfdWindows'];
const COMPONENTS = ['spec', 'componentResources'];
/** The CRD has six component names. */
const MAX_COMPONENTS = 100;

export const installationValues: Rule<ObjectInput> = {
  id: 'tigera/installation-values',
  title: 'fields of an Installation that accept a few words must have one of them',
  action: 'deny',
  docs: {
    why: 'The API server rejects any other word; with an older CRD, the operator reports a degraded TigeraStatus and changes nothing. For `componentResources` the CRD accepts three more names, for Windows, at which the operator stops: they are a warning. So is another word in `nonPrivileged`, which means Disabled.',
    fix: 'Write one of the words from the message. They are case-sensitive. Resources of Windows nodes belong in `calicoNodeWindowsDaemonSet`.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: VXLAN
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: Vxlan
`,
    source: 'Tigera operator of Calico 3.33, CRD of Installation; pkg/controller/installation/validation.go',
    since: '0.1.0',
  },
  *check({ object, values }) {
    for (const problem of values()) {
      if (problem.keyword === 'enum' && !OTHERS.includes(formatPath(problem.path))) yield* checkWord(problem);
    }
    for (const [index, entry] of readList(object, ...COMPONENTS)
      .slice(0, MAX_COMPONENTS)
      .entries()) {
      const name = read(entry, 'componentName');
      if (!WINDOWS_COMPONENTS.includes(name)) continue;
      yield {
        path: [...COMPONENTS, index, 'componentName'],
        reason: 'FieldValueNotSupported',
        problem: 'the CRD accepts this word, but the operator rejects it',
        got: name,
        advice: 'use calicoNodeWindowsDaemonSet',
        atMost: 'warn',
      };
    }
  },
};

function* checkWord({ path, value, schema }: ValueProblem): Generator<Finding> {
  if (path.at(-1) === 'key') {
    yield {
      path,
      reason: 'FieldValueNotSupported',
      problem: 'unsupported kernel setting',
      got: value,
      advice: 'use net.ipv4.tcp_keepalive_intvl, …_probes or …_time',
    };
    return;
  }
  const allowed = wordsOf(schema).filter((word) => word !== '');
  if (path.at(-1) === TAKES_ANY_WORD) {
    const problem = 'unsupported value, which the operator reads as Disabled';
    for (const finding of checkAllowedValue({ path, value, problem, allowed }))
      yield { ...finding, atMost: 'warn' };
    return;
  }
  yield* checkAllowedValue({ path, value, problem: 'unsupported value', allowed });
}
