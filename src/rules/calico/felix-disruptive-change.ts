// Switches of Felix that interrupt traffic while the nodes change over one after the other: another dataplane forgets
// running connections, and nodes with another VXLAN port or identifier, or with WireGuard, do not understand the rest.
import { type JsonObject, read } from '../../policy/json.ts';
import { describe } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

interface Switch {
  /** What Felix takes where nothing is written; undefined where that differs between releases. */
  readonly standard: unknown;
  readonly consequence: string;
  readonly advice: string;
}

const DATAPLANE: Omit<Switch, 'standard'> = {
  consequence: 'another dataplane drops running connections',
  advice: 'plan an interruption, and restart pods with old connections',
};
const TUNNEL: Omit<Switch, 'standard'> = {
  consequence: 'nodes lose each other while they change over',
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
  title: 'a change of Felix that interrupts traffic',
  action: 'warn',
  docs: {
    why: 'Felix takes up the change on each node by itself. A new dataplane knows nothing of running connections, and nodes that changed already do not understand those that have not.',
    fix: 'Do it when an interruption is fine. Before `bpfEnabled` see to it that kube-proxy is off and that Calico reaches the API server without it.',
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

/** A scalar: of any other value another rule speaks. */
function readScalar(spec: JsonObject, field: string, standard: unknown): unknown {
  const value = read(spec, field) ?? standard;
  return typeof value === 'object' ? undefined : value;
}
