import { OTHER_TYPES, STRANGE_TEXTS, testRule } from './table.ts';

const MODE = 'providerConfig.autoScaling.mode';
const CPU = 'providerConfig.autoScaling.resources.node.cpu';
const MEMORY = 'providerConfig.autoScaling.resources.typha.memory';

function node(resources: unknown) {
  return { autoScaling: { mode: 'static', resources: { node: resources } } };
}

function typha(memory: unknown) {
  return { autoScaling: { mode: 'cluster-proportional', resources: { typha: { memory } } } };
}

const vpaOn = { kubernetes: { verticalPodAutoscaler: { enabled: true } } };

testRule('shoot/autoscaling', [
  ...['cluster-proportional', 'vpa', 'static'].map((mode) => ({
    name: `mode ${mode}`,
    config: { autoScaling: { mode } },
    spec: vpaOn,
  })),
  { name: 'no block', config: {} },
  ...OTHER_TYPES.filter(({ name }) => name !== 'a map').map(({ name, value }) => ({
    name: `block ${name}`,
    config: { autoScaling: value },
  })),
  ...OTHER_TYPES.filter(({ value }) => value !== null && value !== undefined).map(({ name, value }) => ({
    name: `mode ${name}`,
    config: { autoScaling: { mode: value } },
  })),
  ...STRANGE_TEXTS.map(({ name, text }) => ({
    name: `mode ${name}`,
    config: { autoScaling: { mode: text } },
    paths: [MODE],
    reasons: ['FieldValueNotSupported'],
  })),
  {
    name: 'no mode',
    config: { autoScaling: {} },
    paths: [MODE],
    messages: ['autoScaling needs a mode; use cluster-proportional, vpa or static, or remove the block'],
    reasons: ['FieldValueRequired'],
  },
  {
    name: 'mode null',
    config: { autoScaling: { mode: null } },
    paths: [MODE],
    messages: [
      'autoScaling needs a mode (got null); use cluster-proportional, vpa or static, or remove the block',
    ],
    reasons: ['FieldValueRequired'],
  },
  {
    name: 'mode empty',
    config: { autoScaling: { mode: '' } },
    paths: [MODE],
    messages: [
      'autoScaling needs a mode (got ""); use cluster-proportional, vpa or static, or remove the block',
    ],
    reasons: ['FieldValueRequired'],
  },
  {
    name: 'mode VPA',
    config: { autoScaling: { mode: 'VPA' } },
    paths: [MODE],
    messages: [
      'not a mode of autoScaling (got "VPA"); did you mean vpa? Use cluster-proportional, vpa or static',
    ],
  },
  {
    name: 'mode clusterProportional',
    config: { autoScaling: { mode: 'clusterProportional' } },
    paths: [MODE],
    messages: [
      'not a mode of autoScaling (got "clusterProportional"); did you mean cluster-proportional? Use cluster-proportional, vpa or static',
    ],
  },
  {
    name: 'no mode and bad resources',
    config: { autoScaling: { resources: { node: { cpu: '0' }, typha: { memory: 'x' } } } },
    paths: [MODE, CPU, MEMORY],
  },
  ...OTHER_TYPES.map(({ name, value }) => ({
    name: `resources ${name}`,
    config: { autoScaling: { mode: 'static', resources: value } },
  })),
  ...OTHER_TYPES.filter(({ name }) => name !== 'a map').map(({ name, value }) => ({
    name: `node ${name}`,
    config: node(value),
  })),
  {
    name: 'a component that does not exist is an unknown field',
    config: { autoScaling: { mode: 'static', resources: { kubeControllers: { cpu: '0' } } } },
  },

  ...[
    '1',
    '100m',
    '0.1',
    '.5',
    '5.',
    '+1',
    '1e-1',
    '1E3',
    '1e3',
    '1k',
    '1Ki',
    '100u',
    '1n',
    '1P',
    '1Ei',
    '128Mi',
    ' 1 ',
    '01',
    '1e2147483647',
    '9'.repeat(300),
    1,
    0.1,
    1e21,
    134217728,
  ].flatMap((value) => [
    { name: `cpu ${JSON.stringify(value).slice(0, 30)}`, config: node({ cpu: value }) },
    { name: `memory ${JSON.stringify(value).slice(0, 30)}`, config: typha(value) },
  ]),
  ...['0', '-0', '+0', '0.0', '0m', '0Mi', '0e5', 0, -0, null].flatMap((value) => [
    { name: `cpu zero ${JSON.stringify(value)}`, config: node({ cpu: value }), paths: [CPU] },
    { name: `memory zero ${JSON.stringify(value)}`, config: typha(value), paths: [MEMORY] },
  ]),
  ...['-1', '-100m', '-64Mi', '-0.1', '-1e3', -1, -0.5].flatMap((value) => [
    { name: `cpu ${value}`, config: node({ cpu: value }), paths: [CPU], reasons: ['FieldValueInvalid'] },
    { name: `memory ${value}`, config: typha(value), paths: [MEMORY], reasons: ['FieldValueInvalid'] },
  ]),
  ...[
    'abc',
    '',
    ' ',
    '100MB',
    '1K',
    '1mi',
    '1MI',
    '1KiB',
    '100 m',
    '1,5',
    '1.2.3',
    '0x10',
    '1e',
    '1e1.5',
    'e3',
    '--1',
    '1_000',
    '½',
    '１',
  ].map((value) => ({ name: `cpu ${JSON.stringify(value)}`, config: node({ cpu: value }), paths: [CPU] })),
  ...[true, [1], { value: 1 }].map((value) => ({
    name: `cpu ${JSON.stringify(value)}`,
    config: node({ cpu: value }),
  })),
  ...STRANGE_TEXTS.map(({ name, text }) => ({
    name: `cpu ${name}`,
    config: node({ cpu: text }),
    paths: [CPU],
  })),
  {
    name: 'both resources are told',
    config: node({ cpu: '0', memory: '-1' }),
    paths: [CPU, 'providerConfig.autoScaling.resources.node.memory'],
  },
  ...['ephemeral-storage', 'CPU', 'storage', 'hugepages-2Mi', 'mem'].map((name) => ({
    name: `resource ${name}`,
    config: node({ [name]: '-1.5' }),
    paths: [`providerConfig.autoScaling.resources.node.${name}`],
    reasons: ['FieldValueForbidden'],
  })),
  {
    name: 'an extended resource',
    config: node({ 'nvidia.com/gpu': '0.5' }),
    paths: ['providerConfig.autoScaling.resources.node.nvidia.com/gpu'],
  },
  {
    name: 'a resource without a name',
    config: node({ '': '1' }),
    paths: ['providerConfig.autoScaling.resources.node[""]'],
  },
  {
    name: '__proto__ as a resource',
    config: node(JSON.parse('{"__proto__": "1"}')),
    paths: ['providerConfig.autoScaling.resources.node.__proto__'],
  },
  {
    name: 'a resource with a long name',
    config: node({ ['x'.repeat(5000)]: '1' }),
    paths: [`providerConfig.autoScaling.resources.node["${'x'.repeat(61)}…"]`],
  },

  ...[
    [{ cpu: '0' }, 'a resource cannot be zero (got "0"); write more, such as 100m, or remove it'],
    [{ cpu: null }, 'a resource cannot be zero (got null); write more, such as 100m, or remove it'],
    [{ cpu: -1 }, 'a resource cannot be negative (got -1); write more than zero, such as 100m'],
    [{ cpu: 'abc' }, 'not a quantity (got "abc"); write a number and a unit, such as 100m'],
    [{ cpu: '1,5' }, 'not a quantity (got "1,5"); write a number and a unit, such as 100m'],
    [
      { cpu: '100 M' },
      'not a quantity (got "100 M"); did you mean 100M? Write a number and a unit, such as 100m',
    ],
    [
      { cpu: '1KiB' },
      'not a quantity (got "1KiB"); did you mean 1Ki? Write a number and a unit, such as 100m',
    ],
    [{ cpu: '1K' }, 'not a quantity (got "1K"); did you mean 1k? Write a number and a unit, such as 100m'],
    [{ Cpu: '1' }, 'not a resource that can be set here (got "Cpu"); did you mean cpu? Use cpu or memory'],
    [{ pods: '1' }, 'not a resource that can be set here (got "pods"); use cpu or memory'],
  ].map(([resources, message]) => ({
    name: `message of ${JSON.stringify(resources)}`,
    config: node(resources),
    paths: [`providerConfig.autoScaling.resources.node.${Object.keys(Object(resources)).join()}`],
    messages: [String(message)],
  })),
  {
    name: 'the example fits the resource',
    config: typha('100MB'),
    paths: [MEMORY],
    messages: ['not a quantity (got "100MB"); did you mean 100M? Write a number and a unit, such as 128Mi'],
  },
]);
