import { OTHER_TYPES, STRANGE_TEXTS } from '../../support/odd-values.ts';
import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const MODES = ['Always', 'Never', 'CrossSubnet', 'Off'];
const FAMILIES = ['ipv4', 'ipv6'];

testRule('shoot/pools', 'deny', SHOOT, {
  valid: [
    ...FAMILIES.flatMap((family) => [
      ...OTHER_TYPES.map(({ name, value }) => ({ name: `${family} ${name}`, config: { [family]: value } })),
      ...OTHER_TYPES.map(({ name, value }) => ({
        name: `${family} pool ${name}`,
        config: { [family]: { pool: value } },
      })),
      ...OTHER_TYPES.map(({ name, value }) => ({
        name: `${family} vxlan, mode ${name}`,
        config: { [family]: { pool: 'vxlan', mode: value } },
      })),
      ...['ipip', 'vxlan'].map((pool) => ({
        name: `${family} pool ${pool}`,
        config: { [family]: { pool } },
      })),
      ...[undefined, null, 'ipip', 7].flatMap((pool) =>
        MODES.map((mode) => ({
          name: `${family} pool ${pool}, mode ${mode}`,
          config: { [family]: { pool, mode } },
        })),
      ),
      ...['Always', 'Never'].map((mode) => ({
        name: `${family} vxlan, mode ${mode}`,
        config: { [family]: { pool: 'vxlan', mode } },
      })),
    ]),
    ...MODES.map((ipip) => ({ name: `ipip ${ipip}`, config: { ipip } })),
    ...OTHER_TYPES.map(({ name, value }) => ({ name: `ipip ${name}`, config: { ipip: value } })),
    {
      name: 'the pool does not matter to the deprecated field',
      config: { ipv4: { pool: 'vxlan' }, ipip: 'CrossSubnet' },
    },
  ],
  invalid: [
    {
      name: 'two values in one line',
      yaml: `
        apiVersion: core.gardener.cloud/v1beta1
        kind: Shoot
        metadata:
          name: foo
        spec:
          provider:
            type: local
            workers: [{name: worker, maximum: 2}]
          networking:
            type: calico
            providerConfig:
              ipv4: {pool: geneve, mode: always}
                           ^^^^^^        ^^^^^^
      `,
      found: ['config.ipv4.pool', 'config.ipv4.mode'],
    },
    ...FAMILIES.flatMap((family) => [
      ...['', 'IPIP', 'geneve', 'vxlan '].map((pool) => ({
        name: `${family} pool "${pool}"`,
        config: { [family]: { pool } },
        found: [`config.${family}.pool`],
      })),
      ...['CrossSubnet', 'Off'].map((mode) => ({
        name: `${family} vxlan, mode ${mode}`,
        config: { [family]: { pool: 'vxlan', mode } },
        found: [
          {
            path: `config.${family}.mode`,
            message: `a vxlan pool does not support this mode (got "${mode}"); use Always or Never`,
          },
        ],
      })),
      ...['', 'always', 'ALWAYS', 'Cross-Subnet', 'bogus'].map((mode) => ({
        name: `${family} mode "${mode}"`,
        config: { [family]: { mode } },
        found: [`config.${family}.mode`],
      })),
      {
        name: `${family} pool and mode both unknown`,
        config: { [family]: { pool: 'x', mode: 'y' } },
        found: [`config.${family}.pool`, `config.${family}.mode`],
      },
      {
        name: `${family} a pool in another case is not vxlan`,
        config: { [family]: { pool: 'VXLAN', mode: 'Off' } },
        found: [`config.${family}.pool`],
      },
    ]),
    {
      name: 'an unknown mode with vxlan, in one finding',
      config: { ipv4: { pool: 'vxlan', mode: 'always' } },
      found: [
        {
          path: 'config.ipv4.mode',
          message:
            'unsupported mode of a vxlan pool (got "always"); did you mean Always? Use Always or Never',
        },
      ],
    },
    {
      name: 'both families at once, in order',
      config: { ipip: 'x', ipv6: { mode: 'x' }, ipv4: { pool: 'x' } },
      found: ['config.ipv4.pool', 'config.ipv6.mode', 'config.ipip'],
    },
    ...STRANGE_TEXTS.map(({ name, text }) => ({
      name: `ipip ${name}`,
      config: { ipip: text },
      found: ['config.ipip'],
    })),
    {
      name: 'ipip off',
      config: { ipip: 'off' },
      found: [
        {
          path: 'config.ipip',
          message:
            'unsupported pool mode (got "off"); did you mean Off? Use Always, Never, CrossSubnet or Off',
          reason: 'FieldValueNotSupported',
        },
      ],
    },
  ],
});
