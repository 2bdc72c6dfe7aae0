import { describe, expect, it } from 'vitest';
import { findingsOf, pathsOf, shoot, validate } from '../support/evaluate.ts';
import { registry } from '../support/registry.ts';
import { withVersions } from '../support/versions.ts';

describe('shoot/kube-proxy-off-needs-ebpf', () => {
  const ID = 'shoot/kube-proxy-off-needs-ebpf';
  const PATH = 'spec.kubernetes.kubeProxy.enabled';
  it.each([
    { name: 'off, no configuration', enabled: false, config: undefined, paths: [PATH] },
    { name: 'off, eBPF off', enabled: false, config: { ebpfDataplane: { enabled: false } }, paths: [PATH] },
    { name: 'off, eBPF {}', enabled: false, config: { ebpfDataplane: {} }, paths: [PATH] },
    { name: 'off, eBPF null', enabled: false, config: { ebpfDataplane: null }, paths: [PATH] },
    { name: 'off, eBPF of a wrong type', enabled: false, config: { ebpfDataplane: true }, paths: [PATH] },
    {
      name: 'off, eBPF "true"',
      enabled: false,
      config: { ebpfDataplane: { enabled: 'true' } },
      paths: [PATH],
    },
    { name: 'off, eBPF on', enabled: false, config: { ebpfDataplane: { enabled: true } }, paths: [] },
    { name: 'on', enabled: true, config: {}, paths: [] },
    { name: 'null', enabled: null, config: {}, paths: [] },
  ])('$name', ({ enabled, config, paths }) => {
    const object = shoot(config, { kubernetes: { kubeProxy: { enabled } } });
    expect(pathsOf(validate(registry, { object }), ID)).toEqual(paths);
  });

  it.each([
    {
      networkingCalico: '1.58',
      advice: 'set providerConfig.ebpfDataplane.enabled: true, or keep kube-proxy on',
    },
    {
      networkingCalico: '1.59',
      advice:
        'set it to true, because networking-calico 1.59 cannot reconcile eBPF without kube-proxy (networking-calico#918)',
    },
    { networkingCalico: undefined, advice: 'set it to true, because networking-calico 1.59 cannot' },
  ])('does not lead to where networking-calico $networkingCalico fails', ({ networkingCalico, advice }) => {
    const settings = networkingCalico === undefined ? withVersions({}) : withVersions({ networkingCalico });
    const object = shoot({}, { kubernetes: { kubeProxy: { enabled: false } } });
    const [found] = findingsOf(validate(registry, { object, settings }), ID);
    expect(found?.advice).toContain(advice);
  });

  it.each([
    { name: 'no kubeProxy', kubernetes: {} },
    { name: 'kubeProxy null', kubernetes: { kubeProxy: null } },
    { name: 'kubeProxy {}', kubernetes: { kubeProxy: {} } },
  ])('$name means on', ({ kubernetes }) => {
    expect(pathsOf(validate(registry, { object: shoot({}, { kubernetes }) }), ID)).toEqual([]);
  });
});

describe('shoot/vpa-mode-needs-vpa', () => {
  const ID = 'shoot/vpa-mode-needs-vpa';
  const PATH = 'spec.networking.providerConfig.autoScaling.mode';
  it.each([
    { name: 'no VPA', vpa: undefined, mode: 'vpa', paths: [PATH] },
    { name: 'null', vpa: null, mode: 'vpa', paths: [PATH] },
    { name: '{}', vpa: {}, mode: 'vpa', paths: [PATH] },
    { name: 'off', vpa: { enabled: false }, mode: 'vpa', paths: [PATH] },
    { name: 'on', vpa: { enabled: true }, mode: 'vpa', paths: [] },
    { name: 'off, mode static', vpa: { enabled: false }, mode: 'static', paths: [] },
    { name: 'off, no mode', vpa: { enabled: false }, mode: undefined, paths: [] },
  ])('$name', ({ vpa, mode, paths }) => {
    const object = shoot({ autoScaling: { mode } }, { kubernetes: { verticalPodAutoscaler: vpa } });
    expect(pathsOf(validate(registry, { object }), ID)).toEqual(paths);
  });
});
