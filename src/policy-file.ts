import schema from '../schemas/config.json' with { type: 'json' };
import { UserError } from './errors.ts';
import { parseVersion } from './formats/version.ts';
import { formatPath } from './policy/field-path.ts';
import { quote, renderMessage } from './policy/message.ts';
import type { PolicySettings } from './policy/settings.ts';
import type { Action } from './policy/types.ts';
import { NEWEST_VERSIONS, type Release, type Versions } from './policy/versions.ts';
import { compileShape, VALUE_KEYWORDS } from './schema/shape.ts';

/**
 * The keys of the configuration file for findings, after {@link findConfigProblems} has found nothing wrong with
 * them.
 */
export interface PolicyFile {
  /** Actions of rules, by their ids. */
  readonly rules?: Readonly<Record<string, Action>>;
  /** Mutations that are on or off, by their ids. Default: all are on. */
  readonly mutations?: Readonly<Record<string, 'on' | 'off'>>;
  /** Namespaces in which rules have no effect. */
  readonly exempt?: readonly { readonly namespace: string; readonly rules: readonly string[] }[];
  /** The address of the site with a page for each rule. */
  readonly docsUrl?: string;
  readonly openstack?: { readonly enableOverlayAsDefaultForCalico?: boolean };
  /** The releases that decide where releases differ, such as `1.59`. Default: the newest known releases. */
  readonly versions?: { readonly [project in keyof Versions]?: string };
}

/** The text of a setting, and its source. */
export interface WrittenVersion {
  readonly text: string;
  readonly source: string;
}

const MAX_PROBLEMS = 20;

/** `<path>: <message>`, for all mistakes in the content of a configuration file. */
export function findConfigProblems(content: unknown): string[] {
  const problems = compileShape(schema, [], VALUE_KEYWORDS)(content);
  const lines = problems
    .slice(0, MAX_PROBLEMS)
    .map((problem) => `${formatPath(problem.path) || '(file)'}: ${renderMessage(problem)}`);
  const more = problems.length - MAX_PROBLEMS;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

/**
 * @param given versions from flags or the environment, which take precedence over those of the file
 * @throws UserError for an invalid version or docsUrl
 */
export function toPolicySettings(
  file: PolicyFile,
  given: Partial<Record<keyof Versions, WrittenVersion | undefined>> = {},
): PolicySettings {
  const release = (key: keyof Versions): Release => {
    const inFile = file.versions?.[key];
    const written =
      given[key] ?? (inFile === undefined ? undefined : { text: inFile, source: `versions.${key}` });
    return written === undefined ? NEWEST_VERSIONS[key] : { ...readVersion(written), isAssumed: false };
  };
  return {
    rules: file.rules ?? {},
    mutations: file.mutations ?? {},
    exempt: file.exempt ?? [],
    docsUrl: file.docsUrl === undefined ? undefined : readDocsUrl(file.docsUrl),
    options: { openstackOverlayDefault: file.openstack?.enableOverlayAsDefaultForCalico ?? true },
    versions: {
      networkingCalico: release('networkingCalico'),
      calico: release('calico'),
      kops: release('kops'),
    },
  };
}

/** An answer may have it up to two hundred times, for all causes of a denial. */
const MAX_DOCS_URL = 200;

function readDocsUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && url.search + url.hash + url.username + url.password === '';
  if (!isPlain || !['http:', 'https:'].includes(url.protocol) || url.href.length > MAX_DOCS_URL) {
    throw new UserError(
      `docsUrl must be the address of a site, of at most ${MAX_DOCS_URL} characters (got ${quote(text)}); write one such as https://example.org/calico-admission/, without a query`,
    );
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

function readVersion({ text, source }: WrittenVersion): { readonly major: number; readonly minor: number } {
  const version = parseVersion(text);
  if (version === undefined) {
    throw new UserError(`${source} must be a version such as 1.59 or v1.59.0 (got ${quote(text)})`);
  }
  return version;
}
