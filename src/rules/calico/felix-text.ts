// Fields of FelixConfiguration with their own format: names of interfaces, a host, a region, lists of key=value, a
// rate. The newest CRDs or Calico's own client have patterns for them.
import type { FieldPath } from '../../policy/field-path.ts';
import { read, readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

interface Form {
  readonly pattern: RegExp;
  readonly problem: string;
  readonly advice: string;
  /** Whether the CRD also rejects an empty text. */
  readonly isNeverEmpty?: boolean;
}

const INTERFACE: Form = {
  pattern: /^[a-zA-Z0-9_.-]{1,15}$/,
  problem: 'invalid interface name',
  advice: 'write a name of at most 15 letters, digits, dots and dashes',
};
const INTERFACE_FILTER: Form = {
  pattern: /^[a-zA-Z0-9:._+-]{1,15}$/,
  problem: 'invalid iptables interface',
  advice: 'write at most 15 characters, with + at the end to match any rest',
};

const FORMS: Readonly<Record<string, Form>> = {
  featureDetectOverride: {
    pattern: /^(?:[a-zA-Z0-9_-]+=(?:true|false|),)*(?:[a-zA-Z0-9_-]+=(?:true|false|))?$/,
    problem: 'invalid feature list',
    advice: 'write a list such as SNATFullyRandom=true,MASQFullyRandom=false, without spaces',
  },
  featureGates: {
    pattern: /^(?:[a-zA-Z0-9_-]+=[^=,]+,)*(?:[a-zA-Z0-9_-]+=[^=]+)?$/,
    problem: 'invalid list of feature gates',
    advice: 'write a list such as A=true,B=false, without spaces',
  },
  iptablesNATOutgoingInterfaceFilter: INTERFACE_FILTER,
  logActionRateLimit: {
    pattern: /^[1-9][0-9]{0,3}\/(?:second|minute|hour|day)$/,
    problem: 'invalid rate',
    advice: 'use a value from 1 to 9999 per second, minute, hour or day, such as 10/second',
    isNeverEmpty: true,
  },
  logPrefix: {
    pattern: /^[a-zA-Z0-9%: /_-]*$/,
    problem: 'the prefix has characters that are not allowed',
    advice: 'use only letters, digits, spaces and % : / _ -',
  },
  openstackRegion: {
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,44}[a-z0-9])?$/,
    problem: 'must be a DNS label of at most 46 characters',
    advice: 'write it in lower case, with letters, digits and dashes only',
  },
  prometheusMetricsClientAuth: {
    pattern:
      /^(?:RequireAndVerifyClientCert|RequireAnyClientCert|VerifyClientCertIfGiven|RequestClientCert|NoClientCert)$/,
    problem: 'unsupported client certificate mode',
    advice: 'write NoClientCert, VerifyClientCertIfGiven or RequireAndVerifyClientCert',
  },
  prometheusMetricsHost: {
    pattern: /^[a-zA-Z0-9:._+-]{1,64}$/,
    problem: 'invalid host',
    advice: 'write an address, or a name of at most 64 characters',
  },
  wireguardInterfaceName: INTERFACE,
  wireguardInterfaceNameV6: INTERFACE,
};

const COMPONENT: Form = {
  pattern: /^[a-zA-Z0-9_ -]+$/,
  problem: 'unknown Felix component',
  advice: 'write a component that Felix logs, such as InternalDataplaneMainLoop',
};

export const felixText: Rule<ObjectInput> = {
  id: 'calico/felix-text',
  title: 'names, lists and rates in a FelixConfiguration must have their format',
  action: 'deny',
  docs: {
    why: 'Calico rejects a text without the format of its field. Where it does not, Felix logs the text and uses its default.',
    fix: 'Write the text as in the message, or remove the field.',
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
  // Calico's client reads * as all interfaces, and also accepts it as a name.
  yield form === INTERFACE && value === '*' ? { ...finding, atMost: 'warn' } : finding;
}
