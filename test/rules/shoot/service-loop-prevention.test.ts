import { OTHER_TYPES, STRANGE_TEXTS } from '../../support/odd-values.ts';
import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const path = 'config.serviceLoopPrevention';

testRule('shoot/service-loop-prevention', 'deny', SHOOT, {
  valid: [
    ...['Disabled', 'Drop', 'Reject'].map((value) => ({
      name: value,
      config: { serviceLoopPrevention: value },
    })),
    ...OTHER_TYPES.map(({ name, value }) => ({ name, config: { serviceLoopPrevention: value } })),
  ],
  invalid: [
    ...STRANGE_TEXTS.map(({ name, text }) => ({
      name,
      config: { serviceLoopPrevention: text },
      found: [path],
    })),
    ...['drop', 'REJECT', 'disabled', 'Drop ', 'None', 'Off'].map((value) => ({
      name: `"${value}"`,
      config: { serviceLoopPrevention: value },
      found: [{ path, reason: 'FieldValueNotSupported' }],
    })),
    {
      name: 'empty',
      config: { serviceLoopPrevention: '' },
      found: [
        {
          path,
          message: 'unsupported serviceLoopPrevention (got ""); remove it or use Disabled, Drop or Reject',
        },
      ],
    },
    {
      name: 'drop',
      config: { serviceLoopPrevention: 'drop' },
      found: [
        {
          path,
          message:
            'unsupported serviceLoopPrevention (got "drop"); did you mean Drop? Use Disabled, Drop or Reject',
        },
      ],
    },
  ],
});
