import { testRule } from '../../support/rule-tester.ts';
import { inCloud, SHOOT } from './base.ts';

const azure = inCloud('azure');
const path = 'config.backend';

testRule('shoot/azure-backend', 'warn', SHOOT, {
  valid: [
    { name: 'none', spec: azure, config: { backend: 'none' } },
    { name: 'vxlan is a choice', spec: azure, config: { backend: 'vxlan' } },
    { name: 'an unknown backend is denied elsewhere', spec: azure, config: { backend: 'geneve' } },
    { name: 'a number is denied elsewhere', spec: azure, config: { backend: 1 } },
    { name: 'a configuration that is no map', spec: azure, config: 'bird' },
    { name: 'bird elsewhere', spec: inCloud('aws'), config: { backend: 'bird' } },
    { name: 'bird nowhere', spec: { provider: null }, config: { backend: 'bird' } },
    {
      name: 'Azure with a capital letter is another cloud',
      spec: inCloud('Azure'),
      config: { backend: 'bird' },
    },
    { name: 'no type', spec: azure, networking: { type: undefined }, config: { backend: 'bird' } },
    {
      name: 'an update of an old bird',
      spec: azure,
      config: { backend: 'bird', vethMTU: '1440' },
      old: { spec: azure, config: { backend: 'bird' } },
    },
  ],
  invalid: [
    { name: 'bird', spec: azure, config: { backend: 'bird' }, found: [{ path, says: '(got "bird")' }] },
    {
      name: 'bird without overlay',
      spec: azure,
      config: { backend: 'bird', overlay: { enabled: false } },
      found: [path],
    },
    {
      name: 'None',
      spec: azure,
      config: { backend: 'None' },
      found: [{ path, says: '(got "None"); write backend: none' }],
    },
    {
      name: 'nothing',
      spec: azure,
      config: {},
      found: [{ path, says: 'did not set it; write backend: none' }],
    },
    { name: 'null', spec: azure, config: { backend: null }, found: [{ path, says: '(got null)' }] },
    { name: 'no configuration', spec: azure, found: [path] },
    { name: 'configuration null', spec: azure, config: null, found: [path] },
    {
      name: 'an update to bird',
      spec: azure,
      config: { backend: 'bird' },
      old: { spec: azure, config: { backend: 'none' } },
      found: [path],
    },
  ],
});
