import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const ipv6Only = { ipFamilies: ['IPv6'] };
const dual = { ipFamilies: ['IPv4', 'IPv6'] };

testRule('shoot/fails-later', 'warn', SHOOT, {
  valid: [
    {
      name: 'both blocks on both families',
      config: { ipv4: { pool: 'ipip' }, ipv6: { pool: 'vxlan' } },
      networking: dual,
    },
    {
      name: 'the other way round',
      config: { ipv4: {}, ipv6: {}, ipip: 'Never' },
      networking: { ipFamilies: ['IPv6', 'IPv4'] },
    },
    { name: 'ipv4 on IPv4', config: { ipv4: { pool: 'ipip', mode: 'Off' } } },
    { name: 'null blocks', config: { ipv4: null, ipv6: null, ipip: null }, networking: ipv6Only },
    { name: 'Never for IPv6', config: { ipv6: { mode: 'Never', pool: 'vxlan' } }, networking: ipv6Only },
    { name: 'nothing', config: {}, networking: ipv6Only },
    {
      name: 'unknown families',
      config: { ipv4: {}, ipv6: {} },
      networking: { ipFamilies: ['IPv5'] },
    },
    { name: 'families that are no list', config: { ipv4: {}, ipv6: {} }, networking: { ipFamilies: 'IPv6' } },
    { name: 'families with a number', config: { ipv6: {} }, networking: { ipFamilies: ['IPv4', 6] } },
    {
      name: 'an update that adds IPv6 to a Shoot that had the block',
      config: { overlay: { enabled: false }, ipv6: { pool: 'vxlan' } },
      networking: dual,
      old: { config: { overlay: { enabled: false }, ipv6: { pool: 'vxlan' } } },
    },
  ],
  invalid: [
    {
      name: 'ipv6 on IPv4',
      config: { ipv6: { pool: 'vxlan' } },
      found: [{ path: 'config.ipv6', says: 'no IPv6' }],
    },
    {
      name: 'ipv6 {} on IPv4',
      config: { ipv6: {} },
      networking: { ipFamilies: ['IPv4'] },
      found: ['config.ipv6'],
    },
    {
      name: 'ipv6 on no families',
      config: { ipv6: {} },
      networking: { ipFamilies: [] },
      found: ['config.ipv6'],
    },
    {
      name: 'ipv6 on families null',
      config: { ipv6: {} },
      networking: { ipFamilies: null },
      found: ['config.ipv6'],
    },
    {
      name: 'ipv6 with everything wrong on IPv4',
      config: { ipv6: { pool: 'ipip', mode: 'Off' } },
      found: ['config.ipv6'],
    },
    {
      name: 'ipv4 on IPv6',
      config: { ipv4: { pool: 'ipip' } },
      networking: ipv6Only,
      found: ['config.ipv4'],
    },
    { name: 'ipip on IPv6', config: { ipip: 'Never' }, networking: ipv6Only, found: ['config.ipip'] },
    {
      name: 'both on IPv6',
      config: { ipv4: {}, ipip: 'Never' },
      networking: ipv6Only,
      found: ['config.ipv4', 'config.ipip'],
    },
    {
      name: 'ipip for IPv6',
      config: { ipv6: { pool: 'ipip' } },
      networking: ipv6Only,
      found: ['config.ipv6.pool'],
    },
    {
      name: 'ipip for IPv6 of two',
      config: { ipv6: { pool: 'ipip' } },
      networking: dual,
      found: ['config.ipv6.pool'],
    },
    {
      name: 'Off for IPv6',
      config: { ipv6: { mode: 'Off' } },
      networking: dual,
      found: ['config.ipv6.mode'],
    },
    {
      name: 'ipip and Off for IPv6',
      config: { ipv6: { pool: 'ipip', mode: 'Off' } },
      networking: dual,
      found: [
        { path: 'config.ipv6.pool', says: 'write vxlan' },
        { path: 'config.ipv6.mode', says: 'write Never' },
      ],
    },
  ],
});
