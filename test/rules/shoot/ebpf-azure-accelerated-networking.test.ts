import { testRule } from '../../support/rule-tester.ts';
import { inCloud, SHOOT } from './base.ts';

const config = { backend: 'none', ebpfDataplane: { enabled: true } };

testRule('shoot/ebpf-azure-accelerated-networking', 'audit', SHOOT, {
  valid: [
    { name: 'elsewhere', config, spec: inCloud('aws') },
    { name: 'off', config: { ebpfDataplane: { enabled: false } }, spec: inCloud('azure') },
    { name: '{}', config: { ebpfDataplane: {} }, spec: inCloud('azure') },
    { name: 'wrong type', config: { ebpfDataplane: true }, spec: inCloud('azure') },
    { name: 'no configuration', spec: inCloud('azure') },
  ],
  invalid: [{ name: 'on Azure', config, spec: inCloud('azure'), found: ['config.ebpfDataplane.enabled'] }],
});
