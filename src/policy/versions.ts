/** A release of another project. Only its major and minor version count. */
export interface Release {
  readonly major: number;
  readonly minor: number;
  /** The setting is not set, and this is the newest known release. */
  readonly isAssumed: boolean;
}

/** The releases that decide where releases differ: the setting `versions` of the configuration file. */
export interface Versions {
  readonly networkingCalico: Release;
  readonly calico: Release;
  readonly kops: Release;
}

/** The newest releases when this release was made (September 2026). */
export const NEWEST_VERSIONS: Versions = {
  networkingCalico: { major: 1, minor: 59, isAssumed: true },
  calico: { major: 3, minor: 32, isAssumed: true },
  kops: { major: 1, minor: 36, isAssumed: true },
};

/** `1.59`, as in a finding. */
export function formatRelease({ major, minor }: Release): string {
  return `${major}.${minor}`;
}
