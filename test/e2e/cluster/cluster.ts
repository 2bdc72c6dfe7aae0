import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import https from 'node:https';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Assets } from '../assets/assets.ts';
import { type ClusterAccess, type ClusterClient, openCluster } from './access.ts';
import { freePorts } from './ports.ts';
import { type Reaper, startReaper } from './reaper.ts';

// A real kube-apiserver with its etcd, and nothing else: no controllers, no kubelet, no nodes. Pod Security admission
// and RBAC are on, and the audit log; ServiceAccount admission is off, since no controller makes the accounts and tokens.
// Services are resolved to their EndpointSlices by the API server itself, so that webhooks and APIServices can name a
// Service (an EndpointSlice must hold a real address: `address`).
//
//   const cluster = await startCluster({ assets: findAssets(), args: ['--feature-gates=…'] });
//   await cluster.kubectl(['apply', '-f', '-'], { input: yaml });      // { code, stdout, stderr }
//   await cluster.api('POST', '/api/v1/namespaces', { body: {…} });    // { status, body, warnings }
//   await cluster.stop();
//
// The tests of one run share a cluster that global-setup.ts starts: `openCluster(inject('cluster'))`. It dies with the
// test run, however that ends (reaper.ts).

export interface ClusterOptions {
  readonly assets: Assets;
  /** Further flags of kube-apiserver; a function gets the cluster's directory, to put files there that they name. */
  readonly args?: readonly string[] | ((directory: string) => readonly string[]);
}

export interface Cluster extends ClusterClient {
  stop(): Promise<void>;
}

const START_MS = 120_000;

const AUDIT_POLICY = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
  - level: None
    userGroups: [system:nodes]
  - level: None
    users: [system:apiserver]
  - level: Metadata
`;

/** @throws with the end of the log, if it does not come up in two minutes */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  for (let attempt = 1; ; attempt += 1) {
    const directory = mkdtempSync(join(tmpdir(), 'calico-admission-cluster-'));
    const reaper = startReaper(directory);
    try {
      const access = await start(options, directory, reaper);
      return { ...openCluster(access), stop: () => reaper.reap() };
    } catch (error) {
      await reaper.reap();
      // Someone else may have taken a port between our looking and our using it.
      if (attempt === 3 || !String(error).includes('address already in use')) throw error;
    }
  }
}

async function start(options: ClusterOptions, directory: string, reaper: Reaper): Promise<ClusterAccess> {
  const [clientPort = 0, peerPort = 0, port = 0] = await freePorts(3);
  const file = (name: string, content: string): string => {
    writeFileSync(join(directory, name), content, { mode: 0o600 });
    return join(directory, name);
  };
  const token = randomBytes(24).toString('hex');
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificates = join(directory, 'certs');
  mkdirSync(certificates);
  const etcdUrl = `http://127.0.0.1:${clientPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const etcd = launch(reaper, directory, 'etcd', options.assets.etcd, [
    `--data-dir=${join(directory, 'etcd')}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    // Nothing here outlives a power cut.
    '--unsafe-no-fsync',
  ]);
  const signingKey = file('service-account.key', keys.privateKey);
  const auditLog = join(directory, 'audit.log');
  const kubeApiserver = launch(reaper, directory, 'kube-apiserver', options.assets.kubeApiserver, [
    `--etcd-servers=${etcdUrl}`,
    `--cert-dir=${certificates}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    // Of the Service `kubernetes`, which is not used; a loopback address is rejected there.
    '--advertise-address=192.0.2.1',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${file('service-account.pub', keys.publicKey)}`,
    `--service-account-signing-key-file=${signingKey}`,
    `--token-auth-file=${file('tokens.csv', `${token},admin,admin,system:masters\n`)}`,
    '--authorization-mode=RBAC',
    '--disable-admission-plugins=ServiceAccount',
    '--enable-aggregator-routing=true',
    `--audit-policy-file=${file('audit-policy.yaml', AUDIT_POLICY)}`,
    `--audit-log-path=${auditLog}`,
    ...(typeof options.args === 'function' ? options.args(directory) : (options.args ?? [])),
  ]);
  const url = `https://127.0.0.1:${port}`;
  const caFile = join(certificates, 'apiserver.crt');
  await waitForReady({ url, caFile, token }, [etcd, kubeApiserver]);
  const address = ownAddress();
  return {
    directory,
    url,
    kubeconfig: file('kubeconfig', renderKubeconfig(url, caFile, token)),
    caFile,
    token,
    auditLog,
    etcdUrl,
    kubectlPath: options.assets.kubectl,
    ...(address !== undefined && { address }),
  };
}

export interface Launched {
  /** Undefined while it runs. */
  exitCode(): number | null | undefined;
  lastLines(): string;
}

/** Starts a server that the reaper ends; its log is `<name>.log` in the directory. */
export function launch(
  reaper: Reaper,
  directory: string,
  name: string,
  path: string,
  args: readonly string[],
): Launched {
  const logFile = join(directory, `${name}.log`);
  const log = openSync(logFile, 'a');
  // A proxy of this machine would be asked to call the webhooks.
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/_proxy$/i.test(key)));
  const child = spawn(path, args, { cwd: directory, env, stdio: ['ignore', log, log] });
  closeSync(log);
  reaper.watch(child);
  let code: number | null | undefined;
  child.on('error', () => {
    code = null;
  });
  child.on('exit', (exitCode) => {
    code = exitCode;
  });
  // The reaper ends it; there is no need to wait for it.
  child.unref();
  return {
    exitCode: () => code,
    lastLines: () => `${name}: ${readFileSync(logFile, 'utf8').trim().split('\n').slice(-8).join('\n')}`,
  };
}

type Target = Pick<ClusterAccess, 'url' | 'caFile' | 'token'>;

/** @throws with the ends of the logs, when one of them ends or two minutes have passed */
export async function waitForReady(target: Target, launched: readonly Launched[]): Promise<void> {
  const end = Date.now() + START_MS;
  let last = 'not asked';
  while (last !== 'ready') {
    const logs = launched.map((each) => each.lastLines()).join('\n');
    if (launched.some((each) => each.exitCode() !== undefined)) {
      throw new Error(`a server has ended before it was ready\n${logs}`);
    }
    if (Date.now() > end) throw new Error(`a server is not ready after ${START_MS} ms: ${last}\n${logs}`);
    await sleep(100);
    last = await readiness(target);
  }
}

/** @returns `ready`, or what is amiss */
function readiness({ url, caFile, token }: Target): Promise<string> {
  // Made by the API server when it starts.
  if (!existsSync(caFile)) return Promise.resolve('no certificate yet');
  const headers = { authorization: `Bearer ${token}` };
  return new Promise((resolve) => {
    https
      .get(`${url}/readyz`, { agent: false, ca: readFileSync(caFile), headers }, (incoming) => {
        incoming.resume();
        resolve(incoming.statusCode === 200 ? 'ready' : `status ${incoming.statusCode}`);
      })
      .on('error', (error) => resolve(error.message));
  });
}

function renderKubeconfig(url: string, caFile: string, token: string): string {
  return `${JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: url, 'certificate-authority': caFile } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin', namespace: 'default' } }],
    'current-context': 'test',
  })}\n`;
}

function ownAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.find((each) => each.family === 'IPv4' && !each.internal)?.address;
}
