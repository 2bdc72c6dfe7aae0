import { inCloud, inConfig, testAdvice } from './warn-table.ts';

const azure = inCloud('azure');
const paths = [inConfig('backend')];

testAdvice('shoot/azure-backend', 'warn', [
  { name: 'bird', spec: azure, config: { backend: 'bird' }, paths, says: ['(got "bird")'] },
  {
    name: 'bird without overlay',
    spec: azure,
    config: { backend: 'bird', overlay: { enabled: false } },
    paths,
  },
  {
    name: 'None',
    spec: azure,
    config: { backend: 'None' },
    paths,
    says: ['(got "None"); write backend: none'],
  },
  { name: 'nothing', spec: azure, config: {}, paths, says: ['has written it; write backend: none'] },
  { name: 'null', spec: azure, config: { backend: null }, paths, says: ['(got null)'] },
  { name: 'no configuration', spec: azure, paths },
  { name: 'configuration null', spec: azure, config: null, paths },
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
  {
    name: 'an update to bird',
    spec: azure,
    config: { backend: 'bird' },
    old: { spec: azure, config: { backend: 'none' } },
    paths,
  },
]);
