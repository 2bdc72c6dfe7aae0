// Probes of calico-node and Typha together with the settings of the health endpoint: its port, and whether it is on.
// Looks only at the environment, which wins over every FelixConfiguration.
import { read, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { ASKS_FELIX, type CalicoNode, isFalse, PROBES, readContainer } from '../../targets/calico-node.ts';
import type { ObjectInput } from '../../targets/object.ts';

interface Program {
  readonly container: string;
  readonly name: string;
  readonly prefix: string;
}

const PROGRAMS: readonly Program[] = [
  { container: 'calico-node', name: 'Felix', prefix: 'FELIX_' },
  { container: 'calico-typha', name: 'Typha', prefix: 'TYPHA_' },
];

export const healthProbes: Rule<ObjectInput> = {
  id: 'kubeadm/health-probes',
  title: 'probes must use the health port of Felix and Typha',
  action: 'deny',
  docs: {
    why: 'If a probe uses another port than the program, or the health endpoint is off, the probe fails on every node: the pod never becomes ready, or is killed again and again.',
    fix: 'Write the port of `FELIX_HEALTHPORT` or `TYPHA_HEALTHPORT` into the probe, or remove the variable; and set `FELIX_HEALTHENABLED` or `TYPHA_HEALTHENABLED` to "true". The probes of the manifests, `calico-node -felix-live`, read the port by themselves.',
    good: `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: calico-typha
  namespace: kube-system
spec:
  template:
    spec:
      containers:
        - name: calico-typha
          image: quay.io/calico/typha:v3.30.0
          env:
            - name: TYPHA_HEALTHENABLED
              value: "true"
            - name: TYPHA_HEALTHPORT
              value: "9198"
          livenessProbe:
            httpGet:
              path: /liveness
              port: 9198
              host: localhost
`,
    bad: `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: calico-typha
  namespace: kube-system
spec:
  template:
    spec:
      containers:
        - name: calico-typha
          image: quay.io/calico/typha:v3.30.0
          env:
            - name: TYPHA_HEALTHENABLED
              value: "true"
            - name: TYPHA_HEALTHPORT
              value: "9198"
          livenessProbe:
            httpGet:
              path: /liveness
              port: 9098
              host: localhost
`,
    source:
      'node/pkg/health/health.go; felix/config/config_params.go, typha/pkg/config/config_params.go (HealthEnabled, HealthPort)',
    since: '0.1.0',
  },
  *check({ object }) {
    for (const program of PROGRAMS) {
      const container = readContainer(object, program.container);
      if (container !== undefined) yield* checkProbes(program, container);
    }
  },
};

function* checkProbes(
  { name, prefix }: Program,
  { path, container, variables }: CalicoNode,
): Generator<Finding> {
  const asking = PROBES.filter((probe) => asksForHealth(read(container, probe)));
  const enabled = variables.get(`${prefix}HEALTHENABLED`);
  if (asking.length > 0 && isFalse(enabled?.value)) {
    yield {
      path: enabled?.path ?? path,
      reason: 'FieldValueForbidden',
      problem: `${name} then answers no probe, but the probes need it`,
      got: enabled?.value,
      advice: 'write "true"',
    };
  }
  const port = variables.get(`${prefix}HEALTHPORT`)?.value ?? '';
  if (!/^[0-9]{1,5}$/.test(port)) return;
  for (const probe of asking) {
    const got = read(container, probe, 'httpGet', 'port');
    // A name refers to a port of the container, which does not say where the program answers.
    if (typeof got !== 'number' || got === Number(port)) continue;
    yield {
      path: [...path, probe, 'httpGet', 'port'],
      reason: 'FieldValueInvalid',
      problem: `${name} answers on another port, set by ${prefix}HEALTHPORT`,
      got,
      advice: `write ${Number(port)}`,
    };
  }
}

/** By HTTP, or by calico-node's own command. */
function asksForHealth(probe: unknown): boolean {
  const path = readString(probe, 'httpGet', 'path') ?? '';
  if (['/liveness', '/readiness'].includes(path)) return true;
  const command = read(probe, 'exec', 'command');
  return Array.isArray(command) && command.some((word) => typeof word === 'string' && ASKS_FELIX.test(word));
}
