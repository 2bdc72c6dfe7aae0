import { inCloud, inConfig, testAdvice } from './warn-table.ts';

const config = { backend: 'none', ebpfDataplane: { enabled: true } };

testAdvice('shoot/ebpf-azure-accelerated-networking', 'audit', [
  { name: 'on Azure', config, spec: inCloud('azure'), paths: [inConfig('ebpfDataplane.enabled')] },
  { name: 'elsewhere', config, spec: inCloud('aws') },
  { name: 'off', config: { ebpfDataplane: { enabled: false } }, spec: inCloud('azure') },
  { name: '{}', config: { ebpfDataplane: {} }, spec: inCloud('azure') },
  { name: 'wrong type', config: { ebpfDataplane: true }, spec: inCloud('azure') },
  { name: 'no configuration', spec: inCloud('azure') },
]);
