// This rule reports changes of settings of Felix that interrupt traffic while the nodes change one after the other:
// another dataplane does not have the running connections, and nodes with another VXLAN port or identifier, or with
// WireGuard, cannot talk to the rest.
import { type JsonObject, read } from '../../policy/json.ts';
import { describe } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

interface Switch {
  /** The default of Felix; undefined if it differs between releases. */
  readonly standard: unknown;
  readonly consequence: string;
  readonly advice: string;
}

const DATAPLANE: Omit<Switch, 'standard'> = {
  consequence: 'this drops running connections',
  advice: 'plan an interruption, then restart pods with old connections',
};
const TUNNEL: Omit<Switch, 'standard'> = {
  consequence: 'nodes cannot reach each other while they change',
  advice: 'plan an interruption',
};

const SWITCHES: Readonly<Record<string, Switch>> = {
  bpfEnabled: { standard: false, ...DATAPLANE },
  nftablesMode: { standard: undefined, ...DATAPLANE },
  vxlanPort: { standard: 4789, ...TUNNEL },
  vxlanVNI: { standard: 4096, ...TUNNEL },
  wireguardEnabled: { standard: false, ...TUNNEL },
  wireguardEnabledV6: { standard: false, ...TUNNEL },
};

export const felixDisruptiveChange: Rule<ObjectInput> = {
  id: 'calico/felix-disruptive-change',
  title: 'Felix settings that interrupt traffic should only change on purpose',
  action: 'warn',
  docs: {
    why: 'Felix applies the change on each node separately. A new dataplane does not know the running connections, and changed nodes cannot talk to nodes that have not changed yet.',
    fix: 'Make the change when an interruption is acceptable. Before you set `bpfEnabled`, make sure that kube-proxy is off and that Calico reaches the API server without it.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  logSeverityScreen: Debug
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  bpfEnabled: true
  bpfDataIfacePattern: ^eth.*
`,
    old: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  logSeverityScreen: Info
`,
    source: 'Calico, documentation of the eBPF dataplane, of VXLAN and of WireGuard',
    since: '0.1.0',
  },
  *check({ spec, old }) {
    if (old === undefined) return;
    for (const [field, { standard, consequence, advice }] of Object.entries(SWITCHES)) {
      const value = readScalar(spec, field, standard);
      const before = readScalar(old.spec, field, standard);
      if (value === undefined || before === undefined || value === before) continue;
      const problem = `${consequence}, changed from ${describe(before)}`;
      const got = read(spec, field) ?? undefined;
      yield { path: ['spec', field], reason: 'FieldValueInvalid', problem, got, advice };
    }
  },
};

/** A scalar; another rule reports any other value. */
function readScalar(spec: JsonObject, field: string, standard: unknown): unknown {
  const value = read(spec, field) ?? standard;
  return typeof value === 'object' ? undefined : value;
}
