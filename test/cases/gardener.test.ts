import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdmissionReview } from '../../src/admission/answer.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { read } from '../../src/policy/json.ts';
import { expectWellFormed, patched, toReview } from '../support/review.ts';
import { send, startServer, type TestServer } from '../support/server.ts';
import { CASES, type Case, expectAnswer, isCalled } from './case.ts';

const PATHS = {
  'shoot-validate': () => '/validate',
  'shoot-mutate': () => '/mutate',
  'network-mutate': (each: Case) => `/mutate/${each.provider}`,
};

const PLACEHOLDER = '"@providerConfig@"';

/** The body as it goes over the wire; a raw providerConfig replaces the parsed one byte by byte. */
function toBody(each: Case): string {
  const object = structuredClone(each.object);
  const networking = read(object, 'spec', 'networking') as Record<string, unknown> | undefined;
  if (each.rawProviderConfig !== undefined && networking) networking['providerConfig'] = '@providerConfig@';
  const [group = '', version = ''] = (each.object.apiVersion ?? '').split('/');
  const request = {
    operation: each.operation,
    kind: { group, version, kind: each.object.kind ?? '' },
    object,
    oldObject: each.old ?? null,
  };
  return JSON.stringify(toReview(request)).replace(PLACEHOLDER, () => each.rawProviderConfig ?? '');
}

describe('every case of gardener.json, over HTTPS', () => {
  const servers = new Map<string, TestServer>();

  beforeAll(async () => {
    const withoutOverlay = { ...DEFAULT_SETTINGS, options: { openstackOverlayDefault: false } };
    servers.set('true', await startServer());
    servers.set('false', await startServer({ settings: withoutOverlay }));
  });
  afterAll(async () => {
    for (const server of servers.values()) await server.close();
  });

  it.each(CASES.filter(isCalled).map((each) => [each.id, each] as const))('%s', async (_id, each) => {
    const server = servers.get(String(each.flags?.enableOverlayAsDefaultForCalico ?? true));
    if (!server) throw new Error('no such server');
    const reply = await send(server, { path: PATHS[each.kind](each), body: toBody(each) });
    expect(reply.status).toBe(200);
    const answer: AdmissionReview = JSON.parse(reply.text);
    expectWellFormed(answer);
    const { allowed, status, patch, warnings = [] } = answer.response;
    const after = allowed ? patched(each.object, answer) : undefined;
    expectAnswer(each, { allowed, causes: status?.details.causes ?? [], warnings, after });
    if (each.expect.patched === null) expect(patch).toBeUndefined();
  });
});
