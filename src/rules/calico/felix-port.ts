// Ports of FelixConfiguration: ranges such as 30000:32767, and the ports that no policy can close. For Calico a name
// is a named port of a pod, which a node does not have; more than seven ranges of node ports do not fit into one rule.

import { portRangeProblem } from '../../formats/port-range.ts';
import felixConfiguration from '../../kinds/felix-configuration.json' with { type: 'json' };
import type { FieldPath } from '../../policy/field-path.ts';
import { isMap, read, readList } from '../../policy/json.ts';
import { quote } from '../../policy/message.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import { countItems, type ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { checkNumber } from '../shared/number-range.ts';

const MAX_RANGES = 7;
/** The schema has them in both cases. */
const PROTOCOLS = wordsAt(felixConfiguration, 'spec', 'failsafeInboundHostPorts', 'items', 'protocol').filter(
  (word) => word === word.toUpperCase(),
);

/** The notation of ranges in most other tools. */
const DASHED = /^([0-9]+) ?- ?([0-9]+)$/;

const PROBLEM = {
  name: 'a name is not allowed, because nodes have no named ports',
  'out-of-range': 'the highest port is 65535',
  reversed: 'the end of the range is before its start',
  format: 'invalid port range',
} as const;

export const felixPort: Rule<ObjectInput> = {
  id: 'calico/felix-port',
  title: 'ports in a FelixConfiguration must be numbers or ranges',
  action: 'deny',
  docs: {
    why: 'Calico rejects ports that it cannot parse, and more than seven ranges of node ports. Where it does not, Felix uses its default, and node ports or access to the node may be closed.',
    fix: 'Write a port, or a range with a colon: `30000:32767`. The protocol of a failsafe port is `TCP`, `UDP` or `SCTP`.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  kubeNodePortRanges: ["30000:32767"]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  kubeNodePortRanges: [30000-32767]
`,
    source: 'Calico, libcalico-go validator (FelixConfigurationSpec, ProtoPort) and numorstring.Port',
    since: '0.1.0',
  },
  *check(input) {
    const { spec } = input;
    const ranges = readList(spec, 'kubeNodePortRanges');
    const path = ['spec', 'kubeNodePortRanges'];
    const count = countItems(input, path);
    if (count > MAX_RANGES) {
      yield {
        path,
        reason: 'FieldValueInvalid',
        problem: `${count} ranges of node ports, but Felix supports at most ${MAX_RANGES}`,
        advice: 'merge some of them',
      };
    }
    for (const [index, value] of ranges.entries()) {
      yield* checkPorts([...path, index], value);
    }
    for (const field of ['natPortRange', 'bpfPSNATPorts']) {
      const value = read(spec, field);
      // Every API stores a name here, and Felix uses its default instead. A range with a dash is certainly meant as
      // a range.
      const isStored = typeof value === 'string' && portRangeProblem(value) === 'name' && !DASHED.test(value);
      for (const finding of checkPorts(['spec', field], value)) {
        yield isStored ? { ...finding, atMost: 'warn' } : finding;
      }
    }
    for (const field of ['failsafeInboundHostPorts', 'failsafeOutboundHostPorts']) {
      for (const [index, entry] of readList(spec, field).entries()) {
        if (isMap(entry)) yield* checkFailsafe(['spec', field, index], entry);
      }
    }
  },
};

function* checkPorts(path: FieldPath, value: unknown): Generator<Finding> {
  if (typeof value !== 'string' && typeof value !== 'number') return;
  const kind = portRangeProblem(value);
  if (kind === undefined) return;
  const dashed = DASHED.exec(String(value));
  const advice =
    dashed === null
      ? 'write a port or a range, such as 30000:32767'
      : `write ${quote(`${dashed[1]}:${dashed[2]}`)}`;
  const problem = dashed === null ? PROBLEM[kind] : 'a range needs a colon';
  yield { path, reason: 'FieldValueInvalid', problem, got: value, advice };
}

function* checkFailsafe(path: FieldPath, entry: unknown): Generator<Finding> {
  const protocol = read(entry, 'protocol');
  const isKnown = typeof protocol === 'string' && PROTOCOLS.includes(protocol.toUpperCase());
  if (!isKnown && protocol !== '') {
    const problem = 'this protocol has no ports';
    yield* checkAllowedValue({ path: [...path, 'protocol'], value: protocol, problem, allowed: PROTOCOLS });
  }
  const value = read(entry, 'port') ?? undefined;
  if (value === undefined) {
    const advice = 'write a port, such as 22';
    yield { path: [...path, 'port'], reason: 'FieldValueRequired', problem: 'the port is missing', advice };
  }
  yield* checkNumber({ path: [...path, 'port'], value, min: 0, max: 65_535, what: 'port' });
}
