import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const config = { ebpfDataplane: { enabled: true }, overlay: { enabled: false } };
const path = 'spec.kubernetes.kubeProxy.enabled';

function kubeProxy(value: unknown): object {
  return { kubernetes: { kubeProxy: value } };
}

testRule('shoot/ebpf-with-kube-proxy', 'warn', SHOOT, {
  valid: [
    { name: 'off', config, spec: kubeProxy({ enabled: false }) },
    { name: 'unreadable', config, spec: kubeProxy({ enabled: 'true' }) },
    { name: 'eBPF off', config: { ebpfDataplane: { enabled: false } }, spec: kubeProxy({ enabled: true }) },
    { name: 'eBPF {}', config: { ebpfDataplane: {} }, spec: kubeProxy({ enabled: true }) },
    {
      name: 'eBPF "true"',
      config: { ebpfDataplane: { enabled: 'true' } },
      spec: kubeProxy({ enabled: true }),
    },
    { name: 'no eBPF', config: {}, spec: kubeProxy({ enabled: true }) },
    { name: 'no configuration', spec: kubeProxy({ enabled: true }) },
    { name: 'known before', config, spec: { region: 'x' }, old: { config } },
  ],
  invalid: [
    {
      name: 'on',
      config,
      spec: kubeProxy({ enabled: true, mode: 'IPTables' }),
      found: [{ path, says: '(got true)' }],
    },
    {
      name: 'only a mode',
      config,
      spec: kubeProxy({ mode: 'IPVS' }),
      found: [{ path, says: 'kube-proxy, on by default, repeats the work of the eBPF dataplane;' }],
    },
    { name: 'no block', config, found: [path] },
    { name: 'null', config, spec: kubeProxy({ enabled: null }), found: [path] },
    { name: 'a null block', config, spec: kubeProxy(null), found: [path] },
    {
      name: 'nothing that cannot be reconciled',
      config,
      found: [{ path, says: '; disable eBPF, or keep both until' }],
    },
    {
      name: 'a release that runs without kube-proxy',
      config,
      versions: { networkingCalico: '1.58' },
      found: [{ path, says: '; set it to false' }],
    },
    { name: 'an update to eBPF', config, old: { config: { overlay: { enabled: false } } }, found: [path] },
  ],
});
