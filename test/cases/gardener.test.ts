import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdmissionReview } from '../../src/admission/answer.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { read } from '../../src/policy/json.ts';
import { expectWellFormed, patched, ruleIds, toReview } from '../support/review.ts';
import { send, startServer, type TestServer } from '../support/server.ts';

interface Case {
  readonly id: string;
  readonly kind: 'shoot-validate' | 'shoot-mutate' | 'network-mutate';
  readonly provider: string;
  readonly operation: string;
  readonly object: { readonly apiVersion?: string; readonly kind?: string };
  readonly old?: object;
  readonly rawProviderConfig?: string;
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  readonly flags?: { readonly enableOverlayAsDefaultForCalico?: boolean };
  readonly expect: {
    readonly allowed: boolean;
    readonly fields: readonly string[];
    readonly fieldsAlt?: readonly string[];
    readonly warningRules?: readonly string[];
    readonly patched?: unknown;
  };
}

const CASES: readonly Case[] = JSON.parse(readFileSync(new URL('./gardener.json', import.meta.url), 'utf8'));

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

function isCalled(each: Case): boolean {
  const network = each.namespaceLabels?.['networking.shoot.gardener.cloud/provider'];
  return each.kind !== 'network-mutate' || network === 'calico';
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
    const causes = answer.response.status?.details.causes ?? [];
    const fields = [...new Set(causes.map((cause) => cause.field))].sort();
    const accepted = [each.expect.fields, each.expect.fieldsAlt ?? each.expect.fields].map((list) => [...list].sort());
    expect(accepted, causes.map((cause) => `${cause.field}: ${cause.message}`).join('\n')).toContainEqual(fields);
    expect(answer.response.allowed).toBe(each.expect.allowed);
    if (each.expect.warningRules) {
      const rules = new Set(ruleIds(answer.response.warnings ?? []));
      expect([...rules].sort(), answer.response.warnings?.join('\n')).toEqual([...each.expect.warningRules].sort());
    }
    if (each.expect.patched === null) expect(answer.response.patch).toBeUndefined();
    else if (each.expect.patched !== undefined) {
      const after = patched(each.object, answer);
      const path = each.kind === 'network-mutate' ? ['spec'] : ['spec', 'networking'];
      expect(read(after, ...path, 'providerConfig')).toEqual(each.expect.patched);
    }
  });
});
