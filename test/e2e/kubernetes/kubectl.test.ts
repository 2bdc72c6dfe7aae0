import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApiException,
  CustomObjectsApi,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openCluster } from '../cluster/access.ts';
import { type Finished, type Served, serveBuilt } from '../process.ts';
import { azureShoot, badAzureShoot, badShoot, goodShoot, type Shoot, shootsPath } from './objects.ts';
import {
  apply,
  createNamespace,
  installKinds,
  printManifests,
  unregister,
  waitForAnswer,
} from './registration.ts';

const cluster = openCluster(inject('cluster'));
const NAMESPACE = 'by-kubectl';
const directory = mkdtempSync(join(tmpdir(), 'calico-admission-'));
let served: Served;

const KUBE_PROXY =
  "spec.kubernetes.kubeProxy.enabled: kube-proxy can only be off with Calico's eBPF dataplane (got false); set it to true, because networking-calico 1.59 cannot reconcile eBPF without kube-proxy (networking-calico#918) [shoot/kube-proxy-off-needs-ebpf]";
// Warnings are cut to 200 characters, and keep the rule.
const KUBE_PROXY_WARNING =
  "spec.kubernetes.kubeProxy.enabled: kube-proxy can only be off with Calico's eBPF dataplane (got false); set it to true, because networking-calico 1.59 cannot reconci… [shoot/kube-proxy-off-needs-ebpf]";
const BACKEND =
  'spec.networking.providerConfig.backend: does not work on Azure and was replaced by none (got "bird"); write backend: none in the manifest [azure-backend]';
const MISSPELT =
  'spec.networking.providerConfig.vethMtu: unknown field (got "vethMtu"); did you mean vethMTU? Names are case-sensitive [shoot/unknown-field]';

function withConfig(shoot: Shoot, config: object): Shoot {
  const providerConfig = { ...(shoot.spec.networking['providerConfig'] as object), ...config };
  return { ...shoot, spec: { ...shoot.spec, networking: { ...shoot.spec.networking, providerConfig } } };
}

function kubectlApply(object: object, ...args: string[]): Promise<Finished> {
  return cluster.kubectl(['apply', ...args, '-f', '-'], { input: JSON.stringify(object) });
}

async function stored(name: string): Promise<Shoot | undefined> {
  const { status, body } = await cluster.api('GET', `${shootsPath(NAMESPACE)}/${name}`);
  return status === 404 ? undefined : body;
}

/** As a person would: the script gets the file to edit. */
function edit(name: string, script: string): Promise<Finished> {
  const editor = join(directory, 'editor.sh');
  writeFileSync(editor, `#!/bin/sh\nset -e\n${script}\ncp "$1" ${join(directory, 'edited')}\n`);
  chmodSync(editor, 0o755);
  return cluster.kubectl(['-n', NAMESPACE, 'edit', 'shoot', name], { env: { KUBE_EDITOR: editor } });
}

beforeAll(async () => {
  served = await serveBuilt();
  await installKinds(cluster);
  await createNamespace(cluster, NAMESPACE);
  // Before any webhook was registered.
  for (const name of ['old', 'old-two', 'old-status']) {
    expect((await kubectlApply(badShoot(NAMESPACE, name))).code).toBe(0);
  }
  const dying = badShoot(NAMESPACE, 'old-dying');
  const metadata = { ...dying.metadata, finalizers: ['gardener.cloud/test'] };
  expect((await kubectlApply({ ...dying, metadata })).code).toBe(0);
  await apply(cluster, await printManifests(served));
  await waitForAnswer(
    'both webhooks are asked',
    () =>
      cluster.api('POST', `${shootsPath(NAMESPACE)}?dryRun=All`, { body: badAzureShoot(NAMESPACE, 'probe') }),
    ({ status, warnings }) => status === 422 && warnings.length === 1,
  );
});
afterAll(async () => {
  await unregister(cluster);
  served.cleanUp();
  rmSync(directory, { recursive: true, force: true });
});

