import { OTHER_TYPES, STRANGE_TEXTS } from '../../support/odd-values.ts';
import { testRule } from '../../support/rule-tester.ts';
import { SHOOT } from './base.ts';

const MODE = 'config.autoScaling.mode';
const CPU = 'config.autoScaling.resources.node.cpu';
const MEMORY = 'config.autoScaling.resources.typha.memory';

function node(resources: unknown) {
  return { autoScaling: { mode: 'static', resources: { node: resources } } };
}

function typha(memory: unknown) {
  return { autoScaling: { mode: 'cluster-proportional', resources: { typha: { memory } } } };
}

const vpaOn = { kubernetes: { verticalPodAutoscaler: { enabled: true } } };

testRule('shoot/autoscaling', 'deny', SHOOT, {
  valid: [
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
    ...[true, [1], { value: 1 }].map((value) => ({
      name: `cpu ${JSON.stringify(value)}`,
      config: node({ cpu: value }),
    })),
  ],
  invalid: [
    {
      name: 'a resource that there is not: its name is marked',
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
              autoScaling:
                mode: static
                resources:
                  node:
                    cpu: "0"
                         ^^^
                    pods: 10
                    ^^^^
      `,
      found: [CPU, { path: 'config.autoScaling.resources.node.pods', reason: 'FieldValueForbidden' }],
    },
    {
      name: 'no mode: the block is marked',
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
              autoScaling:
              ^^^^^^^^^^^
                resources:
                  node: {cpu: 100m}
      `,
      found: [{ path: MODE, reason: 'FieldValueRequired' }],
    },
    ...STRANGE_TEXTS.map(({ name, text }) => ({
      name: `mode ${name}`,
      config: { autoScaling: { mode: text } },
      found: [{ path: MODE, reason: 'FieldValueNotSupported' }],
    })),
    {
      name: 'no mode',
      config: { autoScaling: {} },
      found: [
        {
          path: MODE,
          message: 'the mode is missing; use cluster-proportional, vpa or static, or remove the block',
          reason: 'FieldValueRequired',
        },
      ],
    },
    {
      name: 'mode null',
      config: { autoScaling: { mode: null } },
      found: [
        {
          path: MODE,
          message:
            'the mode is missing (got null); use cluster-proportional, vpa or static, or remove the block',
          reason: 'FieldValueRequired',
        },
      ],
    },
    {
      name: 'mode empty',
      config: { autoScaling: { mode: '' } },
      found: [
        {
          path: MODE,
          message:
            'the mode is missing (got ""); use cluster-proportional, vpa or static, or remove the block',
          reason: 'FieldValueRequired',
        },
      ],
    },
    {
      name: 'mode VPA',
      config: { autoScaling: { mode: 'VPA' } },
      found: [
        {
          path: MODE,
          message:
            'unsupported autoScaling mode (got "VPA"); did you mean vpa? Use cluster-proportional, vpa or static',
        },
      ],
    },
    {
      name: 'mode clusterProportional',
      config: { autoScaling: { mode: 'clusterProportional' } },
      found: [
        {
          path: MODE,
          message:
            'unsupported autoScaling mode (got "clusterProportional"); did you mean cluster-proportional? Use cluster-proportional, vpa or static',
        },
      ],
    },
    {
      name: 'no mode and bad resources',
      config: { autoScaling: { resources: { node: { cpu: '0' }, typha: { memory: 'x' } } } },
      found: [MODE, CPU, MEMORY],
    },
    ...['0', '-0', '+0', '0.0', '0m', '0Mi', '0e5', 0, -0, null].flatMap((value) => [
      { name: `cpu zero ${JSON.stringify(value)}`, config: node({ cpu: value }), found: [CPU] },
      { name: `memory zero ${JSON.stringify(value)}`, config: typha(value), found: [MEMORY] },
    ]),
    ...['-1', '-100m', '-64Mi', '-0.1', '-1e3', -1, -0.5].flatMap((value) => [
      {
        name: `cpu ${value}`,
        config: node({ cpu: value }),
        found: [{ path: CPU, reason: 'FieldValueInvalid' }],
      },
      {
        name: `memory ${value}`,
        config: typha(value),
        found: [{ path: MEMORY, reason: 'FieldValueInvalid' }],
      },
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
    ].map((value) => ({ name: `cpu ${JSON.stringify(value)}`, config: node({ cpu: value }), found: [CPU] })),
    ...STRANGE_TEXTS.map(({ name, text }) => ({
      name: `cpu ${name}`,
      config: node({ cpu: text }),
      found: [CPU],
    })),
    {
      name: 'both resources are reported',
      config: node({ cpu: '0', memory: '-1' }),
      found: [CPU, 'config.autoScaling.resources.node.memory'],
    },
    ...['ephemeral-storage', 'CPU', 'storage', 'hugepages-2Mi', 'mem'].map((name) => ({
      name: `resource ${name}`,
      config: node({ [name]: '-1.5' }),
      found: [{ path: `config.autoScaling.resources.node.${name}`, reason: 'FieldValueForbidden' }],
    })),
    {
      name: 'an extended resource',
      config: node({ 'nvidia.com/gpu': '0.5' }),
      found: ['config.autoScaling.resources.node.nvidia.com/gpu'],
    },
    {
      name: 'a resource without a name',
      config: node({ '': '1' }),
      found: ['config.autoScaling.resources.node[""]'],
    },
    {
      name: '__proto__ as a resource',
      config: node(JSON.parse('{"__proto__": "1"}')),
      found: ['config.autoScaling.resources.node.__proto__'],
    },
    {
      name: 'a resource with a long name',
      config: node({ ['x'.repeat(5000)]: '1' }),
      found: [`config.autoScaling.resources.node["${'x'.repeat(61)}…"]`],
    },
    ...[
      [
        { cpu: '0' },
        'the quantity cannot be zero (got "0"); write a larger quantity, such as 100m, or remove it',
      ],
      [
        { cpu: null },
        'the quantity cannot be zero (got null); write a larger quantity, such as 100m, or remove it',
      ],
      [{ cpu: -1 }, 'the quantity cannot be negative (got -1); write a quantity above zero, such as 100m'],
      [{ cpu: 'abc' }, 'invalid quantity (got "abc"); write a number and a unit, such as 100m'],
      [{ cpu: '1,5' }, 'invalid quantity (got "1,5"); write a number and a unit, such as 100m'],
      [
        { cpu: '100 M' },
        'invalid quantity (got "100 M"); did you mean 100M? Write a number and a unit, such as 100m',
      ],
      [
        { cpu: '1KiB' },
        'invalid quantity (got "1KiB"); did you mean 1Ki? Write a number and a unit, such as 100m',
      ],
      [
        { cpu: '1K' },
        'invalid quantity (got "1K"); did you mean 1k? Write a number and a unit, such as 100m',
      ],
      [{ Cpu: '1' }, 'unsupported resource (got "Cpu"); did you mean cpu? Use cpu or memory'],
      [{ pods: '1' }, 'unsupported resource (got "pods"); use cpu or memory'],
    ].map(([resources, message]) => ({
      name: `message of ${JSON.stringify(resources)}`,
      config: node(resources),
      found: [
        {
          path: `config.autoScaling.resources.node.${Object.keys(Object(resources)).join()}`,
          message: String(message),
        },
      ],
    })),
    {
      name: 'the example fits the resource',
      config: typha('100MB'),
      found: [
        {
          path: MEMORY,
          message:
            'invalid quantity (got "100MB"); did you mean 100M? Write a number and a unit, such as 128Mi',
        },
      ],
    },
  ],
});
