// FELIX_… of calico-node and TYPHA_… of Typha: the environment wins over every FelixConfiguration. Names are read in
// any case. At an invalid value of some parameters the program stops; for the others it uses its default, and only
// logs it. Unknown names are ignored.

import { adviseParameter, readTag } from '../../formats/felix-parameter.ts';
import { FELIX_PARAMETERS, TYPHA_PARAMETERS } from '../../formats/felix-parameters.ts';
import { surelyMeant } from '../../formats/nearest.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { readContainer, type Variable } from '../../targets/calico-node.ts';
import type { ObjectInput } from '../../targets/object.ts';

interface Program {
  readonly container: string;
  readonly name: string;
  readonly prefix: string;
  /** By the name in capitals, the form of the variables. */
  readonly parameters: ReadonlyMap<string, string>;
}

const PROGRAMS: readonly Program[] = [
  { container: 'calico-node', name: 'Felix', prefix: 'FELIX_', parameters: inCapitals(FELIX_PARAMETERS) },
  { container: 'calico-typha', name: 'Typha', prefix: 'TYPHA_', parameters: inCapitals(TYPHA_PARAMETERS) },
];

export const felixVariable: Rule<ObjectInput> = {
  id: 'kubeadm/felix-variable',
  title: 'the environment of Felix and Typha must be valid',
  action: 'deny',
  docs: {
    why: 'At an invalid value of `FELIX_CHAININSERTMODE`, `FELIX_INTERFACEPREFIX`, `FELIX_FAILSAFEINBOUNDHOSTPORTS` and some others, Felix stops on every node. For all others it uses its default and only logs that, so the setting has no effect. That is a warning, and so is an unknown name.',
    fix: 'Write the value or name from the message. Times here are seconds without a unit, and switches are `true` or `false`.',
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
            - name: FELIX_CHAININSERTMODE
              value: Append
            - name: FELIX_IPTABLESREFRESHINTERVAL
              value: "60"
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
            - name: FELIX_CHAININSERTMODE
              value: Prepend
            - name: FELIX_IPTABLESREFRESHINTERVAL
              value: 60s
`,
    source: 'felix/config/config_params.go and param_types.go; typha/pkg/config/config_params.go',
    since: '0.1.0',
  },
  *check({ object }) {
    for (const program of PROGRAMS) {
      const { variables = [] } = readContainer(object, program.container) ?? {};
      for (const [name, variable] of variables) {
        if (name.toUpperCase().startsWith(program.prefix)) yield* checkVariable(program, name, variable);
      }
    }
  },
};

function* checkVariable(
  { name: program, prefix, parameters }: Program,
  name: string,
  { path, value }: Variable,
): Generator<Finding> {
  const key = name.slice(prefix.length).toUpperCase();
  const tag = parameters.get(key);
  if (tag === undefined) {
    const meant = surelyMeant(key, [...parameters.keys()]);
    if (meant === undefined) return;
    yield {
      path: [...path.slice(0, -1), 'name'],
      reason: 'FieldValueNotSupported',
      problem: `${program} has no such variable, and ignores it`,
      got: name,
      advice: `write ${prefix}${meant}`,
      atMost: 'warn',
    };
    return;
  }
  if (!value || value.toLowerCase() === 'none') return;
  const parameter = readTag(tag);
  const advice = adviseParameter(parameter, value);
  if (advice === undefined) return;
  const seconds = parameter.kind === 'seconds' ? /^(\d+)s$/.exec(value)?.[1] : undefined;
  yield {
    path,
    reason: 'FieldValueInvalid',
    problem: `${program} ${parameter.isFatal ? 'stops at this value' : 'uses its default instead of this value'}`,
    got: value,
    advice,
    // The unit is seconds.
    ...(seconds !== undefined && { fix: { kind: 'replace', value: seconds } }),
    ...(!parameter.isFatal && { atMost: 'warn' }),
  };
}

function inCapitals(parameters: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(parameters).map(([name, tag]) => [name.toUpperCase(), tag]));
}
