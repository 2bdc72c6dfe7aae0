import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdmissionReview } from '../../src/admission/answer.ts';
import { formatPath } from '../../src/policy/field-path.ts';
import { readString } from '../../src/policy/json.ts';
import { registry } from '../support/registry.ts';
import { type Found, evaluateDocuments } from '../support/bundle.ts';
import { toReview } from '../support/review.ts';
import { send, startServer, type TestServer } from '../support/server.ts';
import { renderLine } from '../support/message.ts';

interface Case {
  readonly id: string;
  readonly kind: string;
  readonly object: object | readonly object[];
  readonly old?: object;
  readonly expect: {
    readonly allowed: boolean;
    readonly fields: readonly string[];
    /** The meaning, not the words. Absent: no matter; empty: none. */
    readonly warnings?: readonly string[];
  };
}

const CASES: readonly Case[] = JSON.parse(
  readFileSync(new URL('./calico-everywhere.json', import.meta.url), 'utf8'),
);
/** Files of kubeadm never come to an API server. */
const SINGLE = CASES.filter((each) => !Array.isArray(each.object) && each.kind !== 'kubeadm');
function describeAll(found: readonly Found[]): string {
  return found
    .map((each) => `${each.action} ${renderLine(each)}`)
    .join('\n');
}

/** The path itself, or a deeper one below it. */
function isAt(path: string, wanted: string): boolean {
  return path === wanted || path.startsWith(`${wanted}.`) || path.startsWith(`${wanted}[`);
}

describe('every case of calico-everywhere.json, as check evaluates files', () => {
  it.each(CASES.map((each) => [each.id, each] as const))('%s', (_id, each) => {
    const objects = Array.isArray(each.object) ? each.object : [each.object];
    const found = evaluateDocuments(registry, objects, { old: [each.old] });
    const listing = describeAll(found);
    const denied = found.filter(({ action }) => action === 'deny').map(({ path }) => formatPath(path));
    expect(denied.length === 0, listing).toBe(each.expect.allowed);
    for (const field of each.expect.fields) {
      expect(
        denied.some((path) => isAt(path, field)),
        `${field} is not among\n${listing}`,
      ).toBe(true);
    }
    const warnings = found.filter(({ action }) => action === 'warn');
    if (each.expect.warnings?.length === 0) expect(warnings, listing).toEqual([]);
    // One finding may say two things at once, and two may say one; which rule says what is for the rules' own tests.
    else if (each.expect.warnings) expect(warnings.length, listing).toBeGreaterThan(0);
  });
});

describe('every case of calico-everywhere.json that is one API object, over HTTPS', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  it.each(SINGLE.map((each) => [each.id, each] as const))('%s', async (_id, each) => {
    const [group = '', version = ''] = (readString(each.object, 'apiVersion') ?? '').split('/');
    const request = {
      operation: each.old === undefined ? 'CREATE' : 'UPDATE',
      kind: { group, version, kind: readString(each.object, 'kind') ?? '' },
      object: each.object,
      oldObject: each.old ?? null,
    };
    const reply = await send(server, { path: '/validate', body: JSON.stringify(toReview(request)) });
    expect(reply.status).toBe(200);
    const { response }: AdmissionReview = JSON.parse(reply.text);
    const causes = response.status?.details.causes ?? [];
    const listing = causes.map(({ field, message }) => `${field}: ${message}`).join('\n');
    expect(response.allowed, listing).toBe(each.expect.allowed);
    for (const field of each.expect.fields) {
      expect(
        causes.some((cause) => isAt(cause.field, field)),
        listing,
      ).toBe(true);
    }
    if (each.expect.warnings?.length === 0) expect(response.warnings).toBeUndefined();
    else if (each.expect.warnings) expect(response.warnings?.length).toBeGreaterThan(0);
  });
});
