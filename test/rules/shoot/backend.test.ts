import { OTHER_TYPES, STRANGE_TEXTS, testRule } from './table.ts';

const paths = ['providerConfig.backend'];
const reasons = ['FieldValueNotSupported'];

testRule('shoot/backend', [
  ...['bird', 'none', 'vxlan'].map((backend) => ({ name: backend, config: { backend } })),
  ...OTHER_TYPES.map(({ name, value }) => ({ name, config: { backend: value } })),
  ...STRANGE_TEXTS.map(({ name, text }) => ({ name, config: { backend: text }, paths, reasons })),
  {
    name: 'Bird',
    config: { backend: 'Bird' },
    paths,
    messages: ['not a backend of Calico (got "Bird"); did you mean bird? Use bird, none or vxlan'],
  },
  {
    name: 'empty',
    config: { backend: '' },
    paths,
    messages: ['not a backend of Calico (got ""); remove it or use bird, none or vxlan'],
  },
  {
    name: 'geneve',
    config: { backend: 'geneve' },
    paths,
    messages: ['not a backend of Calico (got "geneve"); use bird, none or vxlan'],
  },
  {
    name: 'None, as the documentation prints it',
    config: { backend: 'None' },
    paths,
    messages: [
      `not a backend of Calico (got "None"); write none: what Gardener's documentation calls None is none in lower case`,
    ],
  },
  {
    name: 'None on Azure, past the mutating webhook',
    config: { backend: 'None' },
    spec: { provider: { type: 'azure' } },
    paths,
  },
  { name: 'NONE', config: { backend: 'NONE' }, paths },
  { name: 'VXLAN', config: { backend: 'VXLAN' }, paths },
  { name: 'a trailing blank', config: { backend: 'bird ' }, paths },
  { name: 'a key in another case is not ours', config: { Backend: 'geneve' } },
  { name: 'no providerConfig', config: undefined },
  { name: 'null as providerConfig', config: null },
  { name: 'a list as providerConfig', config: ['backend'] },
  { name: 'a string as providerConfig', config: 'backend: geneve' },
]);
