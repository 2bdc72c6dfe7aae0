import { describe, expect, it } from 'vitest';
import { type ApiClient, ApiError, type ApiRequest } from '../../src/cluster/api.ts';
import type { AuditFinding } from '../../src/cluster/audit.ts';
import {
  keepReports,
  NoReportsError,
  type Report,
  renderReports,
  toReports,
} from '../../src/cluster/reports.ts';
import { MAX_DEPTH } from '../../src/policy/json.ts';

const ROOT = '/apis/openreports.io/v1alpha1';
const SHOOT: AuditFinding = {
  apiVersion: 'core.gardener.cloud/v1beta1',
  kind: 'Shoot',
  namespace: 'garden-dev',
  name: 'broken',
  uid: 'uid-1',
  rule: 'shoot/unknown-field',
  severity: 'error',
  path: 'spec.networking.providerConfig.vethMtu',
  problem: 'unknown field',
  got: 'vethMtu',
  advice: 'did you mean vethMTU?',
};
const POOL: AuditFinding = {
  ...SHOOT,
  apiVersion: 'projectcalico.org/v3',
  kind: 'IPPool',
  namespace: '',
  name: 'pool',
  uid: 'uid-2',
  rule: 'calico/ippool-nat',
  severity: 'warning',
  path: 'spec',
};
const noPage = () => undefined;

/** As much of an API server as reports need: lists by label, server-side apply, delete. */
function createApi(stored: Readonly<Record<string, object>> = {}) {
  const objects = new Map<string, object>(Object.entries(stored));
  const requests: ApiRequest[] = [];
  const faults = new Map<string, ApiError[]>();
  const api: Pick<ApiClient, 'request'> = {
    async request(request) {
      requests.push(request);
      const [path = '', query = ''] = request.path.split('?');
      const fault = faults.get(`${request.method} ${path}`)?.shift();
      if (fault !== undefined) throw fault;
      if (request.method === 'GET') {
        expect(new URLSearchParams(query).get('labelSelector')).toBe(
          'app.kubernetes.io/managed-by=calico-admission',
        );
        const resource = path.split('/').at(-1);
        const items = [...objects]
          .filter(([key]) => key.split('/').at(-2) === resource)
          .map(([, each]) => each);
        return { kind: 'List', metadata: {}, items };
      }
      if (request.method === 'DELETE') {
        if (!objects.delete(path)) throw new ApiError('DELETE', path, 404);
        return {};
      }
      objects.set(path, request.body as object);
      return request.body;
    },
  };
  const fail = (request: string, ...errors: ApiError[]) => void faults.set(request, errors);
  return { api, objects, requests, fail };
}

function stored(name: string, namespace: string | undefined, source = 'calico-admission') {
  return { metadata: { name, namespace }, source };
}

const OPTIONS = { isWhole: true, sleep: async () => {} };

describe('a report', () => {
  it('has all that was found in an object, which owns it', () => {
    const second: AuditFinding = { ...SHOOT, rule: 'shoot/fails-later', severity: 'warning', path: 'spec.x' };
    const [report, ...others] = toReports([SHOOT, second], (id) => `https://docs.example.org/${id}`);
    expect(others).toEqual([]);
    const self = { apiVersion: SHOOT.apiVersion, kind: 'Shoot', name: 'broken', uid: 'uid-1' };
    const result = {
      source: 'calico-admission',
      policy: 'calico-admission',
      category: 'Calico networking',
      scored: true,
    };
    const message = 'unknown field (got "vethMtu"); did you mean vethMTU?';
    expect(report).toEqual({
      apiVersion: 'openreports.io/v1alpha1',
      kind: 'Report',
      metadata: {
        name: 'calico-admission-uid-1',
        namespace: 'garden-dev',
        labels: { 'app.kubernetes.io/managed-by': 'calico-admission' },
        ownerReferences: [self],
      },
      source: 'calico-admission',
      scope: { ...self, namespace: 'garden-dev' },
      summary: { pass: 0, fail: 1, warn: 1, error: 0, skip: 0 },
      results: [
        {
          ...result,
          rule: SHOOT.rule,
          severity: 'high',
          result: 'fail',
          message,
          properties: { path: SHOOT.path, page: 'https://docs.example.org/shoot/unknown-field' },
        },
        {
          ...result,
          rule: 'shoot/fails-later',
          severity: 'medium',
          result: 'warn',
          message,
          properties: { path: 'spec.x', page: 'https://docs.example.org/shoot/fails-later' },
        },
      ],
    });
  });

  it('is in no namespace where its object is in none, and names no page where there is none', () => {
    const [report] = toReports([POOL], noPage);
    expect(report?.kind).toBe('ClusterReport');
    expect(report?.metadata).not.toHaveProperty('namespace');
    expect(report?.results[0]?.properties).toEqual({ path: 'spec' });
  });

  it('fits into etcd, whatever was found', () => {
    const path = Array.from({ length: MAX_DEPTH }, () => `["${'x'.repeat(60)}"]`).join('');
    const many = Array.from(
      { length: 5000 },
      (): AuditFinding => ({ ...SHOOT, path, got: '\u0000'.repeat(5000) }),
    );
    const [report] = toReports(many, noPage);
    expect(report?.summary.fail).toBe(5000);
    expect(JSON.stringify(report).length).toBeLessThan(500_000);
  });

  it('can be printed with others', () => {
    const list = JSON.parse(renderReports(toReports([SHOOT, POOL], noPage)));
    expect(list).toMatchObject({ apiVersion: 'v1', kind: 'List' });
    expect(list.items.map(({ kind }: Report) => kind)).toEqual(['Report', 'ClusterReport']);
  });
});

