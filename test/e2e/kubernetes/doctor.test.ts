import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { issueAuthority, issueServing } from '../../../src/tls/issue.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { openCluster } from '../cluster/access.ts';
import { cli, type Finished, type Served, serveBuilt } from '../process.ts';
import { badShoot, shootsPath } from './objects.ts';
import {
  apply,
  type Configuration,
  createNamespace,
  installKinds,
  parseConfigurations,
  printManifests,
  unregister,
  waitForAnswer,
} from './registration.ts';
import { renderService, slicePath } from './service.ts';
import { answerTo, startWebhook, type Webhook } from './webhook.ts';

// Each way in which the road from the API server to the server can be broken, on a real one; `doctor` finds the place.

const cluster = openCluster(inject('cluster'));
const NAMESPACE = 'doctor';
const SERVICE = { name: 'calico-admission', namespace: 'doctor-system' };
const closing: (() => unknown)[] = [];
let certDir: string;

function doctor(args: readonly string[] = []): Promise<Finished> {
  return cli(['doctor', '--kubeconfig', cluster.kubeconfig, '--namespace', NAMESPACE, ...args]);
}

async function serve(args: readonly string[] = []): Promise<Served> {
  const served = await serveBuilt(['--host', '0.0.0.0', ...args], { certDir });
  closing.push(() => served.cleanUp());
  return served;
}

async function register(
  served: Pick<Served, 'url' | 'certDir'>,
  change: (webhook: NonNullable<Configuration['webhooks']>[number]) => object = (webhook) => webhook,
  args: readonly string[] = [],
): Promise<void> {
  const configurations = parseConfigurations(await printManifests(served, args));
  await apply(
    cluster,
    configurations.map((each) => ({ ...each, webhooks: each.webhooks?.map(change) })),
  );
}

async function startService(ports: readonly number[]): Promise<void> {
  await apply(cluster, renderService(cluster, SERVICE, ports));
  closing.push(async () => {
    await cluster.api('DELETE', `/api/v1/namespaces/${SERVICE.namespace}/services/${SERVICE.name}`);
    for (const port of ports) await cluster.api('DELETE', slicePath(SERVICE, port));
  });
}

const portOf = ({ url }: Pick<Served, 'url'>): number => Number(new URL(url).port);
const viaService = ['--service', SERVICE.name, '--namespace', SERVICE.namespace];

beforeAll(async () => {
  await installKinds(cluster);
  await createNamespace(cluster, NAMESPACE);
  await createNamespace(cluster, SERVICE.namespace);
});
beforeEach(() => {
  certDir = mkdtempSync(join(tmpdir(), 'calico-admission-'));
});
afterEach(async () => {
  await unregister(cluster);
  for (const close of closing.splice(0)) await close();
  const body = badShoot(NAMESPACE, 'probe');
  const ask = () => cluster.api('POST', `${shootsPath(NAMESPACE)}?dryRun=All`, { body });
  await waitForAnswer('nobody is asked any more', ask, ({ status }) => status === 201);
  rmSync(certDir, { recursive: true, force: true });
});
afterAll(() => cluster.api('DELETE', shootsPath(NAMESPACE)));

