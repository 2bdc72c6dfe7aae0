import { testRule } from '../../support/rule-tester.ts';
import { inCloud, SHOOT } from './base.ts';

const path = 'config.vethMTU';
const on = { overlay: { enabled: true } };
const off = { overlay: { enabled: false } };
const vxlan = { ...on, vxlan: { enabled: true } };
const wireguardEncryption = true;

testRule('shoot/unusual-mtu', 'warn', SHOOT, {
  valid: [
    { name: '1280', config: { vethMTU: '1280' } },
    { name: '1440', config: { vethMTU: '1440' } },
    { name: '1500', config: { vethMTU: '1500' } },
    { name: '8981', config: { vethMTU: '8981' } },
    { name: '9000', config: { vethMTU: '9000' } },
    { name: '0 detects', config: { vethMTU: '0' } },
    { name: '-0 detects', config: { vethMTU: '-0' } },
    { name: 'negative is denied elsewhere', config: { vethMTU: '-1' } },
    { name: 'no number is denied elsewhere', config: { vethMTU: 'auto' } },
    { name: 'empty is denied elsewhere', config: { vethMTU: '' } },
    { name: 'a number is denied elsewhere', config: { vethMTU: 100 } },
    { name: 'null', config: { vethMTU: null } },
    { name: 'no configuration' },
    { name: '1440 with overlay', config: { ...on, vethMTU: '1440' } },
    { name: '1480 with overlay', config: { ...on, vethMTU: '1480' } },
    { name: '1500 without overlay', config: { ...off, vethMTU: '1500' } },
    { name: '1500, and nothing of the overlay', config: { vethMTU: '1500' } },
    { name: '1450 with VXLAN', config: { ...vxlan, vethMTU: '1450' } },
    { name: '1440 with WireGuard', config: { ...off, wireguardEncryption, vethMTU: '1440' } },
    { name: 'another network', config: { ...on, vethMTU: '8930' } },
    { name: '1500 with overlay on AWS', config: { ...on, vethMTU: '1500' }, spec: inCloud('aws') },
    { name: '8981 with overlay on AWS', config: { ...on, vethMTU: '8981' }, spec: inCloud('aws') },
    {
      name: '1500 with overlay on OpenStack, which has no known MTU',
      config: { ...on, vethMTU: '1500' },
      spec: inCloud('openstack'),
    },
    {
      name: '1500 with overlay on GCP, which has no known MTU',
      config: { ...on, vethMTU: '1500' },
      spec: inCloud('gcp'),
    },
    {
      name: 'known before',
      config: { vethMTU: '900', typha: { enabled: true } },
      old: { config: { vethMTU: '900' } },
    },
  ],
  invalid: [
    { name: '1', config: { vethMTU: '1' }, found: [{ path, says: 'below 1280' }] },
    { name: '576', config: { vethMTU: '576' }, found: [path] },
    { name: '1279', config: { vethMTU: '1279' }, found: [path] },
    { name: '+900', config: { vethMTU: '+900' }, found: [{ path, says: '(got "+900")' }] },
    { name: '00900', config: { vethMTU: '00900' }, found: [path] },
    {
      name: '9001',
      config: { vethMTU: '9001' },
      found: [{ path, says: 'larger than the MTU of usual networks' }],
    },
    { name: '65535', config: { vethMTU: '65535' }, found: [path] },
    { name: 'very large', config: { vethMTU: '9223372036854775807' }, found: [path] },
    {
      name: 'zeros without end',
      config: { vethMTU: `${'0'.repeat(500)}99999` },
      found: [{ path, isCut: true }],
    },
    {
      name: '1481 with overlay',
      config: { ...on, vethMTU: '1481' },
      found: [{ path, says: '20 bytes of encapsulation in an MTU of 1500' }],
    },
    {
      name: '1500 with overlay',
      config: { ...on, vethMTU: '1500' },
      found: [{ path, says: 'write "1480"' }],
    },
    { name: '1480 with VXLAN', config: { ...vxlan, vethMTU: '1480' }, found: [{ path, says: '50 bytes' }] },
    {
      name: '1480 with WireGuard',
      config: { ...on, wireguardEncryption, vethMTU: '1480' },
      found: [{ path, says: '60 bytes' }],
    },
    {
      name: '1440 with WireGuard and IPv6',
      config: { ...off, wireguardEncryption, vethMTU: '1440' },
      networking: { ipFamilies: ['IPv4', 'IPv6'] },
      found: [{ path, says: '80 bytes' }],
    },
    {
      name: '8990 with overlay on AWS',
      config: { ...on, vethMTU: '8990' },
      spec: inCloud('aws'),
      found: [{ path, says: 'write "8981"' }],
    },
    {
      name: 'another one than before',
      config: { vethMTU: '901' },
      old: { config: { vethMTU: '900' } },
      found: [path],
    },
  ],
});