describe('the reports of a cluster', () => {
  const SHOOT_REPORT = `${ROOT}/namespaces/garden-dev/reports/calico-admission-uid-1`;
  const POOL_REPORT = `${ROOT}/clusterreports/calico-admission-uid-2`;
  const OLD = `${ROOT}/namespaces/garden-dev/reports/calico-admission-old`;
  const OTHERS = `${ROOT}/namespaces/garden-dev/reports/somebody-else`;
  const LOOKALIKE = `${ROOT}/namespaces/garden-dev/reports/calico-admission-like`;

  it('are written by server-side apply, and those that are no longer true removed', async () => {
    const { api, objects, requests } = createApi({
      [OLD]: stored('calico-admission-old', 'garden-dev'),
      [SHOOT_REPORT]: stored('calico-admission-uid-1', 'garden-dev'),
      [OTHERS]: stored('somebody-else', 'garden-dev', 'trivy'),
      [LOOKALIKE]: stored('calico-admission-like', 'garden-dev', 'trivy'),
    });
    expect(await keepReports(api, toReports([SHOOT, POOL], noPage), OPTIONS)).toEqual({
      written: 2,
      removed: 1,
      failed: [],
    });
    expect([...objects.keys()].sort()).toEqual([POOL_REPORT, LOOKALIKE, SHOOT_REPORT, OTHERS].sort());
    const [write] = requests.filter(({ method }) => method === 'PATCH');
    expect(write).toMatchObject({
      path: `${SHOOT_REPORT}?fieldManager=calico-admission&force=true`,
      contentType: 'application/apply-patch+yaml',
    });
  });

  it('are not removed where not everything was read', async () => {
    const { api, objects } = createApi({ [OLD]: stored('calico-admission-old', 'garden-dev') });
    const kept = await keepReports(api, [], { ...OPTIONS, isWhole: false });
    expect(kept).toEqual({ written: 0, removed: 0, failed: [] });
    expect([...objects.keys()]).toEqual([OLD]);
  });

  it('of one namespace are all that is looked at where it was audited alone', async () => {
    const { api, objects, requests } = createApi({
      [OLD]: stored('calico-admission-old', 'garden-dev'),
      [POOL_REPORT]: stored('calico-admission-uid-2', undefined),
    });
    await keepReports(api, [], { ...OPTIONS, namespace: 'garden-dev' });
    expect([...objects.keys()]).toEqual([POOL_REPORT]);
    expect(requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it('are tried again where the server is busy, and named where they cannot be written', async () => {
    const { api, objects, fail } = createApi({ [OLD]: stored('calico-admission-old', 'garden-dev') });
    fail(`PATCH ${SHOOT_REPORT}`, new ApiError('PATCH', SHOOT_REPORT, 429, { retryAfter: 1 }));
    fail(
      `PATCH ${POOL_REPORT}`,
      new ApiError('PATCH', POOL_REPORT, 403, { answer: { message: 'clusterreports is forbidden' } }),
    );
    // The garbage collector was quicker.
    fail(`DELETE ${OLD}`, new ApiError('DELETE', OLD, 404));
    const kept = await keepReports(api, toReports([SHOOT, POOL], noPage), OPTIONS);
    expect(kept).toEqual({ written: 1, removed: 0, failed: ['IPPool pool (clusterreports is forbidden)'] });
    expect(objects.has(SHOOT_REPORT)).toBe(true);
  });

  it('need their kinds', async () => {
    const { api, fail } = createApi();
    fail(`GET ${ROOT}/reports`, new ApiError('GET', `${ROOT}/reports`, 404));
    await expect(keepReports(api, [], OPTIONS)).rejects.toThrow(NoReportsError);
  });

  it('may not be listed by every user', async () => {
    const { api, fail } = createApi();
    fail(`GET ${ROOT}/reports`, new ApiError('GET', `${ROOT}/reports`, 403));
    await expect(keepReports(api, [], OPTIONS)).rejects.toThrow(ApiError);
  });
});
