// Calico has removed nonPrivileged and fipsMode. Disabled is still accepted, Enabled is not: while one of them is
// Enabled, the operator stops with a degraded TigeraStatus, and rolls out no update of Calico.
import { isBelow, type Version } from '../../formats/version.ts';
import { read } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { Release } from '../../policy/versions.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** By field, the first release of Calico whose operator rejects it. */
const REMOVED: ReadonlyMap<string, Version> = new Map([
  ['nonPrivileged', { major: 3, minor: 32 }],
  ['fipsMode', { major: 3, minor: 33 }],
]);

export const installationRemovedSetting: Rule<ObjectInput> = {
  id: 'tigera/installation-removed-setting',
  title: 'settings that the operator has removed must not be on',
  action: 'deny',
  docs: {
    why: 'Calico no longer runs without privileges (from 3.32 on) or in FIPS mode (from 3.33 on, which is not released yet, so this one is a warning; with `variant: TigeraSecureEnterprise` FIPS mode is already rejected). The operator reports a degraded TigeraStatus while one of them is Enabled.',
    fix: 'Remove the setting. If you run an older Calico, set `versions.calico` in the configuration file, or `--calico-version 3.31`.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    bgp: Enabled
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  nonPrivileged: Enabled
`,
    source:
      'Tigera operator of Calico 3.32 (nonPrivileged) and 3.33 (fipsMode; tigera/operator#4875), pkg/controller/installation/validation.go',
    since: '0.1.0',
  },
  *check({ spec }, { versions }) {
    for (const [field, since] of REMOVED) {
      if (read(spec, field) !== 'Enabled') continue;
      if (field === 'fipsMode' && read(spec, 'variant') === 'TigeraSecureEnterprise') {
        yield removed(field, 'Calico Enterprise does not have this setting');
      } else {
        yield* checkRelease(field, since, versions.calico);
      }
    }
  },
};

function* checkRelease(field: string, since: Version, release: Release): Generator<Finding> {
  const name = `Calico ${since.major}.${since.minor}`;
  if (!isBelow(release, since.major, since.minor)) {
    yield removed(field, `${name} and later no longer have this setting`);
  } else if (release.isAssumed) {
    const problem = `${name}, which is not released yet, no longer has this setting`;
    yield { ...removed(field, problem), advice: 'remove it before you upgrade', atMost: 'warn' };
  }
}

function removed(field: string, problem: string): Finding {
  return {
    path: ['spec', field],
    reason: 'FieldValueForbidden',
    problem,
    got: 'Enabled',
    advice: 'remove it',
  };
}
