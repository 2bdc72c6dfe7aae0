import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../src/commands/audit.ts';
import { UserError } from '../../src/errors.ts';
import { shoot } from '../support/judge.ts';
import { type PagingApi, startPagingApi } from '../support/paging-api.ts';

const SHOOTS = '/apis/core.gardener.cloud/v1beta1/shoots';

const GOOD = shoot({ overlay: { enabled: false } }, {}, { nodes: '10.250.0.0/16' });
const BAD = shoot({ vethMtu: '1440' });

function named(object: object, name: string, namespace = 'garden-dev'): object {
  return { ...object, metadata: { name, namespace } };
}

let room: string;
let api: PagingApi | undefined;
beforeAll(() => {
  room = mkdtempSync(join(tmpdir(), 'audit-'));
});
afterAll(() => rmSync(room, { recursive: true }));
afterEach(() => api?.close());

async function start(shoots: readonly object[], more: Parameters<typeof startPagingApi>[0] = {}) {
  api = await startPagingApi({ [SHOOTS]: { kind: 'Shoot', items: shoots }, ...more });
  const kubeconfig = join(room, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    `apiVersion: v1
kind: Config
current-context: here
clusters: [{name: here, cluster: {server: "${api.url}", certificate-authority-data: ${Buffer.from(api.ca).toString('base64')}}}]
users: [{name: me, user: {token: secret-token}}]
contexts: [{name: here, context: {cluster: here, user: me}}, {name: nowhere, context: {cluster: gone, user: me}}]
`,
  );
  return { api, kubeconfig };
}

async function run(args: readonly string[]) {
  const result = { code: -1, out: '', err: '' };
  result.code = await audit.run(args, {
    env: {},
    stdout: (text) => {
      result.out += text;
    },
    stderr: (text) => {
      result.err += text;
    },
    isTerminal: false,
    readStdin: async () => Buffer.alloc(0),
  });
  return result;
}

