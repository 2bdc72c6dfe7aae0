import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../src/policy/field-path.ts';
import { renderMessage } from '../../../src/policy/message.ts';
import { loadRegistry } from '../../../src/registry.ts';
import { judgementsOf, shoot, validate } from '../../support/judge.ts';
import { expectMessage, expectWarningFits } from '../../support/message.ts';
import { type GivenVersions, withVersions } from '../../support/versions.ts';

export interface Written {
  readonly config?: unknown;
  readonly spec?: object;
  readonly networking?: object;
}

/** One Shoot, and what one rule that does not deny is to say of it. */
export interface WarnRow extends Written {
  readonly name: string;
  /** The Shoot before the update, where it is one. */
  readonly old?: Written;
  /** Where the rule speaks, in order; nowhere where it is missing. */
  readonly paths?: readonly string[];
  /** A part of each message, in order. */
  readonly says?: readonly string[];
  /** Releases that were set; otherwise the newest known. */
  readonly versions?: GivenVersions;
  /** The value is so long that the warning is cut. */
  readonly isLong?: boolean;
}

const registry = loadRegistry();

function write({ config, spec, networking }: Written): object {
  return shoot(config, spec, networking);
}

export function testAdvice(id: string, action: 'warn' | 'audit', rows: readonly WarnRow[]): void {
  describe(id, () => {
    it.each(rows.map((row) => [row.name, row] as const))('%s', (_name, row) => {
      const object = write(row);
      const before = structuredClone(object);
      const outcome = validate(registry, {
        object,
        ...(row.old !== undefined && { old: write(row.old) }),
        settings: withVersions(row.versions ?? {}),
      });
      const found = judgementsOf(outcome, id);
      expect(found.map((each) => formatPath(each.path))).toEqual(row.paths ?? []);
      for (const [index, judgement] of found.entries()) {
        expect(judgement.action).toBe(action);
        expectMessage(judgement);
        expect(renderMessage(judgement)).toContain(row.says?.[index] ?? '');
        if (action === 'warn' && row.isLong !== true) expectWarningFits(judgement);
      }
      expect(outcome.faults).toEqual([]);
      expect(object, 'a rule leaves its input as it is').toEqual(before);
    });
  });
}

/** A path in the providerConfig of a Shoot. */
export function inConfig(path: string): string {
  return `spec.networking.providerConfig.${path}`;
}

export function inCloud(type: string): object {
  return { provider: { type } };
}
