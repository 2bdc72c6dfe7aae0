import { OTHER_TYPES, STRANGE_TEXTS, testRule } from './table.ts';

const MODES = ['Always', 'Never', 'CrossSubnet', 'Off'];
const FAMILIES = ['ipv4', 'ipv6'];

testRule('shoot/pools', [
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
    ...['ipip', 'vxlan'].map((pool) => ({ name: `${family} pool ${pool}`, config: { [family]: { pool } } })),
    ...['', 'IPIP', 'geneve', 'vxlan '].map((pool) => ({
      name: `${family} pool "${pool}"`,
      config: { [family]: { pool } },
      paths: [`providerConfig.${family}.pool`],
    })),
    ...[undefined, null, 'ipip', 7].flatMap((pool) =>
      MODES.map((mode) => ({
        name: `${family} pool ${pool}, mode ${mode}`,
        config: { [family]: { pool, mode } },
      })),
    ),
    ...['CrossSubnet', 'Off'].map((mode) => ({
      name: `${family} vxlan, mode ${mode}`,
      config: { [family]: { pool: 'vxlan', mode } },
      paths: [`providerConfig.${family}.mode`],
      messages: [`a vxlan pool does not take this mode (got "${mode}"); use Always or Never`],
    })),
    ...['Always', 'Never'].map((mode) => ({
      name: `${family} vxlan, mode ${mode}`,
      config: { [family]: { pool: 'vxlan', mode } },
    })),
    ...['', 'always', 'ALWAYS', 'Cross-Subnet', 'bogus'].map((mode) => ({
      name: `${family} mode "${mode}"`,
      config: { [family]: { mode } },
      paths: [`providerConfig.${family}.mode`],
    })),
    {
      name: `${family} pool and mode both unknown`,
      config: { [family]: { pool: 'x', mode: 'y' } },
      paths: [`providerConfig.${family}.pool`, `providerConfig.${family}.mode`],
    },
    {
      name: `${family} a pool in another case is not vxlan`,
      config: { [family]: { pool: 'VXLAN', mode: 'Off' } },
      paths: [`providerConfig.${family}.pool`],
    },
  ]),
  {
    name: 'an unknown mode with vxlan, in one finding',
    config: { ipv4: { pool: 'vxlan', mode: 'always' } },
    paths: ['providerConfig.ipv4.mode'],
    messages: ['not a mode of a vxlan pool (got "always"); did you mean Always? Use Always or Never'],
  },
  {
    name: 'both families at once, in order',
    config: { ipip: 'x', ipv6: { mode: 'x' }, ipv4: { pool: 'x' } },
    paths: ['providerConfig.ipv4.pool', 'providerConfig.ipv6.mode', 'providerConfig.ipip'],
  },
  ...MODES.map((ipip) => ({ name: `ipip ${ipip}`, config: { ipip } })),
  ...OTHER_TYPES.map(({ name, value }) => ({ name: `ipip ${name}`, config: { ipip: value } })),
  ...STRANGE_TEXTS.map(({ name, text }) => ({
    name: `ipip ${name}`,
    config: { ipip: text },
    paths: ['providerConfig.ipip'],
  })),
  {
    name: 'ipip off',
    config: { ipip: 'off' },
    paths: ['providerConfig.ipip'],
    messages: ['not a mode of a pool (got "off"); did you mean Off? Use Always, Never, CrossSubnet or Off'],
    reasons: ['FieldValueNotSupported'],
  },
  {
    name: 'the pool does not matter to the deprecated field',
    config: { ipv4: { pool: 'vxlan' }, ipip: 'CrossSubnet' },
  },
]);
