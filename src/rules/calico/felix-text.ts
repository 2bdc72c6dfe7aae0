// Fields of FelixConfiguration with a form of their own: names of interfaces, a host, a region, lists of key=value, a
// rate. Patterns in the newest CRDs or in Calico's own client.
import type { FieldPath } from '../../policy/field-path.ts';
import { read, readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

interface Form {
  readonly pattern: RegExp;
  readonly problem: string;
  readonly advice: string;
  /** Whether the CRD takes no empty text either. */
  readonly isNeverEmpty?: boolean;
}

const INTERFACE: Form = {
  pattern: /^[a-zA-Z0-9_.-]{1,15}$/,
  problem: 'not a name of an interface',
  advice: 'write at most 15 letters, digits, dots and dashes',
};
const INTERFACE_FILTER: Form = {
  pattern: /^[a-zA-Z0-9:._+-]{1,15}$/,
  problem: 'not an interface in the form of iptables',
  advice: 'write at most 15 characters, with + at the end for any',
};

const FORMS: Readonly<Record<string, Form>> = {
  featureDetectOverride: {
    pattern: /^(?:[a-zA-Z0-9_-]+=(?:true|false|),)*(?:[a-zA-Z0-9_-]+=(?:true|false|))?$/,
    problem: 'not a list of features',
    advice: 'write such as SNATFullyRandom=true,MASQFullyRandom=false, without blanks',
  },
  featureGates: {
    pattern: /^(?:[a-zA-Z0-9_-]+=[^=,]+,)*(?:[a-zA-Z0-9_-]+=[^=]+)?$/,
    problem: 'not a list of feature gates',
    advice: 'write such as A=true,B=false, without blanks',
  },
  iptablesNATOutgoingInterfaceFilter: INTERFACE_FILTER,
  logActionRateLimit: {
    pattern: /^[1-9][0-9]{0,3}\/(?:second|minute|hour|day)$/,
    problem: 'not a rate',
    advice: 'use a value from 1 to 9999 per second, minute, hour or day, such as 10/second',
    isNeverEmpty: true,
  },
  logPrefix: {
    pattern: /^[a-zA-Z0-9%: /_-]*$/,
    problem: 'a prefix of log lines with other characters',
    advice: 'use letters, digits, blanks and % : / _ - only',
  },
  openstackRegion: {
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,44}[a-z0-9])?$/,
    problem: 'not a DNS label of at most 46 characters',
    advice: 'write it in lower case, with digits and dashes only',
  },
  prometheusMetricsClientAuth: {
    pattern:
      /^(?:RequireAndVerifyClientCert|RequireAnyClientCert|VerifyClientCertIfGiven|RequestClientCert|NoClientCert)$/,
    problem: 'not a way of asking clients for certificates',
    advice: 'write NoClientCert, VerifyClientCertIfGiven or RequireAndVerifyClientCert',
  },
  prometheusMetricsHost: {
    pattern: /^[a-zA-Z0-9:._+-]{1,64}$/,
    problem: 'not a host',
    advice: 'write an address or a name of at most 64 characters',
  },
  wireguardInterfaceName: INTERFACE,
  wireguardInterfaceNameV6: INTERFACE,
};

const COMPONENT: Form = {
  pattern: /^[a-zA-Z0-9_ -]+$/,
  problem: 'not a name of a component of Felix',
  advice: 'write one that Felix logs, such as InternalDataplaneMainLoop',
};

export const felixText: Rule<ObjectInput> = {
  id: 'calico/felix-text',
  title: 'names, lists and rates of Felix have their form',
  action: 'deny',
  docs: {
    why: 'Calico rejects a text without the form of its field; where it does not, Felix logs it and takes its default.',
    fix: 'Write it as the message says, or remove the field.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  wireguardInterfaceName: wireguard.cali
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  wireguardInterfaceName: wireguard-of-calico
`,
    source: 'Calico, FelixConfiguration CRD: patterns; libcalico-go validator',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [field, form] of Object.entries(FORMS)) {
      const value = read(spec, field);
      if (value !== '' || form.isNeverEmpty) yield* checkForm(['spec', field], value, form);
    }
    for (const [index, value] of readList(spec, 'bpfForceTrackPacketsFromIfaces').entries()) {
      yield* checkForm(['spec', 'bpfForceTrackPacketsFromIfaces', index], value, INTERFACE_FILTER);
    }
    for (const [index, override] of readList(spec, 'healthTimeoutOverrides').entries()) {
      yield* checkForm(
        ['spec', 'healthTimeoutOverrides', index, 'name'],
        read(override, 'name') ?? '',
        COMPONENT,
      );
    }
  },
};

function* checkForm(path: FieldPath, value: unknown, form: Form): Generator<Finding> {
  const { pattern, problem, advice } = form;
  if (typeof value !== 'string' || pattern.test(value)) return;
  const finding: Finding = { path, reason: 'FieldValueInvalid', problem, got: value, advice };
  // Calico's client means all interfaces where it reads *, and takes it as a name as well.
  yield form === INTERFACE && value === '*' ? { ...finding, atMost: 'warn' } : finding;
}
