/** A release of another project. Of its number only major and minor count. */
export interface Release {
  readonly major: number;
  readonly minor: number;
  /** Nobody said which release runs, and this is the newest one known. */
  readonly isAssumed: boolean;
}

/** The releases that decide where releases differ: the settings `versions` of the configuration file. */
export interface Versions {
  readonly networkingCalico: Release;
  readonly calico: Release;
  readonly kops: Release;
}

/** The newest releases there were when this release was made (September 2026). */
export const NEWEST_VERSIONS: Versions = {
  networkingCalico: { major: 1, minor: 59, isAssumed: true },
  calico: { major: 3, minor: 32, isAssumed: true },
  kops: { major: 1, minor: 36, isAssumed: true },
};

/** `1.59`, as a finding names it. */
export function formatRelease({ major, minor }: Release): string {
  return `${major}.${minor}`;
}
