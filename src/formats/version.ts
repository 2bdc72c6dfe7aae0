export interface Version {
  readonly major: number;
  readonly minor: number;
}

/**
 * A Kubernetes version as in Shoots: `1.34.0`, `1.34`, `v1.34.0`, `1.34.0-rc.1`. As in Gardener's versionutils, the
 * text after `-` or `+` is ignored, so that `1.34.0-rc.1` counts as 1.34.
 */
export function parseVersion(text: string): Version | undefined {
  const match = /^v?(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})(?:\.[0-9]{1,9})?(?:[-+][0-9A-Za-z.+-]*)?$/.exec(
    text,
  );
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

export function isBelow(version: Version, major: number, minor: number): boolean {
  return version.major < major || (version.major === major && version.minor < minor);
}
