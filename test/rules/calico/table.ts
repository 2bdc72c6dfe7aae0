import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../src/policy/field-path.ts';
import { renderMessage } from '../../../src/policy/message.ts';
import { loadRegistry } from '../../../src/registry.ts';
import { judgementsOf, validate } from '../../support/judge.ts';
import { expectMessage, expectWarningFits, renderLine } from '../../support/message.ts';
import { type GivenVersions, withVersions } from '../../support/versions.ts';

export type Kind =
  | 'IPPool'
  | 'FelixConfiguration'
  | 'BGPConfiguration'
  | 'KubeControllersConfiguration'
  | 'BGPPeer'
  | 'BGPFilter'
  | 'GlobalNetworkPolicy'
  | 'NetworkPolicy'
  | 'StagedGlobalNetworkPolicy'
  | 'StagedNetworkPolicy'
  | 'GlobalNetworkSet'
  | 'NetworkSet'
  | 'HostEndpoint'
  | 'IPReservation'
  | 'Tier'
  | 'IPAMConfiguration';

/** One resource of Calico, and what is to be said of it. */
export interface Row {
  readonly name: string;
  readonly spec?: unknown;
  /** The spec before the update, where it is one. */
  readonly old?: unknown;
  readonly metadataName?: string;
  /** Where the rule speaks, below spec, in order; nowhere where it is missing. */
  readonly paths?: readonly string[];
  /** Releases that were set; otherwise the newest known. */
  readonly versions?: GivenVersions;
  /** A part of each message, in order. */
  readonly says?: readonly string[];
}

const registry = loadRegistry();

export function resource(kind: Kind, spec: unknown, name = 'default'): object {
  return { apiVersion: 'projectcalico.org/v3', kind, metadata: { name }, spec };
}

/** What one rule says of each row. */
export function testRule(kind: Kind, id: string, action: string, rows: readonly Row[]): void {
  describe(id, () => {
    it.each(rows.map((row) => [row.name, row] as const))('%s', (_name, row) => {
      const object = resource(kind, row.spec, row.metadataName);
      const before = structuredClone(object);
      const old = row.old === undefined ? {} : { old: resource(kind, row.old, row.metadataName) };
      const settings = withVersions(row.versions ?? {});
      const outcome = validate(registry, { object, ...old, settings });
      const found = judgementsOf(outcome, id);
      expect(found.map((each) => formatPath(each.path))).toEqual(
        (row.paths ?? []).map((path) => (path.startsWith('/') ? path.slice(1) : `spec.${path}`)),
      );
      for (const [index, judgement] of found.entries()) {
        expect(judgement.action).toBe(action);
        expectMessage(judgement);
        expect(renderMessage(judgement)).toContain(row.says?.[index] ?? '');
        if (action === 'warn') expectWarningFits(judgement);
      }
      expect(outcome.faults).toEqual([]);
      expect(object, 'a rule leaves its input as it is').toEqual(before);
    });
  });
}

/** What all rules together refuse. */
export function testVerdicts(
  kind: Kind,
  rows: readonly { readonly name: string; readonly spec: unknown; readonly denied?: readonly string[] }[],
): void {
  describe(`the verdict on a ${kind}`, () => {
    it.each(rows.map((row) => [row.name, row] as const))('%s', (_name, { spec, denied = [] }) => {
      const { judgements } = validate(registry, { object: resource(kind, spec) });
      const said = judgements.map((each) => `${each.action} ${renderLine(each)}`).join('\n');
      const found = judgements.filter(({ action }) => action === 'deny').map(({ path }) => formatPath(path));
      expect(found.sort(), said).toEqual(denied.map((path) => `spec.${path}`).sort());
      if (denied.length > 0) return;
      expect(
        judgements.filter(({ action }) => action === 'warn'),
        said,
      ).toEqual([]);
    });
  });
}
