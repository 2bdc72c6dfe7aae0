import { testAdvice } from './warn-table.ts';

const config = { ebpfDataplane: { enabled: true }, overlay: { enabled: false } };
const paths = ['spec.kubernetes.kubeProxy.mode'];

function kubeProxy(value: unknown): object {
  return { kubernetes: { kubeProxy: value } };
}

testAdvice('shoot/ebpf-kube-proxy-mode', 'audit', [
  {
    name: 'as the API server fills it in',
    config,
    spec: kubeProxy({ enabled: false, mode: 'IPTables' }),
    paths,
    says: ['(got "IPTables")'],
  },
  { name: 'another mode', config, spec: kubeProxy({ enabled: false, mode: 'IPVS' }), paths },
  { name: 'no mode', config, spec: kubeProxy({ enabled: false }) },
  { name: 'mode null', config, spec: kubeProxy({ enabled: false, mode: null }) },
  { name: 'kube-proxy on', config, spec: kubeProxy({ enabled: true, mode: 'IPTables' }) },
  { name: 'no kube-proxy', config },
  { name: 'no eBPF, which is denied', config: {}, spec: kubeProxy({ enabled: false, mode: 'IPTables' }) },
]);
