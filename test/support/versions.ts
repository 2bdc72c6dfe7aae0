import { DEFAULT_SETTINGS, type PolicySettings } from '../../src/policy/settings.ts';
import { NEWEST_VERSIONS, type Release } from '../../src/policy/versions.ts';

/** Parses `1.58`, as in a setting. */
function release(text: string): Release {
  const [major, minor] = text.split('.').map(Number);
  return { major: major ?? 0, minor: minor ?? 0, isAssumed: false };
}

/** Releases, by the setting that names them. */
export interface GivenVersions {
  readonly networkingCalico?: string;
  readonly calico?: string;
  readonly kops?: string;
}

/** Settings with these releases; the others are unset. */
export function withVersions(given: GivenVersions): PolicySettings {
  const set = Object.entries(given).map(([name, text]) => [name, release(text)]);
  return { ...DEFAULT_SETTINGS, versions: { ...NEWEST_VERSIONS, ...Object.fromEntries(set) } };
}
