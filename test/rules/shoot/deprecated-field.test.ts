import { inConfig, testAdvice } from './warn-table.ts';

testAdvice('shoot/deprecated-field', 'warn', [
  { name: 'ipip', config: { ipip: 'Always' }, paths: [inConfig('ipip')], says: ['use ipv4.mode'] },
  {
    name: 'ipAutodetectionMethod',
    config: { ipAutodetectionMethod: 'first-found' },
    paths: [inConfig('ipAutodetectionMethod')],
    says: ['use ipv4.autoDetectionMethod'],
  },
  {
    name: 'both',
    config: { ipip: 'Off', ipAutodetectionMethod: 'x' },
    paths: [inConfig('ipip'), inConfig('ipAutodetectionMethod')],
  },
  {
    name: 'a long value',
    config: { ipAutodetectionMethod: 'i'.repeat(5000) },
    paths: [inConfig('ipAutodetectionMethod')],
  },
  { name: 'null', config: { ipip: null, ipAutodetectionMethod: null } },
  { name: 'the new block', config: { ipv4: { mode: 'Always' } } },
  { name: 'an unknown spelling', config: { ipAutoDetectionMethod: 'first-found' } },
  { name: 'a wrong type', config: { ipip: true }, paths: [inConfig('ipip')] },
  { name: 'no configuration' },
  {
    name: 'known before',
    config: { ipip: 'Always', typha: { enabled: true } },
    old: { config: { ipip: 'Always' } },
  },
  {
    name: 'another value than before',
    config: { ipip: 'Never' },
    old: { config: { ipip: 'Always' } },
    paths: [inConfig('ipip')],
  },
]);
