// The network of Azure drops the packets of BIRD's routes (no BGP, no IP-in-IP between virtual machines); its own
// route tables carry the traffic of pods instead. With the backend bird, which is also the default, an Azure cluster
// has no traffic between nodes. Gardener's documentation spells the right value None; the API value is none.
//
// On a Shoot only bird and None are replaced: any other backend was a choice of the user. On a Network of a seed every
// other backend is replaced, because provider-azure's own webhook does the same.
import type { Cel, CelObject } from '../policy/cel.ts';
import { isMap, isUnset, read } from '../policy/json.ts';
import type { MessageParts } from '../policy/message.ts';
import type { Effect, Mutation, SetInCel } from '../policy/types.ts';
import { NETWORK_CONFIG_PATH } from '../targets/network.ts';
import type { NetworkConfigInput } from '../targets/network-config.ts';
import { SHOOT_CONFIG_PATH } from '../targets/shoot.ts';

const BACKEND = 'none';

export const azureBackend: Mutation<NetworkConfigInput> = {
  id: 'azure-backend',
  title: 'the backend is set to none on Azure',
  docs: {
    why: 'The network of Azure carries neither BGP nor IP-in-IP: with the backend bird, which is the default, pods on different nodes cannot reach each other.',
    fix: "Write `backend: none` in the manifest (Gardener's documentation spells it None), so that Git and the cluster agree.",
    good: `
kind: Shoot
spec:
  provider:
    type: azure
  networking:
    type: calico
    providerConfig:
      backend: none
`,
    bad: `
kind: Shoot
spec:
  provider:
    type: azure
  networking:
    type: calico
    providerConfig:
      backend: bird
`,
    source:
      'gardener-extension-provider-azure, pkg/webhook/network; its documentation for Shoots with Calico',
    since: '0.1.0',
  },
  inCel: { shoot: setOnShoot, network: setOnNetwork },
  mutate(input) {
    return input.target === 'network' ? mutateNetwork(input) : mutateShoot(input);
  },
};

function* mutateShoot(input: NetworkConfigInput): Iterable<Effect> {
  if (input.provider !== 'azure' || !isReadable(input)) return;
  const backend = read(input.config, 'backend');
  if (isUnset(backend)) {
    if (input.isTyped) yield { kind: 'set', path: ['backend'], value: BACKEND };
  } else if (backend === 'bird' || backend === 'None') {
    yield { kind: 'set', path: ['backend'], value: BACKEND, replaces: replacement(backend) };
  }
}

function* mutateNetwork(input: NetworkConfigInput): Iterable<Effect> {
  if (input.provider === undefined) {
    yield {
      kind: 'advise',
      path: [...input.configPath, 'backend'],
      reason: 'FieldValueInvalid',
      problem: 'a Network at /mutate does not name its cloud, so nothing was changed',
      advice: 'register /mutate/azure with a namespaceSelector',
    };
    return;
  }
  if (input.provider !== 'azure') return;
  if (!isReadable(input)) {
    yield {
      kind: 'reject',
      path: input.configPath,
      reason: 'FieldValueTypeInvalid',
      problem: 'must be a map',
      got: input.configValue,
      advice: 'write a NetworkConfig, or remove it',
    };
    return;
  }
  const backend = read(input.config, 'backend');
  if (backend === BACKEND) return;
  if (!isUnset(backend) && (input.isTyped || backend === 'bird' || backend === 'None')) {
    yield { kind: 'set', path: ['backend'], value: BACKEND, replaces: replacement(backend) };
  } else if (input.isTyped) {
    yield { kind: 'set', path: ['backend'], value: BACKEND };
  }
}

function setOnShoot({ object }: Cel): SetInCel {
  const isAzure = object.is(['spec', 'provider', 'type'], 'azure');
  const backend = [...SHOOT_CONFIG_PATH, 'backend'];
  const isTyped = object.is(['spec', 'networking', 'type'], 'calico');
  const isMissing = `${object.isUnset(backend)} && ${isTyped}`;
  return {
    field: 'backend',
    value: BACKEND,
    when: `${isAzure} && (${isReplaced(object, backend)} || ${isMissing})`,
  };
}

/** The namespaceSelector of the policy says that it is on Azure. */
function setOnNetwork({ object }: Cel): SetInCel {
  const backend = [...NETWORK_CONFIG_PATH, 'backend'];
  const isTyped = object.is(['spec', 'type'], 'calico');
  return {
    field: 'backend',
    value: BACKEND,
    when: `!${object.is(backend, BACKEND)} && (${isReplaced(object, backend)} || ${isTyped})`,
  };
}

function isReplaced(object: CelObject, backend: readonly string[]): string {
  return `${object.is(backend, 'bird')} || ${object.is(backend, 'None')}`;
}

function isReadable(input: NetworkConfigInput): boolean {
  return isUnset(input.configValue) || isMap(input.configValue);
}

function replacement(backend: unknown): MessageParts {
  return {
    problem: 'does not work on Azure and was replaced by none',
    got: backend,
    advice: 'write backend: none in the manifest',
  };
}
