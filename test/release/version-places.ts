// Where the version of a release stands, beside package.json and package-lock.json, which npm itself changes.

export interface VersionPlace {
  /** From the root of the checkout. */
  readonly file: string;
  /** What stands before the version, each time. */
  readonly before: RegExp;
}

const CHART = /^ *(?:version|appVersion): /;
const NEW_TAG = /^ *newTag: /;
/** Of any registry and owner: the releaser may have filled them in. */
const IMAGE_OR_CHART = /\/calico-admission(?:\/[a-z]+)?:/;

export const VERSION_PLACES: readonly VersionPlace[] = [
  { file: 'manifests/chart/Chart.yaml', before: CHART },
  { file: 'manifests/chart/charts/application/Chart.yaml', before: CHART },
  { file: 'manifests/chart/charts/runtime/Chart.yaml', before: CHART },
  { file: 'manifests/chart/charts/runtime/values.yaml', before: /^ *tag: / },
  { file: 'manifests/base/server/kustomization.yaml', before: NEW_TAG },
  { file: 'manifests/components/audit/kustomization.yaml', before: NEW_TAG },
  { file: 'manifests/example/kustomization.yaml', before: NEW_TAG },
  { file: 'manifests/example/own-certificate/kustomization.yaml', before: NEW_TAG },
  { file: 'manifests/gardener/extension.yaml', before: IMAGE_OR_CHART },
  { file: 'manifests/README.md', before: IMAGE_OR_CHART },
  { file: 'manifests/README.md', before: /packages\/[a-z-]+-/ },
  { file: 'docs/testing.md', before: IMAGE_OR_CHART },
  { file: 'docs/gitops.md', before: /targetRevision: v/ },
  { file: 'docs/check.md', before: /^ *rev: v/ },
  { file: 'docs/check.md', before: /\/calico-admission@v/ },
];

const VERSION = /\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]*[0-9A-Za-z])?/;

/** @throws Error where the file does not hold a version there */
export function setVersion(text: string, { file, before }: VersionPlace, version: string): string {
  const all = new RegExp(`(?<=${before.source})${VERSION.source}`, 'gm');
  if (!all.test(text)) throw new Error(`${file} holds no version after ${before}; correct VERSION_PLACES`);
  return text.replace(all, version);
}

/** What has changed belongs to the release from now on. @param day as 2026-12-31 */
export function closeUnreleased(changelog: string, version: string, day: string): string {
  const heading = '## [Unreleased]\n';
  if (!changelog.includes(heading)) throw new Error('CHANGELOG.md has no heading "## [Unreleased]"');
  return changelog.replace(heading, `${heading}\n## [${version}] - ${day}\n`);
}
