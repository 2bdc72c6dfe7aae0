import { isBelow, type Version } from '../../../formats/version.ts';

/**
 * Releases of networking-calico that cannot reconcile a Shoot with eBPF and without kube-proxy: they do not render their chart
 * while kubeProxy.mode is set, and Gardener's API server always sets it (networking-calico#918, pkg/charts/utils.go).
 * `fixedIn` is the first release with a correction; there is none yet.
 */
const BROKEN: { readonly since: Version; readonly fixedIn?: Version } = { since: { major: 1, minor: 59 } };

/** Whether this release of networking-calico can reconcile a Shoot with eBPF and without kube-proxy. */
export function runsWithoutKubeProxy(release: Version, { since, fixedIn } = BROKEN): boolean {
  if (isBelow(release, since.major, since.minor)) return true;
  return fixedIn !== undefined && !isBelow(release, fixedIn.major, fixedIn.minor);
}
