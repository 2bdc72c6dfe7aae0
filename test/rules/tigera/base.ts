import type { Base } from '../../support/rule-tester.ts';

/** Below spec.calicoNetwork, and below spec. */
export interface Written {
  readonly net?: unknown;
  readonly spec?: object;
  /** One pool, with VXLAN unless it says otherwise. */
  readonly pool?: object | undefined;
}

export function installation({ net, spec, pool }: Written): object {
  const ipPools = pool && [{ cidr: '192.168.0.0/16', encapsulation: 'VXLAN', ...pool }];
  return {
    apiVersion: 'operator.tigera.io/v1',
    kind: 'Installation',
    metadata: { name: 'default' },
    spec: {
      ...(net === undefined && pool === undefined
        ? {}
        : { calicoNetwork: pool === undefined ? net : { ...Object(net), ipPools } }),
      ...spec,
    },
  };
}

/** An Installation in a file and in a review: both say the same. */
export const INSTALLATION: Base<Written> = {
  write: (written) => [installation(written)],
  places: { net: 'spec.calicoNetwork' },
  by: 'both',
};
