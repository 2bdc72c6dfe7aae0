// This rule checks addresses and ranges of FelixConfiguration. Some must be of one family: externalNodesList,
// natOutgoingAddress and deviceRouteSourceAddress are IPv4. Only the newest CRDs validate some of them; Felix accepts
// no other.
import { parseCidr } from '../../formats/cidr.ts';
import { type IpFamily, parseIp } from '../../formats/ip.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { read, readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const ADDRESSES: Readonly<Record<string, IpFamily>> = {
  deviceRouteSourceAddress: 'IPv4',
  deviceRouteSourceAddressIPv6: 'IPv6',
  natOutgoingAddress: 'IPv4',
};

export const felixAddress: Rule<ObjectInput> = {
  id: 'calico/felix-address',
  title: 'addresses and ranges in a FelixConfiguration must be valid and of the right family',
  action: 'deny',
  docs: {
    why: 'Calico rejects an address that it cannot parse or that is of the other family. Where it does not, Felix ignores the setting.',
    fix: 'Write an address, or a range where the field accepts ranges. Write IPv4 where the message says so.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  externalNodesList: [192.0.2.7, 198.51.100.0/24]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  externalNodesList: ["2001:db8::7"]
`,
    source: 'Calico, FelixConfiguration CRD (projectcalico.org/v3) and libcalico-go validator',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [field, family] of Object.entries(ADDRESSES)) {
      const value = read(spec, field);
      if (typeof value !== 'string' || value === '' || familyOf(value, 'address') === family) continue;
      const example = family === 'IPv4' ? '192.0.2.7' : '2001:db8::7';
      yield {
        path: ['spec', field],
        reason: 'FieldValueInvalid',
        problem: `must be an ${family} address`,
        got: value,
        advice: `write an address, such as ${example}`,
      };
    }
    for (const [index, value] of readList(spec, 'externalNodesList').entries()) {
      const path = ['spec', 'externalNodesList', index];
      const found = yield* checkRange(path, value);
      if (found !== 'IPv6') continue;
      yield {
        path,
        reason: 'FieldValueInvalid',
        problem: 'must be IPv4',
        got: value,
        advice: 'remove it, or write IPv4',
      };
    }
    for (const field of ['bpfDSROptoutCIDRs', 'bpfExcludeCIDRsFromNAT']) {
      for (const [index, value] of readList(spec, field).entries()) {
        yield* checkRange(['spec', field, index], value);
      }
    }
  },
};

/** A range or a single address; returns its family. */
function* checkRange(path: FieldPath, value: unknown): Generator<Finding, IpFamily | undefined> {
  if (typeof value !== 'string') return undefined;
  const family = familyOf(value, 'range');
  if (family === undefined) {
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: 'must be an address or a range',
      got: value,
      advice: 'write a range, such as 192.0.2.0/24',
      // The CRDs accept an empty entry in lists of ranges.
      ...(value === '' && path[1] !== 'externalNodesList' ? { atMost: 'warn' } : {}),
    };
  }
  return family;
}

function familyOf(text: string, what: 'address' | 'range'): IpFamily | undefined {
  const cidr = what === 'range' ? parseCidr(text) : undefined;
  if (cidr !== undefined) return cidr.family;
  const ip = parseIp(text);
  if (ip === undefined || ip.leadingZeros) return undefined;
  return ip.mapped ? 'IPv4' : ip.family;
}