describe('kubectl apply', () => {
  it('gets no warning for a good Shoot, which is stored unchanged', async () => {
    const good = goodShoot(NAMESPACE, 'good');
    expect(await kubectlApply(good)).toMatchObject({
      code: 0,
      stdout: 'shoot.core.gardener.cloud/good created\n',
      stderr: '',
    });
    expect((await stored('good'))?.spec).toEqual(good.spec);
  });

  it('prints the warning of a correction, which is what is read back', async () => {
    expect(await kubectlApply(azureShoot(NAMESPACE, 'azure'))).toMatchObject({
      code: 0,
      stdout: 'shoot.core.gardener.cloud/azure created\n',
      stderr: `Warning: ${BACKEND}\n`,
    });
    const read = ['-n', NAMESPACE, 'get', 'shoot', 'azure', '-o'];
    const backend = 'jsonpath={.spec.networking.providerConfig.backend}';
    expect(await cluster.kubectlOk([...read, backend])).toBe('none');
  });

  it('applied again, corrects again and changes nothing', async () => {
    const before = await stored('azure');
    expect(await kubectlApply(azureShoot(NAMESPACE, 'azure'))).toMatchObject({ code: 0 });
    expect((await stored('azure'))?.metadata['generation']).toBe(before?.metadata['generation']);
  });

  it('prints one cause in the same line', async () => {
    expect(await kubectlApply(badShoot(NAMESPACE, 'bad'))).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `The Shoot "bad" is invalid: ${KUBE_PROXY}\n`,
    });
    expect(await stored('bad')).toBeUndefined();
  });

  it('makes a bullet of each of several causes', async () => {
    const bad = withConfig(badShoot(NAMESPACE, 'bad'), { vethMtu: '1440' });
    expect(await kubectlApply(bad)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `The Shoot "bad" is invalid: \n* ${KUBE_PROXY}\n* ${MISSPELT}\n`,
    });
  });

  it('rejects a bad change of a good one, which stays', async () => {
    const before = await stored('good');
    const { code, stderr } = await kubectlApply(badShoot(NAMESPACE, 'good'));
    expect({ code, stderr }).toEqual({ code: 1, stderr: `The Shoot "good" is invalid: ${KUBE_PROXY}\n` });
    expect(await stored('good')).toEqual(before);
  });

  it('with --server-side rejects, warns and corrects alike', async () => {
    const bad = await kubectlApply(badShoot(NAMESPACE, 'bad-too'), '--server-side');
    expect(bad).toMatchObject({ code: 1, stderr: `The Shoot "bad-too" is invalid: ${KUBE_PROXY}\n` });
    expect(await kubectlApply(azureShoot(NAMESPACE, 'azure-too'), '--server-side')).toMatchObject({
      code: 0,
      stdout: 'shoot.core.gardener.cloud/azure-too serverside-applied\n',
      stderr: `Warning: ${BACKEND}\n`,
    });
    const shoot = await stored('azure-too');
    expect(shoot?.spec.networking['providerConfig']).toMatchObject({ backend: 'none' });
  });

  it('with --dry-run=server asks us, and stores nothing', async () => {
    const bad = await kubectlApply(badShoot(NAMESPACE, 'dry'), '--dry-run=server');
    expect(bad).toMatchObject({ code: 1, stderr: `The Shoot "dry" is invalid: ${KUBE_PROXY}\n` });
    const azure = await kubectlApply(azureShoot(NAMESPACE, 'dry'), '--dry-run=server', '-o', 'json');
    expect(azure).toMatchObject({ code: 0, stderr: `Warning: ${BACKEND}\n` });
    expect(JSON.parse(azure.stdout).spec.networking.providerConfig.backend).toBe('none');
    expect(await stored('dry')).toBeUndefined();
  });
});

