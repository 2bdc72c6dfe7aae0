// autoScaling decides which resources calico-node and Typha get. The block needs a mode, and its resources can only be
// cpu and memory with positive quantities; otherwise the extension rejects the whole configuration. If it did not,
// Kubernetes would reject the pods, and new nodes would have no network.

import { parseQuantity } from '../../formats/quantity.ts';
import networkConfig from '../../kinds/network-config.json' with { type: 'json' };
import type { FieldPath } from '../../policy/field-path.ts';
import { isUnset, type JsonObject, read, readMap } from '../../policy/json.ts';
import { type Explanation, listAlternatives } from '../../policy/message.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { NetworkConfigInput } from '../../targets/network-config.ts';
import { adviseWord, checkAllowedValue } from '../shared/allowed-value.ts';

const MODES = wordsAt(networkConfig, 'autoScaling', 'mode');
const RESOURCES: readonly string[] = ['cpu', 'memory'];
const UNITS: readonly string[] = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'k', 'M', 'G', 'T', 'P', 'E'];

export const autoscaling: Rule<NetworkConfigInput> = {
  id: 'shoot/autoscaling',
  title: 'autoScaling must have a supported mode, and resources that a pod can use',
  action: 'deny',
  docs: {
    why: 'The extension rejects the configuration: calico-node and Typha keep their old resources, and the network is not reconciled.',
    fix: 'Write a mode (`cluster-proportional`, `vpa` or `static`), and under `node` and `typha` only `cpu` and `memory` with positive quantities.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      autoScaling:
        mode: static
        resources:
          node:
            cpu: 250m
            memory: 256Mi
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      autoScaling:
        mode: static
        resources:
          node:
            cpu: "0"
            memory: 256MB
`,
    source:
      'gardener-extension-networking-calico, validation of the NetworkConfig; apimachinery, pkg/api/resource',
    since: '0.1.0',
  },
  *check({ config, configPath }) {
    const block = readMap(config, 'autoScaling');
    if (block === undefined) return;
    const path = [...configPath, 'autoScaling'];
    yield* checkMode([...path, 'mode'], read(block, 'mode'));
    for (const component of ['node', 'typha']) {
      const resources = readMap(block, 'resources', component) ?? {};
      yield* checkResources([...path, 'resources', component], resources);
    }
  },
};

function* checkMode(path: FieldPath, mode: unknown): Generator<Finding> {
  if (isUnset(mode) || mode === '') {
    yield {
      path,
      reason: 'FieldValueRequired',
      problem: 'the mode is missing',
      got: mode,
      advice: `use ${listAlternatives(MODES)}, or remove the block`,
    };
  } else {
    yield* checkAllowedValue({ path, value: mode, problem: 'unsupported autoScaling mode', allowed: MODES });
  }
}

function* checkResources(path: FieldPath, resources: JsonObject): Generator<Finding> {
  for (const [name, value] of Object.entries(resources)) {
    if (!RESOURCES.includes(name)) {
      yield {
        path: [...path, name],
        at: 'key',
        reason: 'FieldValueForbidden',
        problem: 'unsupported resource',
        got: name,
        advice: adviseResource(name),
      };
    } else if (value === null || typeof value === 'string' || typeof value === 'number') {
      const problem = quantityProblem(value, name);
      if (problem !== undefined) {
        yield { path: [...path, name], reason: 'FieldValueInvalid', ...problem, got: value };
      }
    }
  }
}

function adviseResource(name: string): string {
  return name === '' ? `use ${listAlternatives(RESOURCES)}` : adviseWord(name, RESOURCES);
}

/** At most one finding for each value: the first thing that makes it invalid. */
function quantityProblem(value: string | number | null, resource: string): Explanation | undefined {
  const example = resource === 'cpu' ? '100m' : '128Mi';
  const quantity = parseQuantity(value);
  if (quantity === undefined) {
    const meant = typeof value === 'string' ? meantQuantity(value) : undefined;
    const write = meant === undefined ? 'write' : `did you mean ${meant}? Write`;
    return { problem: 'invalid quantity', advice: `${write} a number and a unit, such as ${example}` };
  }
  if (quantity.sign === 0) {
    return {
      problem: 'the quantity cannot be zero',
      advice: `write a larger quantity, such as ${example}, or remove it`,
    };
  }
  if (quantity.sign < 0) {
    return {
      problem: 'the quantity cannot be negative',
      advice: `write a quantity above zero, such as ${example}`,
    };
  }
  return undefined;
}

/** `100MB`, `1 Gi` and `128mi` can only mean one quantity; a text that is too long for a typing mistake means none. */
function meantQuantity(text: string): string | undefined {
  if (text.length > 64) return undefined;
  const [, number = '', unit = ''] =
    /^([0-9]{1,20}(?:\.[0-9]{1,9})?)\s*([A-Za-z]{0,3})$/.exec(text.trim()) ?? [];
  const bare = unit.replace(/b$/i, '').toLowerCase();
  const suffix = bare === '' ? '' : UNITS.find((known) => known.toLowerCase() === bare);
  const meant = suffix === undefined ? undefined : `${number}${suffix}`;
  return meant !== undefined && parseQuantity(meant)?.sign === 1 ? meant : undefined;
}
