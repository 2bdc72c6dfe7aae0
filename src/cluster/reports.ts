import { readString } from '../policy/json.ts';
import { escapeInvisible, renderMessage } from '../policy/message.ts';
import type { PageFinder } from '../policy/rule-page.ts';
import { type ApiClient, ApiError } from './api.ts';
import type { AuditedObject, AuditFinding } from './audit.ts';
import { listCollection, requestWithRetry } from './list-objects.ts';

// Reports of openreports.io/v1alpha1, one for each object with findings. The name of a report is made from the uid of
// the object: the next audit overwrites it, and the garbage collector of the cluster removes it with the object.

const GROUP = 'openreports.io';
const VERSION = 'v1alpha1';
const SOURCE = 'calico-admission';
const LABEL = { 'app.kubernetes.io/managed-by': SOURCE };

/** Limit of the findings in one report; `summary` counts all. etcd limits an object to 1.5 MiB. */
const MAX_RESULTS = 100;
/** Limit of the length of a path in a report, in characters. */
const MAX_PATH = 1024;
const PAGE_SIZE = 100;

interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

interface Result {
  readonly source: string;
  readonly policy: string;
  readonly rule: string;
  readonly category: string;
  readonly severity: 'high' | 'medium';
  readonly result: 'fail' | 'warn';
  readonly scored: boolean;
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** A Report, or a ClusterReport for an object without a namespace. */
export interface Report {
  readonly apiVersion: string;
  readonly kind: 'Report' | 'ClusterReport';
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly ownerReferences: readonly Reference[];
  };
  readonly source: string;
  readonly scope: Reference & { readonly namespace?: string };
  readonly summary: Readonly<Record<'pass' | 'fail' | 'warn' | 'error' | 'skip', number>>;
  readonly results: readonly Result[];
}

/**
 * The findings of an audit, object by object, in the order of the findings.
 * @param pageOf the address of a rule's page, where there is one
 */
export function* toReports(findings: readonly AuditFinding[], pageOf: PageFinder): Generator<Report> {
  const byObject = new Map<string, AuditFinding[]>();
  for (const finding of findings) {
    const key = `${finding.uid} ${finding.namespace}/${finding.name}`;
    const known = byObject.get(key);
    if (known === undefined) byObject.set(key, [finding]);
    else known.push(finding);
  }
  for (const ofObject of byObject.values()) {
    const [first] = ofObject;
    if (first !== undefined) yield toReport(first, ofObject, pageOf);
  }
}

function toReport(
  { apiVersion, kind, namespace, name, uid }: AuditedObject,
  findings: readonly AuditFinding[],
  pageOf: PageFinder,
): Report {
  const self = { apiVersion, kind, name, uid };
  const place = namespace === '' ? {} : { namespace };
  const fail = findings.filter(({ severity }) => severity === 'error').length;
  return {
    apiVersion: `${GROUP}/${VERSION}`,
    kind: namespace === '' ? 'ClusterReport' : 'Report',
    metadata: { name: `${SOURCE}-${uid}`, ...place, labels: LABEL, ownerReferences: [self] },
    source: SOURCE,
    scope: { ...self, ...place },
    summary: { pass: 0, fail, warn: findings.length - fail, error: 0, skip: 0 },
    results: findings.slice(0, MAX_RESULTS).map((finding) => toResult(finding, pageOf(finding.rule))),
  };
}

function toResult(finding: AuditFinding, page: string | undefined): Result {
  const isError = finding.severity === 'error';
  return {
    source: SOURCE,
    policy: SOURCE,
    rule: finding.rule,
    category: 'Calico networking',
    severity: isError ? 'high' : 'medium',
    result: isError ? 'fail' : 'warn',
    scored: true,
    message: renderMessage(finding),
    properties: {
      path: escapeInvisible(finding.path, MAX_PATH),
      ...(page !== undefined && { page }),
    },
  };
}

/** JSON for programs, and for `kubectl apply -f -`. */
export function renderReports(reports: Iterable<Report>): string {
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...reports] }, null, 2)}\n`;
}

export interface KeepOptions {
  /** Undefined: all namespaces, and objects without a namespace. */
  readonly namespace?: string | undefined;
  /** Whether other reports are removed. Not where some objects could not be read. */
  readonly isWhole: boolean;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export interface Kept {
  readonly written: number;
  readonly removed: number;
  /** The reports that could not be written or removed, each with the reason. */
  readonly failed: readonly string[];
}

/** The cluster does not have the kinds of reports. */
export class NoReportsError extends Error {
  override name = 'NoReportsError';
}

/**
 * Makes the reports of a cluster equal to these, and leaves the reports of other programs alone.
 * @throws NoReportsError where the cluster does not have the kinds, ApiError where listing reports is forbidden
 */
export async function keepReports(
  api: Pick<ApiClient, 'request'>,
  reports: Iterable<Report>,
  options: KeepOptions,
): Promise<Kept> {
  const old = await listOwn(api, options);
  const failed: string[] = [];
  const attempt = async (what: string, request: Parameters<typeof requestWithRetry>[1]): Promise<number> => {
    try {
      await requestWithRetry(api, request, options.sleep);
      return 1;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Another client, such as the garbage collector, has removed it.
      if (request.method === 'DELETE' && error.status === 404) return 0;
      failed.push(`${what} (${readString(error.answer, 'message') ?? error.problem})`);
      return 0;
    }
  };
  let written = 0;
  for (const report of reports) {
    const path = pathOf(report.metadata);
    old.delete(path);
    written += await attempt(`${report.scope.kind} ${report.scope.name}`, {
      method: 'PATCH',
      // Server-side apply: creates a missing report, and leaves an unchanged one alone.
      path: `${path}?fieldManager=${SOURCE}&force=true`,
      contentType: 'application/apply-patch+yaml',
      body: report,
    });
  }
  let removed = 0;
  for (const path of options.isWhole ? old : []) removed += await attempt(path, { method: 'DELETE', path });
  return { written, removed, failed };
}

/** The reports that an audit has written before. */
async function listOwn(
  api: Pick<ApiClient, 'request'>,
  { namespace, sleep }: KeepOptions,
): Promise<Set<string>> {
  const [label = []] = Object.entries(LABEL);
  const paths = new Set<string>();
  for (const resource of namespace === undefined ? ['reports', 'clusterreports'] : ['reports']) {
    const collection = {
      group: GROUP,
      version: VERSION,
      resource,
      namespace,
      labelSelector: label.join('='),
    };
    try {
      for await (const report of listCollection(api, collection, { pageSize: PAGE_SIZE, sleep })) {
        const name = readString(report, 'metadata', 'name') ?? '';
        // The label is a common one, and any client may set it.
        const isOwn = readString(report, 'source') === SOURCE && name.startsWith(`${SOURCE}-`);
        if (isOwn) paths.add(pathOf({ name, namespace: readString(report, 'metadata', 'namespace') }));
      }
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      throw new NoReportsError(
        `the cluster has no ${resource}.${GROUP}; install the CustomResourceDefinitions of openreports.io`,
      );
    }
  }
  return paths;
}

function pathOf({
  name,
  namespace,
}: {
  readonly name: string;
  readonly namespace?: string | undefined;
}): string {
  const root = `/apis/${GROUP}/${VERSION}`;
  return namespace === undefined
    ? `${root}/clusterreports/${name}`
    : `${root}/namespaces/${encodeURIComponent(namespace)}/reports/${name}`;
}
