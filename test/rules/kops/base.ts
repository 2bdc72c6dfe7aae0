import { type Base, type Row, type Table, testRules } from '../../support/rule-tester.ts';

export const VERSIONS = ['v1alpha2', 'v1alpha3'] as const;
export type Version = (typeof VERSIONS)[number];

/** A Cluster without its API version. */
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

/** A Cluster and its InstanceGroups. */
export interface Documents extends Written {
  readonly groups?: readonly Group[];
  /** Where only one of the versions is meant. */
  readonly only?: Version | undefined;
}

export function cluster(version: Version, written: Written): object {
  const { calico = {}, cloud = 'aws', networking = {} } = written;
  const ranges = {
    ...(cloud !== 'gce' && { networkCIDR: '172.20.0.0/16' }),
    nonMasqueradeCIDR: '100.64.0.0/10',
    ...withNames(written.ranges, cloud),
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

/** Subnets with the name, type and region that kOps asks for, where a row leaves them out. */
function withNames(ranges: { readonly subnets?: unknown } = {}, cloud: string): object {
  if (!Array.isArray(ranges.subnets)) return ranges;
  const subnets = ranges.subnets.map((subnet: unknown, index) =>
    typeof subnet === 'object' && subnet !== null
      ? { name: `subnet-${index}`, type: 'Private', ...(cloud === 'gce' && { region: 'us' }), ...subnet }
      : subnet,
  );
  return { ...ranges, subnets };
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

export function kops(version: Version): Base<Documents> {
  return {
    write: (written) => [
      cluster(version, written),
      ...(written.groups ?? []).map((group) => instanceGroup(version, group)),
    ],
    places: {
      calico: 'spec.networking.calico',
      net: version === 'v1alpha2' ? 'spec' : 'spec.networking',
    },
    by: 'check',
  };
}

/** Every row in both versions; `net` stands for where the version has its ranges. */
export function testVersions(title: string, ...tables: readonly Table<Documents>[]): void {
  for (const version of VERSIONS) {
    const isMeant = (row: Row<Documents>) =>
      row.yaml === undefined ? (row.only ?? version) === version : row.yaml.includes(`/${version}\n`);
    testRules(
      `${title}, ${version}`,
      kops(version),
      ...tables.map(({ valid = [], invalid = [] }) => ({
        valid: valid.filter(isMeant),
        invalid: invalid.filter(isMeant),
      })),
    );
  }
}