describe('audit', () => {
  it('says who would be denied, by rule and by namespace', async () => {
    const { kubeconfig } = await start([
      named(GOOD, 'fine'),
      named(BAD, 'broken'),
      named(BAD, 'too', 'garden-other'),
    ]);
    const { code, out } = await run(['--kubeconfig', kubeconfig]);
    expect(code).toBe(1);
    expect(out).toContain('3 objects judged\n  3 shoots.core.gardener.cloud\n');
    expect(out).toContain(
      '2 findings that would be denied\n\n  shoot/unknown-field (2)\n    Shoot garden-dev/broken\n',
    );
    expect(out).toContain(
      '      spec.networking.providerConfig.vethMtu: unknown field (got "vethMtu"); did you mean',
    );
    expect(out).toContain(
      'By namespace\n  garden-dev: 1 denied, 0 warned of\n  garden-other: 1 denied, 0 warned of\n',
    );
    expect(out).not.toContain('secret-token');
  });

  it('says so where nothing is wrong', async () => {
    const { kubeconfig } = await start([named(GOOD, 'fine')]);
    const { code, out } = await run(['--kubeconfig', kubeconfig]);
    expect({ code, out }).toEqual({
      code: 0,
      out: '1 object judged\n  1 shoots.core.gardener.cloud\n\nNothing was found.\n',
    });
  });

  it('tells programs the same', async () => {
    const { kubeconfig } = await start([named(BAD, 'broken')]);
    const { code, out } = await run(['--kubeconfig', kubeconfig, '--output', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      findings: [
        {
          namespace: 'garden-dev',
          kind: 'Shoot',
          name: 'broken',
          rule: 'shoot/unknown-field',
          severity: 'error',
          path: 'spec.networking.providerConfig.vethMtu',
          message: expect.stringMatching(/^unknown field \(got "vethMtu"\); did you mean/),
          problem: 'unknown field',
          got: 'vethMtu',
          advice: expect.stringMatching(/^did you mean vethMTU/),
        },
      ],
      summary: { errors: 1, warnings: 0, documents: 1 },
      rules: { 'shoot/unknown-field': { errors: 1, warnings: 0 } },
      namespaces: { 'garden-dev': { errors: 1, warnings: 0 } },
      judged: { 'shoots.core.gardener.cloud': 1 },
      unread: [],
    });
  });

  it('reads many objects in pages', async () => {
    const many = Array.from({ length: 450 }, (_, number) => named(GOOD, `shoot-${number}`));
    const { api, kubeconfig } = await start([...many, named(BAD, 'last')]);
    const { code, out } = await run(['--kubeconfig', kubeconfig]);
    expect(code).toBe(1);
    expect(out).toContain('451 objects judged');
    expect(out).toContain('Shoot garden-dev/last');
    expect(api.largestPage()).toBeLessThanOrEqual(100);
    expect(api.requests.filter((path) => path.startsWith(`${SHOOTS}?`))).toHaveLength(5);
  });

  it('waits for a server that asks for it, and goes on where a list has expired', async () => {
    const { api, kubeconfig } = await start(
      Array.from({ length: 250 }, (_, at) => named(GOOD, `shoot-${at}`)),
    );
    api.fail({ path: SHOOTS, status: 429, headers: { 'retry-after': '0' } });
    api.fail({ path: SHOOTS, status: 503, headers: { 'retry-after': '0' } });
    api.fail({ path: SHOOTS, status: 410, body: { kind: 'Status', metadata: { continue: '0' } } });
    const { code, out } = await run(['--kubeconfig', kubeconfig]);
    expect(code).toBe(0);
    expect(out).toContain('250 objects judged');
  });

  it('names what it may not read, and does not call that clean', async () => {
    const { api, kubeconfig } = await start([named(GOOD, 'fine')]);
    api.fail({
      path: SHOOTS,
      status: 403,
      body: { kind: 'Status', message: 'shoots is\u001b[31m forbidden' },
    });
    const { code, out } = await run(['--kubeconfig', kubeconfig]);
    expect(code).toBe(2);
    expect(out).toContain('not read: shoots.core.gardener.cloud (shoots is\\u001b[31m forbidden)');
  });

  it('lets a warning count with --strict, and the configuration decide what is one', async () => {
    const { kubeconfig } = await start([named(BAD, 'broken')]);
    const config = join(room, 'config.yaml');
    writeFileSync(config, 'rules: {shoot/unknown-field: warn}\n');
    expect((await run(['--kubeconfig', kubeconfig, '--config', config])).code).toBe(0);
    expect((await run(['--kubeconfig', kubeconfig, '--config', config, '--strict'])).code).toBe(1);
  });

  it('asks for one namespace only where it is told to', async () => {
    const { api, kubeconfig } = await start([]);
    await run(['--kubeconfig', kubeconfig, '-n', 'garden-a/b']);
    expect(api.requests[0]).toBe(
      '/apis/core.gardener.cloud/v1beta1/namespaces/garden-a%2Fb/shoots?limit=100',
    );
  });

  it.each([
    { name: 'another output', args: ['--output', 'xml'] },
    { name: 'a file', args: ['shoot.yaml'] },
    { name: 'a kubeconfig that is not there', args: ['--kubeconfig', '/nowhere/kubeconfig'] },
    { name: 'a kubeconfig that is none', args: ['--kubeconfig', import.meta.filename] },
  ])('says what is wrong with $name', async ({ args }) => {
    await expect(run(args)).rejects.toThrow(UserError);
  });

  it('says what is wrong with a context that is not there, or leads nowhere', async () => {
    const { kubeconfig } = await start([]);
    for (const context of ['elsewhere', 'nowhere']) {
      await expect(run(['--kubeconfig', kubeconfig, '--context', context])).rejects.toThrow(UserError);
    }
  });

  it('says so where the cluster cannot be reached', async () => {
    const { api, kubeconfig } = await start([]);
    await api.close();
    await expect(run(['--kubeconfig', kubeconfig])).rejects.toThrow(/cannot read from .* \(ECONNREFUSED\)/);
  });
});
