import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const off = { typha: { enabled: false } };
const path = 'config.typha.enabled';

function workers(...maximums: readonly unknown[]): object {
  return { provider: { workers: maximums.map((maximum, index) => ({ name: `w${index}`, maximum })) } };
}

testRule('shoot/typha-off-at-scale', 'warn', SHOOT, {
  valid: [
    { name: '50', config: off, spec: workers(50) },
    { name: 'a sum of 50', config: off, spec: workers(25, 25) },
    { name: 'few', config: off },
    { name: 'on', config: { typha: { enabled: true } }, spec: workers(300) },
    { name: 'left out', config: {}, spec: workers(300) },
    { name: 'a null block', config: { typha: null }, spec: workers(300) },
    { name: 'no configuration', spec: workers(300) },
    { name: 'unreadable', config: { typha: { enabled: 'false' } }, spec: workers(300) },
    { name: 'no map', config: { typha: false }, spec: workers(300) },
    { name: 'workers null', config: off, spec: { provider: { workers: null } } },
    { name: 'workers no list', config: off, spec: { provider: { workers: { maximum: 300 } } } },
    { name: 'only texts', config: off, spec: workers('300') },
    { name: 'known before', config: off, spec: workers(61), old: { config: off, spec: workers(60) } },
  ],
  invalid: [
    {
      name: '51',
      config: off,
      spec: workers(51),
      found: [{ path, says: 'Typha is recommended for up to 51 nodes' }],
    },
    { name: '100', config: off, spec: workers(100), found: [{ path, says: 'is recommended' }] },
    { name: '101', config: off, spec: workers(101), found: [{ path, says: 'strongly recommended' }] },
    { name: 'a sum', config: off, spec: workers(30, 30, 30), found: [{ path, says: 'up to 90 nodes' }] },
    { name: 'a sum above 100', config: off, spec: workers(60, 60), found: [{ path, says: 'strongly' }] },
    {
      name: 'typha {}',
      config: { typha: {} },
      spec: workers(60),
      found: [{ path, says: 'API server; set it to true' }],
    },
    {
      name: 'typha null',
      config: { typha: { enabled: null } },
      spec: workers(60),
      found: [{ path, says: '(got null)' }],
    },
    { name: 'very many', config: off, spec: workers(2147483647), found: [path] },
    {
      name: 'half of them unreadable',
      config: off,
      spec: workers(60, '60', null, undefined, -100, {}),
      found: [{ path, says: 'up to 60' }],
    },
    {
      name: 'an update that grows',
      config: off,
      spec: workers(60),
      old: { config: off, spec: workers(3) },
      found: [path],
    },
  ],
});
