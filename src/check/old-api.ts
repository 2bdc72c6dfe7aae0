import type { FieldPath } from '../policy/field-path.ts';
import { isUnset, type JsonObject, read, readString } from '../policy/json.ts';

// Objects of calicoctl before Calico 3: apiVersion v1, and what identifies them stands in their metadata. No API serves
// them any more. Fields: https://github.com/projectcalico/calico/tree/master/libcalico-go/lib/apis/v1; what becomes of
// them: libcalico-go/lib/upgrade/converters.

/** An old object as the API of today has it. */
export interface ConvertedObject {
  readonly object: JsonObject;
  /** Where a field of today stands in the old object; undefined where nothing was written for it. */
  sourceOf(path: FieldPath): FieldPath | undefined;
}

/** A field of today, and where it came from. */
interface Field {
  readonly to: string;
  readonly from: FieldPath;
  /** By default the value stays as it is. */
  readonly convert?: (value: unknown, old: JsonObject) => unknown;
}

interface OldKind {
  readonly kind: string;
  readonly spec: readonly Field[];
}

const KINDS: Readonly<Record<string, OldKind>> = {
  ipPool: {
    kind: 'IPPool',
    spec: [
      { to: 'cidr', from: ['metadata', 'cidr'] },
      { to: 'ipipMode', from: ['spec', 'ipip', 'mode'], convert: toMode },
      { to: 'natOutgoing', from: ['spec', 'nat-outgoing'] },
      { to: 'disabled', from: ['spec', 'disabled'] },
    ],
  },
  bgpPeer: {
    kind: 'BGPPeer',
    spec: [
      { to: 'node', from: ['metadata', 'node'] },
      { to: 'peerIP', from: ['metadata', 'peerIP'] },
      { to: 'asNumber', from: ['spec', 'asNumber'] },
    ],
  },
  hostEndpoint: {
    kind: 'HostEndpoint',
    spec: [
      { to: 'node', from: ['metadata', 'node'] },
      { to: 'interfaceName', from: ['spec', 'interfaceName'] },
      { to: 'expectedIPs', from: ['spec', 'expectedIPs'] },
      { to: 'profiles', from: ['spec', 'profiles'] },
    ],
  },
};

/** Nothing in them need name Calico. */
export const OLD_KINDS: readonly string[] = [...Object.keys(KINDS), 'workloadEndpoint'];

/** What an object of one of these kinds is today; undefined where no rule is about it. */
export function newKindOf(kind: string): string | undefined {
  return KINDS[kind]?.kind;
}

/** Undefined where the object is not of the old API, or no rule is about what it is today. */
export function convertOld(old: JsonObject): ConvertedObject | undefined {
  const known = old['apiVersion'] === 'v1' ? KINDS[readString(old, 'kind') ?? ''] : undefined;
  if (known === undefined) return undefined;
  const written = known.spec.filter(({ from }) => !isUnset(read(old, ...from)));
  const spec = written.map(({ to, from, convert = keep }) => [to, convert(read(old, ...from), old)]);
  return {
    object: {
      apiVersion: 'projectcalico.org/v3',
      kind: known.kind,
      // `calicoctl convert` makes one; nothing that is found in it is told.
      metadata: { name: 'converted' },
      spec: Object.fromEntries(spec),
    },
    sourceOf: ([part, name, ...below]) => {
      const field = part === 'spec' ? written.find(({ to }) => to === name) : undefined;
      return field && [...field.from, ...below];
    },
  };
}

function keep(value: unknown): unknown {
  return value;
}

/** The old mode had other words, and held only where IPIP was on. */
function toMode(mode: unknown, old: JsonObject): unknown {
  if (read(old, 'spec', 'ipip', 'enabled') !== true) return 'Never';
  return mode === 'always' ? 'Always' : mode === 'cross-subnet' ? 'CrossSubnet' : mode;
}
