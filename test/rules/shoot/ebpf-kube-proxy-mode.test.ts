import { describe, expect, it } from 'vitest';
import { runsWithoutKubeProxy } from '../../../src/rules/shoot/shared/without-kube-proxy.ts';
import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const config = { ebpfDataplane: { enabled: true }, overlay: { enabled: false } };
const path = 'spec.kubernetes.kubeProxy.enabled';

function kubeProxy(value: unknown): object {
  return { kubernetes: { kubeProxy: value } };
}

testRule('shoot/ebpf-kube-proxy-mode', 'warn', SHOOT, {
  valid: [
    {
      name: 'the last that does not',
      config,
      spec: kubeProxy({ enabled: false, mode: 'IPTables' }),
      versions: { networkingCalico: '1.58' },
    },
    { name: 'kube-proxy on', config, spec: kubeProxy({ enabled: true, mode: 'IPTables' }) },
    { name: 'no kube-proxy', config },
    { name: 'no eBPF, which is denied', config: {}, spec: kubeProxy({ enabled: false, mode: 'IPTables' }) },
  ],
  invalid: [
    {
      name: 'as the API server fills it in',
      config,
      spec: kubeProxy({ enabled: false, mode: 'IPTables' }),
      found: [
        {
          path,
          says: 'networking-calico 1.59 cannot reconcile eBPF without kube-proxy (got false); set it to true',
        },
      ],
    },
    {
      name: 'no mode, which the API server adds',
      config,
      spec: kubeProxy({ enabled: false }),
      found: [path],
    },
    { name: 'mode null', config, spec: kubeProxy({ enabled: false, mode: null }), found: [path] },
    {
      name: 'a release that was set',
      config,
      spec: kubeProxy({ enabled: false }),
      versions: { networkingCalico: '1.60' },
      found: [{ path, says: 'networking-calico 1.60 cannot' }],
    },
    {
      name: 'the first that fails',
      config,
      spec: kubeProxy({ enabled: false }),
      versions: { networkingCalico: '1.59' },
      found: [path],
    },
  ],
});

describe('releases of networking-calico that run eBPF without kube-proxy', () => {
  const span = { since: { major: 1, minor: 59 }, fixedIn: { major: 1, minor: 61 } };
  it.each([
    { major: 0, minor: 99, runs: true },
    { major: 1, minor: 58, runs: true },
    { major: 1, minor: 59, runs: false },
    { major: 1, minor: 60, runs: false },
    { major: 1, minor: 61, runs: true },
    { major: 2, minor: 0, runs: true },
  ])('$major.$minor, once it is fixed in 1.61: $runs', ({ runs, ...release }) => {
    expect(runsWithoutKubeProxy(release, span)).toBe(runs);
  });

  it('none of the later ones today', () => {
    expect(runsWithoutKubeProxy({ major: 1, minor: 999 })).toBe(false);
  });
});
