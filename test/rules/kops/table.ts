import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../src/policy/field-path.ts';
import { loadRegistry } from '../../../src/registry.ts';
import { judgeDocuments } from '../../support/bundle.ts';
import { expectMessage, expectWarningFits } from '../../support/message.ts';

export const VERSIONS = ['v1alpha2', 'v1alpha3'] as const;
export type Version = (typeof VERSIONS)[number];

/** A Cluster, said without its API version. */
export interface Written {
  readonly calico?: unknown;
  /** As v1alpha3 calls it; v1alpha2 has another name for `do`. */
  readonly cloud?: string;
  readonly labels?: object;
  /** Ranges and subnets, wherever the version has them; undefined leaves one out. */
  readonly ranges?: object;
  /** Below spec in both versions. */
  readonly spec?: object;
  readonly networking?: object;
}

export interface Group {
  readonly name?: string;
  readonly cluster?: string;
  readonly spec?: object;
}

export interface Row extends Written {
  readonly name: string;
  readonly old?: Written;
  readonly groups?: readonly Group[];
  /**
   * All that is found: `<action> <rule> <path>`, where `calico.` and `net.` stand for spec.networking.calico and for
   * where the version has its ranges. Nothing where it is missing.
   */
  readonly found?: readonly string[];
  /** Where only one of the versions is meant. */
  readonly only?: Version;
}

const registry = loadRegistry();

export function cluster(version: Version, written: Written): object {
  const { calico = {}, cloud = 'aws', networking = {} } = written;
  const ranges = {
    ...(cloud !== 'gce' && { networkCIDR: '172.20.0.0/16' }),
    nonMasqueradeCIDR: '100.64.0.0/10',
    ...written.ranges,
  };
  const isOld = version === 'v1alpha2';
  return {
    apiVersion: `kops.k8s.io/${version}`,
    kind: 'Cluster',
    metadata: { name: 'c.example.com', ...(written.labels && { labels: written.labels }) },
    spec: {
      cloudProvider: isOld ? cloud.replace(/^do$/, 'digitalocean') : { [cloud]: {} },
      kubernetesVersion: 'v1.33.0',
      ...(isOld && ranges),
      networking: { calico, ...(!isOld && ranges), ...networking },
      ...written.spec,
    },
  };
}

export function instanceGroup(version: Version, group: Group): object {
  return {
    apiVersion: `kops.k8s.io/${version}`,
    kind: 'InstanceGroup',
    metadata: {
      name: group.name ?? 'nodes',
      labels: { 'kops.k8s.io/cluster': group.cluster ?? 'c.example.com' },
    },
    spec: { role: 'Node', image: 'ubuntu', minSize: 1, maxSize: 1, ...group.spec },
  };
}

function spellOut(finding: string, version: Version): string {
  return finding
    .replace(' calico.', ' spec.networking.calico.')
    .replace(' net.', version === 'v1alpha2' ? ' spec.' : ' spec.networking.');
}

/** Every row in both versions; all that is found is compared, so that nothing else may be said. */
export function testTable(title: string, rows: readonly Row[]): void {
  describe.each(VERSIONS)(`${title}, %s`, (version) => {
    const mine = rows.filter(({ only }) => only === undefined || only === version);
    it.each(mine.map((row) => [row.name, row] as const))('%s', (_name, row) => {
      const objects = [
        cluster(version, row),
        ...(row.groups ?? []).map((group) => instanceGroup(version, group)),
      ];
      const before = structuredClone(objects);
      const old = row.old === undefined ? [] : [cluster(version, row.old)];
      const found = judgeDocuments(registry, objects, { old });
      expect(
        found.map(({ action, rule, path }) => `${action} ${rule} ${formatPath(path)}`).toSorted(),
      ).toEqual((row.found ?? []).map((each) => spellOut(each, version)).toSorted());
      for (const each of found) {
        expectMessage(each);
        if (each.action === 'warn') expectWarningFits(each);
      }
      expect(objects, 'rules leave their input as it is').toEqual(before);
    });
  });
}
