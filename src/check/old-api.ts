import type { FieldPath } from '../policy/field-path.ts';
import { isUnset, type JsonObject, read, readString } from '../policy/json.ts';

// Objects of calicoctl before Calico 3: apiVersion v1, with identifying fields in their metadata. No API serves them
// any more. Fields: https://github.com/projectcalico/calico/tree/master/libcalico-go/lib/apis/v1; conversion:
// libcalico-go/lib/upgrade/converters.

/** An old object, converted to the present API. */
export interface ConvertedObject {
  readonly object: JsonObject;
  /** The path of a present field in the old object. Undefined where nothing was written for it. */
  sourceOf(path: FieldPath): FieldPath | undefined;
}

/** A present field, and the old field that it comes from. */
interface Field {
  readonly to: string;
  readonly from: FieldPath;
  /** Default: the value stays the same. */
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

/** These objects may not contain the word Calico. */
export const OLD_KINDS: readonly string[] = [...Object.keys(KINDS), 'workloadEndpoint'];

/** The present kind. Undefined where no rule is about it. */
export function newKindOf(kind: string): string | undefined {
  return KINDS[kind]?.kind;
}

/** Undefined where the object is not of the old API, or where no rule is about its present kind. */
export function convertOld(old: JsonObject): ConvertedObject | undefined {
  const known = old['apiVersion'] === 'v1' ? KINDS[readString(old, 'kind') ?? ''] : undefined;
  if (known === undefined) return undefined;
  const written = known.spec.filter(({ from }) => !isUnset(read(old, ...from)));
  const spec = written.map(({ to, from, convert = keep }) => [to, convert(read(old, ...from), old)]);
  return {
    object: {
      apiVersion: 'projectcalico.org/v3',
      kind: known.kind,
      // `calicoctl convert` makes a name. Findings on it are not shown.
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

/** The old field had other words, and counted only where IPIP was on. */
function toMode(mode: unknown, old: JsonObject): unknown {
  if (read(old, 'spec', 'ipip', 'enabled') !== true) return 'Never';
  return mode === 'always' ? 'Always' : mode === 'cross-subnet' ? 'CrossSubnet' : mode;
}
