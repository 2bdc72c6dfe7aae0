// This rule reports requests and limits that are quantities, but not valid for a container. The operator validates
// those of its overrides as the API server does. It copies componentResources without validation.
import { isQualifiedName } from '../../formats/dns.ts';
import { parseQuantity, type Quantity } from '../../formats/quantity.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { isUnset, type JsonObject, read, readMap } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listResources } from './shared/overrides.ts';

const COMPUTE: readonly string[] = ['cpu', 'memory', 'ephemeral-storage'];
const HUGE_PAGES = 'hugepages-';
const OF_KUBERNETES = 'kubernetes.io/';

export const installationResources: Rule<ObjectInput> = {
  id: 'tigera/installation-resources',
  title: 'requests and limits in an Installation must be valid for a container',
  action: 'deny',
  docs: {
    why: 'The operator rejects requests and limits that are not valid for a container: it reports a degraded TigeraStatus and changes nothing. It does not validate `componentResources`. There the API server rejects the DaemonSet or Deployment, and the finding is a warning.',
    fix: 'Name `cpu`, `memory` or `ephemeral-storage`, or a resource with a domain such as `example.org/gpu`. Write amounts of 0 or more, and requests that are at most the limits.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNodeDaemonSet:
    spec:
      template:
        spec:
          containers:
            - name: calico-node
              resources:
                requests:
                  memory: 128Mi
                limits:
                  memory: 256Mi
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNodeDaemonSet:
    spec:
      template:
        spec:
          containers:
            - name: calico-node
              resources:
                requests:
                  memory: 512Mi
                limits:
                  memory: 256Mi
`,
    source:
      'Tigera operator of Calico 3.33, pkg/common/k8svalidation/v1validation.go; Kubernetes 1.36, ValidateContainerResourceRequirements',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, values } of listResources(spec)) {
      const isPassedOn = path[1] === 'componentResources';
      for (const finding of checkResources(path, values)) {
        yield isPassedOn ? { ...finding, atMost: 'warn' } : finding;
      }
    }
  },
};

function* checkResources(path: FieldPath, values: JsonObject): Generator<Finding> {
  for (const field of ['limits', 'requests']) {
    for (const [name, value] of Object.entries(readMap(values, field) ?? {})) {
      if (!isUnset(value)) yield* checkAmount([...path, field, name], name, value);
    }
  }
  for (const [name, value] of Object.entries(readMap(values, 'requests') ?? {})) {
    const limit = read(values, 'limits', name);
    if (!isUnset(limit)) yield* checkLimit([...path, 'requests', name], name, value, limit);
  }
}

function* checkAmount(path: FieldPath, name: string, value: unknown): Generator<Finding> {
  if (!isResource(name)) {
    const problem = 'not a resource of a container';
    const advice = 'write cpu, memory, or a name such as example.org/gpu';
    yield { path, at: 'key', reason: 'FieldValueInvalid', problem, got: name, advice };
    return;
  }
  const quantity = parseQuantity(value);
  if (quantity === undefined) return;
  if (quantity.sign < 0) {
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: 'the amount is negative',
      got: value,
      advice: 'write 0 or more',
    };
  } else if (isExtended(name) && !quantity.isInteger) {
    const problem = 'the amount must be a whole number';
    yield { path, reason: 'FieldValueInvalid', problem, got: value, advice: 'write a whole number' };
  }
}

function* checkLimit(path: FieldPath, name: string, value: unknown, limit: unknown): Generator<Finding> {
  const [request, most] = [nanosOf(parseQuantity(value)), nanosOf(parseQuantity(limit))];
  if (request === undefined || most === undefined || request === most) return;
  if (isExtended(name) || name.startsWith(HUGE_PAGES)) {
    const problem = `the request for ${name} must be equal to the limit`;
    yield { path, reason: 'FieldValueInvalid', problem, got: value, advice: `write ${String(limit)}` };
  } else if (request > most) {
    const advice = `write at most ${String(limit)}, or raise the limit`;
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: 'the request is greater than the limit',
      got: value,
      advice,
    };
  }
}

/** In billionths. Undefined where the value is not a quantity, or has too many digits. */
function nanosOf(quantity: Quantity | undefined): bigint | undefined {
  return quantity?.nanos === undefined ? undefined : BigInt(quantity.sign) * quantity.nanos;
}

function isResource(name: string): boolean {
  if (!isQualifiedName(name)) return false;
  if (!name.includes('/')) return COMPUTE.includes(name) || name.startsWith(HUGE_PAGES);
  return name.includes(OF_KUBERNETES) || !name.startsWith('requests.');
}

/** A resource of a device plugin. Its amounts are whole numbers. */
function isExtended(name: string): boolean {
  return name.includes('/') && !name.includes(OF_KUBERNETES);
}
