import fc from 'fast-check';

// Shoots that come near the two denials and the correction of Azure, or miss them by a type.

/** What is written, and what was there before where it is an update. */
export interface Written {
  readonly object: object;
  readonly old?: object | undefined;
}

const ODD = fc.constantFrom<unknown>(undefined, null, [], {}, 'text', 7, ['enabled'], [{ enabled: false }]);

function mostly(arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary }, { weight: 1, arbitrary: ODD });
}

const SWITCH = mostly(
  fc.record({ enabled: fc.constantFrom<unknown>(true, false, false, null, undefined, 'false', 0, []) }),
);
const MODE = fc.constantFrom<unknown>('vpa', 'vpa', 'vpa', 'static', null, undefined, 7, ['vpa']);
const CALICO = 'calico.networking.extensions.gardener.cloud';
const CONFIG = mostly(
  fc.record({
    apiVersion: fc.constantFrom<unknown>(
      undefined,
      `${CALICO}/v1alpha1`,
      'cilium.networking.extensions.gardener.cloud/v1alpha1',
      `${CALICO}.example.org/v1`,
      '/v1',
      'v1',
      '',
      null,
      7,
    ),
    ebpfDataplane: SWITCH,
    autoScaling: mostly(fc.record({ mode: MODE })),
    backend: fc.constantFrom<unknown>('bird', 'bird', 'None', 'none', 'vxlan', null, undefined, 7, {}),
  }),
);
const NETWORKING = mostly(
  fc.record({
    type: fc.constantFrom<unknown>('calico', 'calico', 'calico', 'calico', 'cilium', '', null, 7, undefined),
    providerConfig: CONFIG,
  }),
);
const SPEC = mostly(
  fc.record({
    seedName: fc.constantFrom<unknown>(undefined, undefined, 'one', 'two', '', null, 7),
    kubernetes: mostly(fc.record({ kubeProxy: SWITCH, verticalPodAutoscaler: SWITCH })),
    provider: mostly(
      fc.record({
        type: fc.constantFrom<unknown>('azure', 'azure', 'aws', '', null, 7, undefined),
        workers: fc.constantFrom<unknown>(undefined, undefined, [{ name: 'worker' }], [], null, {}, 'text'),
      }),
    ),
    networking: NETWORKING,
  }),
);
const STATUS = fc.record({
  seedName: fc.constantFrom<unknown>(undefined, 'one', 'one', '', 7),
  lastOperation: mostly(
    fc.record({
      type: fc.constantFrom<unknown>('Reconcile', 'Reconcile', 'Migrate', 'Restore', undefined, 7),
      state: fc.constantFrom<unknown>('Succeeded', 'Processing', undefined),
    }),
  ),
});

/** As it goes over the wire. */
function write(spec: unknown, status?: unknown): object {
  return JSON.parse(JSON.stringify({ spec, ...(status !== undefined && { status }) }));
}

/** A new Shoot, an update of one to another, and one that leaves half of it as it was. */
export const SHOOT_CHANGE: fc.Arbitrary<Written> = fc
  .record({
    before: SPEC,
    after: SPEC,
    status: fc.option(STATUS, { nil: undefined }),
    way: fc.constantFrom('new', 'other', 'networking', 'kubernetes', 'region', 'same'),
  })
  .map(({ before, after, status, way }): Written => {
    if (way === 'new') return { object: write(after) };
    const old = write(before, status);
    if (way === 'other') return { object: write(after), old };
    if (way === 'same') return { object: write(before), old };
    if (way === 'region') return { object: write({ ...Object(before), region: 'other' }), old };
    return { object: write({ ...Object(before), [way]: Object(after)[way] }), old };
  });
