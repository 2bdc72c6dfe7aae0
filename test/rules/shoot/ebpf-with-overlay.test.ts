import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const ebpfDataplane = { enabled: true };
const path = 'config.overlay.enabled';

testRule('shoot/ebpf-with-overlay', 'warn', SHOOT, {
  valid: [
    { name: 'overlay off', config: { ebpfDataplane, overlay: { enabled: false } } },
    { name: 'overlay {}', config: { ebpfDataplane, overlay: {} } },
    { name: 'overlay null', config: { ebpfDataplane, overlay: { enabled: null } } },
    { name: 'overlay left to the provider', config: { ebpfDataplane } },
    { name: 'eBPF off', config: { ebpfDataplane: { enabled: false }, overlay: { enabled: true } } },
    { name: 'eBPF {}', config: { ebpfDataplane: {}, overlay: { enabled: true } } },
    { name: 'no eBPF', config: { overlay: { enabled: true } } },
    { name: 'wrong types', config: { ebpfDataplane: { enabled: 1 }, overlay: { enabled: 1 } } },
    { name: 'no configuration' },
    {
      name: 'known before',
      config: { ebpfDataplane, overlay: { enabled: true }, vethMTU: '1400' },
      old: { config: { ebpfDataplane, overlay: { enabled: true } } },
    },
  ],
  invalid: [
    { name: 'both on', config: { ebpfDataplane, overlay: { enabled: true } }, found: [path] },
    {
      name: 'both on, as VXLAN',
      config: { ebpfDataplane, overlay: { enabled: true }, vxlan: { enabled: true } },
      found: [path],
    },
  ],
});
