// Settings that kOps passes on, or drops, and that nothing reads while another setting is missing. Only what is
// certain is reported, and only values that ask for something: an explicit default is not a mistake.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { inCalico } from './shared/calico-field.ts';

interface Setting {
  readonly name: string;
  /** Whether the value asks for something; other rules report what kOps rejects. */
  readonly asks: (value: unknown) => boolean;
  readonly isRead: (input: KopsClusterInput) => boolean;
  readonly problem: string;
  readonly advice: string;
}

const isTrue = (value: unknown) => value === true;
const isWord = (value: unknown) => typeof value === 'string' && value !== '';
const isOneOf =
  (...words: unknown[]) =>
  (value: unknown) =>
    words.includes(value);
const isPortOtherThan = (port: number) => (value: unknown) =>
  typeof value === 'number' && value !== 0 && value !== port;

const isOn = (name: string) => (input: KopsClusterInput) => read(input.calico, name) === true;
const hasTypha = ({ calico }: KopsClusterInput) => Number(read(calico, 'typhaReplicas') ?? 0) > 0;

const SETTINGS: readonly Setting[] = [
  ...[
    { name: 'bpfExternalServiceMode', asks: isOneOf('DSR') },
    { name: 'bpfKubeProxyIptablesCleanupEnabled', asks: isTrue },
    { name: 'bpfLogLevel', asks: isOneOf('Info', 'Debug') },
  ].map((each) => ({
    ...each,
    isRead: isOn('bpfEnabled'),
    problem: 'no effect unless bpfEnabled is true',
    advice: 'remove it',
  })),
  ...[
    { name: 'prometheusMetricsPort', asks: isPortOtherThan(9091) },
    { name: 'prometheusGoMetricsEnabled', asks: isTrue },
    { name: 'prometheusProcessMetricsEnabled', asks: isTrue },
  ].map((each) => ({
    ...each,
    isRead: isOn('prometheusMetricsEnabled'),
    problem: 'no effect unless prometheusMetricsEnabled is true',
    advice: 'remove it, or set that to true',
  })),
  {
    name: 'typhaPrometheusMetricsEnabled',
    asks: isTrue,
    isRead: hasTypha,
    problem: 'no effect without Typha',
    advice: 'remove it, or set typhaReplicas',
  },
  {
    name: 'typhaPrometheusMetricsPort',
    asks: isPortOtherThan(9093),
    isRead: (input) => hasTypha(input) && isOn('typhaPrometheusMetricsEnabled')(input),
    problem: 'no effect unless Typha and its metrics are on',
    advice: 'remove it, or set typhaPrometheusMetricsEnabled',
  },
  {
    name: 'awsSrcDstCheck',
    asks: isOneOf('Enable', 'Disable'),
    isRead: ({ cloud }) => cloud === undefined || cloud === 'aws',
    problem: 'kOps sets it to DoNothing outside AWS',
    advice: 'remove it',
  },
  {
    name: 'ipv6AutoDetectionMethod',
    asks: isWord,
    isRead: ({ isIpv6 }) => isIpv6,
    problem: 'nodes of IPv4 clusters do not detect an IPv6 address',
    advice: 'remove it',
  },
  {
    name: 'ipv4AutoDetectionMethod',
    asks: isWord,
    isRead: ({ isIpv6 }) => !isIpv6,
    problem: 'nodes of IPv6 clusters do not detect an IPv4 address',
    advice: 'remove it',
  },
];

export const settingWithoutEffect: Rule<KopsClusterInput> = {
  id: 'kops/setting-without-effect',
  title: 'a setting should not depend on another setting that is off',
  action: 'warn',
  docs: {
    why: 'kOps accepts the setting, and nothing reads it in this combination. The setting has no effect.',
    fix: 'Remove it, or set the field from the message.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      prometheusMetricsEnabled: true
      prometheusMetricsPort: 9191
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      bpfLogLevel: Debug
`,
    source: "kOps, the addon's template (networking.projectcalico.org)",
    since: '0.1.0',
  },
  *check(input) {
    for (const { name, asks, isRead, problem, advice } of SETTINGS) {
      const value = read(input.calico, name);
      if (!asks(value) || isRead(input)) continue;
      yield {
        path: inCalico(name),
        reason: 'FieldValueInvalid',
        problem,
        got: value,
        advice,
      };
    }
  },
};
