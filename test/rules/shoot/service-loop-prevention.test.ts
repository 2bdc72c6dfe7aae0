import { OTHER_TYPES, STRANGE_TEXTS, testRule } from './table.ts';

const paths = ['providerConfig.serviceLoopPrevention'];

testRule('shoot/service-loop-prevention', [
  ...['Disabled', 'Drop', 'Reject'].map((value) => ({
    name: value,
    config: { serviceLoopPrevention: value },
  })),
  ...OTHER_TYPES.map(({ name, value }) => ({ name, config: { serviceLoopPrevention: value } })),
  ...STRANGE_TEXTS.map(({ name, text }) => ({ name, config: { serviceLoopPrevention: text }, paths })),
  ...['drop', 'REJECT', 'disabled', 'Drop ', 'None', 'Off'].map((value) => ({
    name: `"${value}"`,
    config: { serviceLoopPrevention: value },
    paths,
    reasons: ['FieldValueNotSupported'],
  })),
  {
    name: 'empty',
    config: { serviceLoopPrevention: '' },
    paths,
    messages: ['not a way of loop prevention (got ""); remove it or use Disabled, Drop or Reject'],
  },
  {
    name: 'drop',
    config: { serviceLoopPrevention: 'drop' },
    paths,
    messages: ['not a way of loop prevention (got "drop"); did you mean Drop? Use Disabled, Drop or Reject'],
  },
]);
