import { describe, expect, it } from 'vitest';
import { renderMessage } from '../../../src/policy/message.ts';
import { loadRegistry } from '../../../src/registry.ts';
import { judgeDocuments } from '../../support/bundle.ts';
import { findAll } from '../../support/found.ts';
import { validate } from '../../support/judge.ts';
import { type GivenVersions, withVersions } from '../../support/versions.ts';

/** Below spec.calicoNetwork, and below spec. */
export interface Written {
  readonly net?: unknown;
  readonly spec?: object;
  /** One pool, with VXLAN unless it says otherwise. */
  readonly pool?: object;
}

export interface Row extends Written {
  readonly name: string;
  readonly old?: Written;
  /** All that is found, without `tigera/installation-`: `<action> <rule> <path>`; `net.` is spec.calicoNetwork. */
  readonly found?: readonly string[];
  /** Releases that were set; otherwise the newest known. */
  readonly versions?: GivenVersions;
  /** A part of some message. */
  readonly says?: string;
}

const registry = loadRegistry();

export function installation({ net, spec, pool }: Written): object {
  const ipPools = pool && [{ cidr: '192.168.0.0/16', encapsulation: 'VXLAN', ...pool }];
  return {
    apiVersion: 'operator.tigera.io/v1',
    kind: 'Installation',
    metadata: { name: 'default' },
    spec: {
      ...(net === undefined && pool === undefined
        ? {}
        : { calicoNetwork: pool === undefined ? net : { ...Object(net), ipPools } }),
      ...spec,
    },
  };
}

/** Every row as `check` judges it, and alone, as the webhook does: both say the same. */
export function testTable(title: string, rows: readonly Row[]): void {
  describe(title, () => {
    it.each(rows.map((row) => [row.name, row] as const))('%s', (_name, row) => {
      const object = installation(row);
      const old = row.old && installation(row.old);
      const settings = withVersions(row.versions ?? {});
      const found = findAll(registry, [object], { old: [old], settings });
      const expected = (row.found ?? []).map((each) => {
        const [action, rule, path = ''] = each.split(' ');
        return `0 ${action} tigera/installation-${rule} ${path.replace(/^net\./, 'spec.calicoNetwork.')}`;
      });
      expect(found).toEqual(expected.toSorted());
      const alone = validate(registry, { object, settings, ...(old !== undefined && { old }) });
      expect(alone.faults).toEqual([]);
      expect(alone.judgements).toHaveLength(found.length);
      if (row.says === undefined) return;
      const messages = judgeDocuments(registry, [object], { old: [old], settings }).map(renderMessage);
      expect(messages.join('\n')).toContain(row.says);
    });
  });
}