describe('what is right', () => {
  it('is reported link by link, by Service', async () => {
    const served = await serve(['--san', `${SERVICE.name}.${SERVICE.namespace}.svc`]);
    await startService([portOf(served)]);
    await register(served, undefined, viaService);
    const { code, stdout, stderr } = await doctor(['--wait', '20']);
    expect(stderr).toBe('');
    expect(stdout.replace(/\d{4}-\d\d-\d\d/g, 'DATE')).toBe(`validate.calico-admission.gardener.cloud
  ok     ValidatingWebhookConfiguration calico-admission: shoots; failurePolicy Fail
  ok     the caBundle holds 1 authority
  ok     the Service doctor-system/calico-admission has port 443
  ok     1 of 1 endpoint ready
  ok     the certificate is valid for calico-admission.doctor-system.svc with the caBundle until DATE
  ok     denies a bad Shoot
  ok     admits a good Shoot

mutate.calico-admission.gardener.cloud
  ok     MutatingWebhookConfiguration calico-admission: shoots; failurePolicy Fail
  ok     the caBundle holds 1 authority
  ok     the Service doctor-system/calico-admission has port 443
  ok     1 of 1 endpoint ready
  ok     the certificate is valid for calico-admission.doctor-system.svc with the caBundle until DATE
  ok     corrects a Shoot
`);
    expect(code).toBe(0);
    const stored = await cluster.api('GET', shootsPath(NAMESPACE));
    expect(stored.body.items, 'nothing is stored').toEqual([]);
  });

  it('by URL, and is waited for', async () => {
    const served = await serve();
    const waiting = doctor(['--wait', '30']);
    await register(served);
    expect(await waiting).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('what is broken', () => {
  /** What `doctor` says of the first link that is broken. */
  async function expectBroken(text: RegExp, cure: RegExp): Promise<void> {
    const end = Date.now() + 20_000;
    for (;;) {
      const { code, stdout } = await doctor();
      const [, problem = '', fix = ''] = /BROKEN (.*)\n\s+= fix: (.*)/.exec(stdout) ?? [];
      // The API server learns of a registration a moment after it has accepted it.
      if (!(text.test(problem) && code === 1) && Date.now() < end) continue;
      expect(stdout).toMatch(/BROKEN/);
      expect(problem).toMatch(text);
      expect(fix).toMatch(cure);
      expect(code).toBe(1);
      return;
    }
  }

  it('nothing is registered', () => expectBroken(/no webhook configuration/, /calico-admission manifests/));

  it('the caBundle is empty', async () => {
    const served = await serve();
    await startService([portOf(served)]);
    await register(
      served,
      (webhook) => ({ ...webhook, clientConfig: { ...webhook.clientConfig, caBundle: undefined } }),
      viaService,
    );
    await expectBroken(/caBundle is empty/, /--cert-secret/);
  });

  it('the caBundle is of another authority', async () => {
    const served = await serve();
    const other = Buffer.from((await makeCertificates()).ca).toString('base64');
    await register(served, (webhook) => ({
      ...webhook,
      clientConfig: { ...webhook.clientConfig, caBundle: other },
    }));
    await expectBroken(/not signed by the caBundle/, /caBundle/);
  });

  it('the certificate has another name', async () => {
    const served = await serve();
    await startService([portOf(served)]);
    const authority = await issueAuthority({ now: () => new Date() });
    const pair = await issueServing({ authority, sans: ['elsewhere.example.com'], now: () => new Date() });
    const directory = mkdtempSync(join(tmpdir(), 'calico-admission-'));
    closing.push(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, 'ca.crt'), authority.cert);
    writeFileSync(join(directory, 'tls.crt'), pair.cert);
    writeFileSync(join(directory, 'tls.key'), pair.key, { mode: 0o600 });
    const webhook = await startWebhook({ ca: authority.cert, cert: pair.cert, key: pair.key }, (call) => ({
      body: answerTo(call, {}),
    }));
    closing.push(() => webhook.close());
    await register({ url: webhook.url, certDir: directory });
    await expectBroken(/does not have the name that the API server uses/, /--san/);
  });

  it('the Service is missing', async () => {
    const served = await serve();
    await register(served, undefined, viaService);
    await expectBroken(/there is no Service doctor-system\/calico-admission/, /install the server/);
  });

  it('the port of the Service is another', async () => {
    const served = await serve();
    await startService([portOf(served)]);
    await register(
      served,
      (webhook) => ({
        ...webhook,
        clientConfig: {
          ...webhook.clientConfig,
          service: { ...SERVICE, ...webhook.clientConfig.service, port: 8443 },
        },
      }),
      viaService,
    );
    await expectBroken(/has no port 8443 \(it has 443\)/, /port/);
  });

  it('no Pod is there', async () => {
    const served = await serve();
    await startService([]);
    await register(served, undefined, viaService);
    await expectBroken(/no Pod matches the Service/, /get pods/);
  });

  it('nothing listens', async () => {
    const served = await serve();
    await register(served);
    served.child.kill('SIGKILL');
    await expectBroken(/nothing answers at the address/, /runs and listens/);
  });

  /** A foreign server, with a valid certificate. */
  async function startOther(answer: Parameters<typeof startWebhook>[1]): Promise<Webhook> {
    const certificates = await makeCertificates();
    const webhook = await startWebhook(certificates, answer);
    closing.push(() => webhook.close());
    writeFileSync(join(certDir, 'ca.crt'), certificates.ca);
    writeFileSync(join(certDir, 'tls.crt'), certificates.cert);
    writeFileSync(join(certDir, 'tls.key'), certificates.key, { mode: 0o600 });
    await register({ url: webhook.url, certDir });
    return webhook;
  }

  it('the path is wrong', async () => {
    await startOther(() => ({ status: 404, body: 'no' }));
    await expectBroken(/HTTP 404/, /\/validate/);
  });

  it('the review cannot be read', async () => {
    await startOther(() => ({ status: 400, body: { error: 'a key is written twice' } }));
    await expectBroken(/could not read the review \(HTTP 400\)/, /unreadable review/);
  });

  it('something else answers', async () => {
    await startOther(() => ({ body: { kind: 'Other' } }));
    await expectBroken(/another program answers at this address/, /address/);
  });

  it('it allows everything', async () => {
    await startOther((call) => ({ body: answerTo(call, {}) }));
    await expectBroken(/was not called for a bad Shoot, or did not deny it/, /matchConditions/);
  });

  it('it denies everything', async () => {
    await startOther((call) => ({ body: answerTo(call, { allowed: call.path.startsWith('/mutate') }) }));
    await expectBroken(/denies a good Shoot/, /--version/);
  });

  it('failurePolicy Ignore lets everything pass', async () => {
    const served = await serve();
    await register(served, (webhook) => ({
      ...webhook,
      failurePolicy: 'Ignore',
      clientConfig: {
        ...webhook.clientConfig,
        url: webhook.clientConfig.url?.replace('/validate', '/nowhere'),
      },
    }));
    await expectBroken(/failurePolicy Ignore admitted the object/, /failed-open/);
  });
});

it('exits with 2 where there is no API server', async () => {
  const file = join(certDir, 'kubeconfig');
  const text = readFileSync(cluster.kubeconfig, 'utf8').replace(/https:\/\/[^\s"]+/, 'https://127.0.0.1:1');
  writeFileSync(file, text);
  const { code, stderr, stdout } = await cli(['doctor', '--kubeconfig', file]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe('calico-admission: cannot read from https://127.0.0.1:1 (ECONNREFUSED)\n');
});
