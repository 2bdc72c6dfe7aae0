import { isBelow } from '../../../formats/version.ts';
import type { FieldPath } from '../../../policy/field-path.ts';
import { type DocumentRef, factsOf, type LocatedFact } from '../../../policy/types.ts';
import { findConfiguredBackend } from './configured-backend.ts';

/** IP-in-IP that is enabled where BIRD does not run. */
export interface IpipWithoutBird {
  readonly document: DocumentRef;
  readonly path: FieldPath;
  readonly backend: string;
  /** Whether Felix programs the routes itself: from Calico 3.33 on. Undefined if no image names a release. */
  readonly isOld: boolean | undefined;
}

/** Backends without BIRD. */
export const WITHOUT_BIRD: readonly string[] = ['vxlan', 'none'];

export function* findIpipWithoutBird(cluster: readonly LocatedFact[]): Generator<IpipWithoutBird> {
  const backends = factsOf(cluster, 'backend');
  // Since 3.31 Felix programs the routes of IP-in-IP if it is configured to.
  const hasFelixRoutes = factsOf(cluster, 'cluster-routes').some(
    ({ by, value }) => by === 'felix' && (value === 'Enabled' || value === 'EnabledIPIPOnly'),
  );
  if (backends.length === 0 || hasFelixRoutes) return;
  const nodes = factsOf(cluster, 'calico-node');
  for (const { document, tunnels, version } of nodes) {
    const own = backends.find((each) => each.document.index === document.index);
    const backend = own?.backend ?? findConfiguredBackend(cluster) ?? '';
    const isOld = version && isBelow(version, 3, 33);
    if (tunnels.ipip === undefined || !WITHOUT_BIRD.includes(backend)) continue;
    yield { document, path: tunnels.ipip, backend, isOld };
  }
  const backend = backends.find((each) => WITHOUT_BIRD.includes(each.backend))?.backend;
  const version = nodes[0]?.version;
  if (backend === undefined) return;
  for (const { by, document, path, isDisabled, encapsulation } of factsOf(cluster, 'pool')) {
    if (by !== 'ippool' || isDisabled || encapsulation !== 'ipip') continue;
    const isOld = version && isBelow(version, 3, 33);
    yield { document, path: [...path.slice(0, -1), 'ipipMode'], backend, isOld };
  }
}