describe('kubectl edit and patch', () => {
  it('edit accepts a good change', async () => {
    expect(await edit('good', `sed -i 's/maximum: 2/maximum: 3/' "$1"`)).toMatchObject({
      code: 0,
      stdout: 'shoot.core.gardener.cloud/good edited\n',
      stderr: '',
    });
  });

  it('edit shows a bad one again, with the reason on top', async () => {
    // The second time round the editor changes nothing, and kubectl gives up.
    const script = `grep -q nonsense "$1" || sed -i 's/kind: NetworkConfig/kind: NetworkConfig\\n      backend: nonsense/' "$1"`;
    const { code, stderr } = await edit('good', script);
    expect(code).toBe(1);
    expect(stderr).toContain('error: shoots.core.gardener.cloud "good" is invalid');
    const shown = readFileSync(join(directory, 'edited'), 'utf8');
    expect(shown).toContain(
      '# shoots.core.gardener.cloud "good" was not valid:\n# * spec.networking.providerConfig.backend: ',
    );
    expect(shown).toContain('[shoot/backend]');
  });

  it.each([
    {
      type: 'merge',
      patch: { spec: { kubernetes: { kubeProxy: { enabled: false } } } },
    },
    {
      type: 'json',
      patch: [{ op: 'add', path: '/spec/kubernetes/kubeProxy', value: { enabled: false } }],
    },
  ])('patch --type=$type is rejected as apply is', async ({ type, patch }) => {
    const finished = await cluster.kubectl([
      ...['-n', NAMESPACE, 'patch', 'shoot', 'good', `--type=${type}`, '-p', JSON.stringify(patch)],
    ]);
    expect(finished).toMatchObject({ code: 1, stderr: `The Shoot "good" is invalid: ${KUBE_PROXY}\n` });
  });

  it('patch is corrected as apply is', async () => {
    const patch = JSON.stringify({ spec: { networking: { providerConfig: { backend: 'bird' } } } });
    const args = ['-n', NAMESPACE, 'patch', 'shoot', 'azure', '--type=merge', '-p', patch];
    expect(await cluster.kubectl(args)).toMatchObject({
      code: 0,
      stdout: 'shoot.core.gardener.cloud/azure patched\n',
      stderr: `Warning: ${BACKEND}\n`,
    });
  });
});

