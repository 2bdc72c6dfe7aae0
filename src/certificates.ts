import { hostname } from 'node:os';
import { connect } from './cluster/connect.ts';
import { openSecret } from './cluster/secret-source.ts';
import type { ServeSettings } from './config.ts';
import { openDirectory, openFiles } from './tls/directory-source.ts';
import { DEFAULT_NAMESPACE, defaultSans } from './tls/names.ts';
import type { CertificateSource, SourceEvents } from './tls/source.ts';

/**
 * Opens the certificates of the settings. In a cluster, certificates are made only in a Secret: replicas that each
 * sign their own would make half of the calls fail.
 * @throws UserError and CertificateError for every mistake of the operator
 */
export async function openCertificates(
  settings: ServeSettings,
  inCluster: boolean,
  events: SourceEvents,
): Promise<CertificateSource> {
  const { certificates, host } = settings;
  const now = (): Date => new Date();
  // The certificate also has the address that the server listens on, unless it is `all addresses`.
  const added = [...(host === '0.0.0.0' || host === '::' ? [] : [host]), ...settings.sans];
  if (certificates.from === 'directory') {
    const options = { dir: certificates.dir, sans: [...defaultSans(), ...added], now, events };
    return inCluster ? openFiles(options) : openDirectory(options);
  }
  const { kubeconfig, targetKubeconfig, registration } = settings;
  const api = await connect({ file: kubeconfig, inCluster });
  const target =
    targetKubeconfig === undefined
      ? api
      : await connect({ file: targetKubeconfig, inCluster, flag: '--target-kubeconfig' });
  const namespace = certificates.namespace ?? api.namespace() ?? DEFAULT_NAMESPACE;
  return openSecret({
    api,
    target,
    namespace,
    name: certificates.name,
    sans: [...defaultSans({ namespace }), ...added],
    lifetimes: settings.lifetimes,
    pollMs: settings.pollMs,
    registration,
    // The name of the Pod.
    replica: hostname(),
    now,
    events,
  });
}
