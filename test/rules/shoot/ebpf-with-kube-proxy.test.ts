import { testAdvice } from './warn-table.ts';

const config = { ebpfDataplane: { enabled: true }, overlay: { enabled: false } };
const paths = ['spec.kubernetes.kubeProxy.enabled'];

function kubeProxy(value: unknown): object {
  return { kubernetes: { kubeProxy: value } };
}

testAdvice('shoot/ebpf-with-kube-proxy', 'warn', [
  { name: 'on', config, spec: kubeProxy({ enabled: true, mode: 'IPTables' }), paths, says: ['(got true)'] },
  {
    name: 'only a mode',
    config,
    spec: kubeProxy({ mode: 'IPVS' }),
    paths,
    says: ['kube-proxy, on by default, does the work of eBPF a second time;'],
  },
  { name: 'no block', config, paths },
  { name: 'null', config, spec: kubeProxy({ enabled: null }), paths },
  { name: 'a null block', config, spec: kubeProxy(null), paths },
  {
    name: 'nothing that cannot be reconciled',
    config,
    paths,
    says: ['; switch eBPF off, or keep both until'],
  },
  {
    name: 'a release that runs without kube-proxy',
    config,
    versions: { networkingCalico: '1.58' },
    paths,
    says: ['; set it to false'],
  },
  { name: 'off', config, spec: kubeProxy({ enabled: false }) },
  { name: 'unreadable', config, spec: kubeProxy({ enabled: 'true' }) },
  { name: 'eBPF off', config: { ebpfDataplane: { enabled: false } }, spec: kubeProxy({ enabled: true }) },
  { name: 'eBPF {}', config: { ebpfDataplane: {} }, spec: kubeProxy({ enabled: true }) },
  { name: 'eBPF "true"', config: { ebpfDataplane: { enabled: 'true' } }, spec: kubeProxy({ enabled: true }) },
  { name: 'no eBPF', config: {}, spec: kubeProxy({ enabled: true }) },
  { name: 'no configuration', spec: kubeProxy({ enabled: true }) },
  { name: 'known before', config, spec: { region: 'x' }, old: { config } },
  { name: 'an update to eBPF', config, old: { config: { overlay: { enabled: false } } }, paths },
]);