describe('what was there before', () => {
  it('accepts labels without a warning', async () => {
    expect(await cluster.kubectl(['-n', NAMESPACE, 'label', 'shoot', 'old', 'a=b'])).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  it('accepts a change of its spec, with a warning about the old mistake', async () => {
    const old = badShoot(NAMESPACE, 'old');
    const changed = { ...old, spec: { ...old.spec, purpose: 'testing' } };
    expect(await kubectlApply(changed)).toMatchObject({
      code: 0,
      stdout: 'shoot.core.gardener.cloud/old configured\n',
      stderr: `Warning: ${KUBE_PROXY_WARNING}\n`,
    });
  });

  it('rejects a new mistake, and names only that', async () => {
    const worse = withConfig(badShoot(NAMESPACE, 'old-two'), { vethMtu: '1440' });
    expect(await kubectlApply(worse)).toMatchObject({
      code: 1,
      stderr: `Warning: ${KUBE_PROXY_WARNING}\nThe Shoot "old-two" is invalid: ${MISSPELT}\n`,
    });
  });

  it('can be deleted although it is bad, finalizers and all', async () => {
    const gone = ['-n', NAMESPACE, 'delete', 'shoot', 'old-dying', '--wait=false'];
    expect(await cluster.kubectl(gone)).toMatchObject({ code: 0, stderr: '' });
    expect((await stored('old-dying'))?.metadata['deletionTimestamp']).toBeTypeOf('string');
    // As gardenlet does in the course of it: spec and finalizers change while it is being deleted.
    const merge = ['-n', NAMESPACE, 'patch', 'shoot', 'old-dying', '--type=merge', '-p'];
    expect(await cluster.kubectl([...merge, '{"spec":{"purpose":"testing"}}'])).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(await cluster.kubectl([...merge, '{"metadata":{"finalizers":null}}'])).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(await stored('old-dying')).toBeUndefined();
  });

  it('has its status written without our being asked', async () => {
    const path = `${shootsPath(NAMESPACE)}/old-status/status`;
    const body = { status: { technicalID: 'shoot--test--old' } };
    const contentType = 'application/merge-patch+json';
    const answer = await cluster.api('PATCH', path, { body, contentType });
    expect(answer).toMatchObject({ status: 200, warnings: [], body });
  });
});

describe('the audit log', () => {
  function annotations(name: string): (Readonly<Record<string, string>> | undefined)[] {
    return cluster
      .audit()
      .filter((event) => event.objectRef?.namespace === NAMESPACE && event.requestURI.includes('/shoots'))
      .filter((event) => event.objectRef?.name === name && event.verb !== 'get')
      .map((event) => event.annotations);
  }

  it('lists the rules of a rejection', () => {
    expect(annotations('bad')).toContainEqual(
      expect.objectContaining({
        'validate.calico-admission.gardener.cloud/rules-fired': 'shoot/kube-proxy-off-needs-ebpf',
      }),
    );
  });

  it('says which mutations were applied', () => {
    expect(annotations('azure')).toContainEqual(
      expect.objectContaining({
        'mutate.calico-admission.gardener.cloud/rules-fired': 'azure-backend',
        'mutate.calico-admission.gardener.cloud/mutations-applied': 'azure-backend',
      }),
    );
  });

  it('gets no finding for a good Shoot', () => {
    const [created] = annotations('good');
    expect(created).toBeDefined();
    expect(Object.keys(created ?? {}).filter((key) => key.includes('calico-admission'))).toEqual([]);
  });
});

describe('@kubernetes/client-node', () => {
  const group = { group: 'core.gardener.cloud', version: 'v1beta1', namespace: NAMESPACE, plural: 'shoots' };
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const shoots = config.makeApiClient(CustomObjectsApi);

  async function rejection(call: Promise<unknown>): Promise<unknown> {
    const error: unknown = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof ApiException)) throw new Error(`not refused: ${String(error)}`);
    const body: unknown = typeof error.body === 'string' ? JSON.parse(error.body) : error.body;
    return { code: error.code, body };
  }

  const REJECTED = {
    code: 422,
    body: {
      kind: 'Status',
      status: 'Failure',
      code: 422,
      reason: 'Invalid',
      details: {
        name: 'by-client',
        group: 'core.gardener.cloud',
        kind: 'Shoot',
        causes: [
          {
            reason: 'FieldValueForbidden',
            field: 'spec.kubernetes.kubeProxy.enabled',
            message: KUBE_PROXY.slice(KUBE_PROXY.indexOf(': ') + 2),
          },
        ],
      },
    },
  };

  it('gets the causes of a rejection, field by field', async () => {
    const body = badShoot(NAMESPACE, 'by-client');
    expect(await rejection(shoots.createNamespacedCustomObject({ ...group, body }))).toMatchObject(REJECTED);
    const dry = shoots.createNamespacedCustomObject({ ...group, body, dryRun: 'All' });
    expect(await rejection(dry)).toMatchObject(REJECTED);
  });

  it('creates, and reads what was corrected', async () => {
    const body = azureShoot(NAMESPACE, 'by-client');
    const corrected = { spec: { networking: { providerConfig: { backend: 'none' } } } };
    expect(await shoots.createNamespacedCustomObject({ ...group, body })).toMatchObject(corrected);
    const read = await shoots.getNamespacedCustomObject({ ...group, name: 'by-client' });
    expect(read).toMatchObject(corrected);
  });

  it.each([
    { strategy: PatchStrategy.MergePatch, body: { spec: { kubernetes: { kubeProxy: { enabled: false } } } } },
    {
      strategy: PatchStrategy.JsonPatch,
      body: [{ op: 'add', path: '/spec/kubernetes/kubeProxy', value: { enabled: false } }],
    },
    { strategy: PatchStrategy.ServerSideApply, body: badShoot(NAMESPACE, 'by-client') },
  ])('gets an error for a patch of $strategy', async ({ strategy, body }) => {
    const force = strategy === PatchStrategy.ServerSideApply && { fieldManager: 'test', force: true };
    const call = shoots.patchNamespacedCustomObject(
      { ...group, name: 'by-client', body, ...force },
      setHeaderOptions('Content-Type', strategy),
    );
    expect(await rejection(call)).toMatchObject(REJECTED);
  });

  it('deletes', async () => {
    await shoots.deleteNamespacedCustomObject({ ...group, name: 'by-client' });
    expect(await stored('by-client')).toBeUndefined();
  });
});
