// This rule checks single values of BGPConfiguration: numbers, words, a duration, addresses of one family, names of
// interfaces. The CRD or Calico's own client rejects a wrong value; with an invalid duration the whole object cannot be
// decoded.

import { isAsNumber } from '../../formats/bgp.ts';
import { parseDuration } from '../../formats/duration.ts';
import { parseIp } from '../../formats/ip.ts';
import bgpConfiguration from '../../kinds/bgp-configuration.json' with { type: 'json' };
import { isUnset, type JsonObject, read, readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { checkNumber } from '../shared/number-range.ts';
import { adviseDuration } from './shared/duration-advice.ts';

const WORDS = ['bindMode', 'programClusterRoutes', 'serviceLoadBalancerAggregation'].map((field) => ({
  field,
  allowed: wordsAt(bgpConfiguration, 'spec', field),
}));
const SEVERITIES = wordsAt(bgpConfiguration, 'spec', 'logSeverityScreen');
const INTERFACE = /^[a-zA-Z0-9_.*-]{1,15}$/;

export const bgpSetting: Rule<ObjectInput> = {
  id: 'calico/bgp-setting',
  title: 'the settings of BGP must have values that Calico supports',
  action: 'deny',
  docs: {
    why: 'The API server or Calico rejects the value; otherwise BIRD keeps its old configuration on every node.',
    fix: 'Write a value as in the message, or remove the field.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  asNumber: 64512
  listenPort: 179
  bindMode: NodeIP
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  asNumber: 64512
  listenPort: 0
  bindMode: NodeIP
`,
    source: 'Calico, BGPConfiguration CRD and libcalico-go validator',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { field, allowed } of WORDS) {
      const value = read(spec, field);
      yield* checkAllowedValue({
        path: ['spec', field],
        value,
        problem: 'unsupported value',
        allowed,
      });
    }
    yield* checkSeverity(spec);
    yield* checkNumbers(spec);
    yield* checkTexts(spec);
  },
};

function* checkSeverity(spec: JsonObject): Generator<Finding> {
  const value = read(spec, 'logSeverityScreen');
  const isKnown =
    typeof value === 'string' &&
    (value === '' || SEVERITIES.some((each) => each.toLowerCase() === value.toLowerCase()));
  const path = ['spec', 'logSeverityScreen'];
  if (!isKnown)
    yield* checkAllowedValue({ path, value, problem: 'unsupported log level', allowed: SEVERITIES });
}

function* checkNumbers(spec: JsonObject): Generator<Finding> {
  yield* checkNumber({
    path: ['spec', 'listenPort'],
    value: read(spec, 'listenPort'),
    min: 1,
    max: 65_535,
    what: 'port',
  });
  for (const field of ['ipv4NormalRoutePriority', 'ipv6NormalRoutePriority']) {
    const value = read(spec, field);
    yield* checkNumber({
      path: ['spec', field],
      value,
      min: 1,
      max: 2_147_483_646,
      what: 'route priority',
    });
  }
  const as = read(spec, 'asNumber');
  if ((typeof as !== 'number' && typeof as !== 'string') || isAsNumber(as)) return;
  yield {
    path: ['spec', 'asNumber'],
    reason: 'FieldValueInvalid',
    problem: 'invalid AS number',
    got: as,
    advice: 'use a value from 0 to 4294967295, such as 64512',
  };
}

function* checkTexts(spec: JsonObject): Generator<Finding> {
  const restart = read(spec, 'nodeMeshMaxRestartTime');
  if (typeof restart === 'string' && parseDuration(restart) === undefined) {
    yield {
      path: ['spec', 'nodeMeshMaxRestartTime'],
      reason: 'FieldValueInvalid',
      ...adviseDuration(restart, '120s'),
      got: restart,
    };
  }
  for (const family of ['IPv4', 'IPv6'] as const) {
    const field = `localWorkloadPeering${family.replace('v', 'V')}`;
    const value = read(spec, field);
    if (typeof value !== 'string' || value === '') continue;
    const ip = parseIp(value);
    if (ip !== undefined && !ip.leadingZeros && (ip.mapped ? 'IPv4' : ip.family) === family) continue;
    const example = family === 'IPv4' ? '169.254.0.179' : 'fe80::179';
    yield {
      path: ['spec', field],
      reason: 'FieldValueInvalid',
      problem: `must be an ${family} address`,
      got: value,
      advice: `write an address, such as ${example}`,
    };
  }
  for (const [index, value] of readList(spec, 'ignoredInterfaces').entries()) {
    if (typeof value !== 'string' || (value !== '*' && INTERFACE.test(value))) continue;
    const problem = value === '*' ? 'this would ignore all interfaces' : 'invalid interface name';
    yield {
      path: ['spec', 'ignoredInterfaces', index],
      reason: 'FieldValueInvalid',
      problem,
      got: value,
      advice: 'write a name of at most 15 characters, such as docker*',
    };
  }
  const secret = read(spec, 'nodeMeshPassword', 'secretKeyRef');
  if (isUnset(secret) || typeof secret !== 'object') return;
  const key = read(secret, 'key') ?? undefined;
  if (key !== undefined && key !== '') return;
  yield {
    path: ['spec', 'nodeMeshPassword', 'secretKeyRef', 'key'],
    reason: 'FieldValueRequired',
    problem: 'the key of the Secret is missing',
    advice: 'write the key that holds the password',
  };
}
