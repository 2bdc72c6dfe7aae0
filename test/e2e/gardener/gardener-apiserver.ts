import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueAuthority, issueServing } from '../../../src/tls/issue.ts';
import type { ClusterAccess } from '../cluster/access.ts';
import { launch, waitForReady } from '../cluster/cluster.ts';
import { freePorts } from '../cluster/ports.ts';
import type { Reaper } from '../cluster/reaper.ts';

export interface GardenerApiserver {
  /** For whom does not want to go through kube-apiserver. */
  readonly url: string;
  readonly port: number;
  readonly caFile: string;
  /** Its own: kube-apiserver's says nothing of what webhooks did to objects that are not its own. */
  readonly auditLog: string;
}

export interface GardenerOptions {
  readonly path: string;
  /** Files of one are named after it. */
  readonly name: string;
  readonly args?: readonly string[];
}

/** What kube-apiserver asks for when it dials the Service `gardener-apiserver` of kube-system. */
export const SERVER_NAME = 'gardener-apiserver.kube-system.svc';

/**
 * Starts a gardener-apiserver that asks the cluster who is who and who may what, and keeps its objects in the cluster's etcd.
 * @throws with the end of its log, if it does not come up in two minutes
 */
export async function startGardenerApiserver(
  cluster: ClusterAccess,
  reaper: Reaper,
  options: GardenerOptions,
): Promise<GardenerApiserver> {
  const file = (extension: string): string => join(cluster.directory, `${options.name}.${extension}`);
  const [port = 0] = await freePorts(1);
  const now = (): Date => new Date();
  const authority = await issueAuthority({ now });
  const serving = await issueServing({ authority, sans: [SERVER_NAME, '127.0.0.1'], now });
  writeFileSync(file('ca.crt'), authority.cert);
  writeFileSync(file('crt'), serving.cert);
  writeFileSync(file('key'), serving.key, { mode: 0o600 });
  writeFileSync(file('audit.yaml'), AUDIT_POLICY);
  const started = {
    url: `https://127.0.0.1:${port}`,
    port,
    caFile: file('ca.crt'),
    auditLog: file('audit.log'),
  };
  const args = [
    `--etcd-servers=${cluster.etcdUrl}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--tls-cert-file=${file('crt')}`,
    `--tls-private-key-file=${file('key')}`,
    `--kubeconfig=${cluster.kubeconfig}`,
    `--authentication-kubeconfig=${cluster.kubeconfig}`,
    `--authorization-kubeconfig=${cluster.kubeconfig}`,
    '--cluster-identity=test',
    `--audit-policy-file=${file('audit.yaml')}`,
    `--audit-log-path=${started.auditLog}`,
    ...(options.args ?? []),
  ];
  const launched = launch(reaper, cluster.directory, options.name, options.path, args);
  await waitForReady({ ...started, token: cluster.token }, [launched]);
  return started;
}

const AUDIT_POLICY = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
  - level: Metadata
    resources: [{ group: core.gardener.cloud, resources: [shoots] }]
  - level: None
`;
