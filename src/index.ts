import type { AdmissionReview } from './admission/answer.ts';
import { decide, findRoute } from './admission/decide.ts';
import { createReviewReader } from './admission/read.ts';
import { indexOld } from './check/old.ts';
import {
  type JsonFinding,
  type JsonSummary,
  type JsonSuppressed,
  toJsonFinding,
  toJsonSummary,
  toJsonSuppressed,
} from './check/outputs/json.ts';
import type { Source } from './check/read.ts';
import type { CheckFinding, Report, TextFix } from './check/report.ts';
import { createWorkspace as createEngine } from './check/workspace.ts';
import { UserError } from './errors.ts';
import type { RuleInfo } from './policy/evaluate.ts';
import { describe, quote } from './policy/message.ts';
import { once } from './policy/once.ts';
import { listRules } from './policy/registry.ts';
import { DEFAULT_SETTINGS, type PolicySettings } from './policy/settings.ts';
import { findConfigProblems, type PolicyFile, toPolicySettings } from './policy-file.ts';
import { loadRegistry } from './registry.ts';

export type { AdmissionResponse, AdmissionReview, StatusCause } from './admission/answer.ts';
export { UnreadableReviewError } from './admission/unreadable.ts';
export type { JsonFinding, JsonSummary, JsonSuppressed } from './check/outputs/json.ts';
export type { TextFix } from './check/report.ts';
export { UserError } from './errors.ts';

/** A file, with the name for its findings. */
export interface InputFile {
  readonly name: string;
  /** YAML or JSON, one document or several. Bytes are UTF-8. */
  readonly text: string | Uint8Array;
}

/** The keys of the configuration file for rules, mutations, exemptions and versions. */
export type PolicyOptions = Pick<PolicyFile, 'rules' | 'mutations' | 'exempt' | 'versions'>;

export interface CheckOptions extends PolicyOptions {
  /** Each file is evaluated alone, because the files belong to different clusters. */
  readonly each?: boolean;
  /** The files before the change. Objects are paired by kind, namespace and name. */
  readonly old?: readonly InputFile[];
  /** Warnings are errors. */
  readonly strict?: boolean;
  /** Notes are among the findings; they are counted in any case. */
  readonly notes?: boolean;
  /** Comments in the files ignore nothing. */
  readonly noInlineConfig?: boolean;
}

/** A finding as in `check --output json`, with its correction where that is certain. */
export interface Finding extends JsonFinding {
  readonly fix?: TextFix;
}

export interface CheckResult {
  /** Errors first, notes last; then by file in their order, line and column. */
  readonly findings: readonly Finding[];
  /** The findings that comments in the files ignore. */
  readonly suppressed: readonly JsonSuppressed[];
  readonly summary: JsonSummary;
  /** `<file>: <what is wrong>`, for old files that cannot be read. Nothing is compared with them. */
  readonly notCompared: readonly string[];
}

/** The findings of a file after a change. */
export interface FileFindings {
  readonly file: string;
  /** In the order of the file. Empty where no finding is left. */
  readonly findings: readonly Finding[];
}

/** Files that are evaluated together, and can be added and removed one by one. */
export interface Workspace {
  /** Adds a file, or replaces the file with the same name. */
  set(file: InputFile): void;
  /** @returns whether the file was there */
  delete(name: string): boolean;
  /**
   * Files whose findings have changed since the last call. They may be other files than those that were set. Call it
   * once after several changes: findings across documents are evaluated each time.
   */
  changes(): readonly FileFindings[];
  /** The same as {@link check} of all present files. */
  report(): CheckResult;
}

export interface ReviewOptions extends PolicyOptions {
  /** `/validate` (default), `/mutate` or `/mutate/<provider>` */
  readonly path?: string;
}

export type RuleSummary = Pick<RuleInfo, 'id' | 'title' | 'action' | 'docs'>;

const registry = once(loadRegistry);
const readReview = once(() => createReviewReader(registry()));

/**
 * Evaluates all files together, as `calico-admission check` does.
 * @throws UserError for wrong options, or two files with one name
 */
export function check(files: readonly InputFile[], options: CheckOptions = {}): CheckResult {
  const workspace = createWorkspace(options);
  const names = new Set<string>();
  for (const file of expectFiles(files)) {
    if (names.has(file.name)) {
      throw new UserError(`two files have the same name (got ${quote(file.name)}); give each its own`);
    }
    names.add(file.name);
    workspace.set(file);
  }
  return workspace.report();
}

/** @throws UserError for wrong options */
export function createWorkspace(options: CheckOptions = {}): Workspace {
  const { each = false, strict = false, notes = false, noInlineConfig = false, old, ...policy } = options;
  const before = old && indexOld(expectFiles(old).map(toSource), registry());
  const engine = createEngine({
    registry: registry(),
    settings: toSettings(policy),
    each,
    strict,
    notes,
    noInlineConfig,
    withFixes: true,
    old: before,
  });
  return {
    set: (file) => engine.put(toSource(expectFile(file))),
    delete: (name) => engine.drop(name),
    changes: () =>
      engine.changes().map(({ file, findings }) => ({ file, findings: findings.map(toFinding) })),
    report: () => toResult(engine.report(), before?.unreadable ?? []),
  };
}

/**
 * The answer of the webhook to an AdmissionReview: its text, its bytes, or an object. In an object, keys that were
 * written twice are no longer visible.
 * @throws UnreadableReviewError where it cannot be answered, UserError for wrong options
 */
export function review(input: string | Uint8Array | object, options: ReviewOptions = {}): AdmissionReview {
  const { path = '/validate', ...policy } = options;
  const route = findRoute(path);
  if (route === undefined) {
    throw new UserError(`no such path (got ${describe(path)}); use /validate, /mutate or /mutate/<provider>`);
  }
  const settings = toSettings(policy);
  const received = readReview()(toBytes(input));
  return decide(received, route, { registry: registry(), settings, checkpoint: () => {} }).answer;
}

/** All rules, in the order of their findings. */
export function rules(): readonly RuleSummary[] {
  return listRules(registry()).map(({ id, title, action, docs }) => ({ id, title, action, docs }));
}

function toBytes(input: string | Uint8Array | object): Uint8Array {
  if (isBytes(input)) return input;
  return new TextEncoder().encode(typeof input === 'string' ? input : toJson(input));
}

/** Also where the array comes from another window, or from Node.js. */
function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === '[object Uint8Array]';
}

function toJson(input: unknown): string {
  try {
    return JSON.stringify(input) ?? '';
  } catch (error) {
    throw new UserError(
      'the review cannot be written as JSON; give its text, or an object without circular references',
      {
        cause: error,
      },
    );
  }
}

function toSettings(policy: PolicyOptions): PolicySettings {
  const given = Object.entries(policy).filter(([, value]) => value !== undefined);
  if (given.length === 0) return DEFAULT_SETTINGS;
  const problems = findConfigProblems(Object.fromEntries(given));
  if (problems.length > 0) throw new UserError(`the options are wrong:\n  ${problems.join('\n  ')}`);
  return toPolicySettings(policy);
}

function toSource({ name, text }: InputFile): Source {
  return { name, isNamed: true, read: () => text };
}

/** The caller may not use TypeScript. */
function expectFiles(files: readonly InputFile[]): readonly InputFile[] {
  if (!Array.isArray(files)) {
    throw new UserError(`files must be a list (got ${describe(files)}); give [{name, text}]`);
  }
  return files.map(expectFile);
}

function expectFile(file: InputFile): InputFile {
  const { name, text } = Object(file);
  if (typeof name === 'string' && (typeof text === 'string' || isBytes(text))) return file;
  const got = typeof name === 'string' ? `text of ${quote(name)}: ${describe(text)}` : describe(file);
  throw new UserError(`a file is {name, text}, and its text a string or a Uint8Array (got ${got})`);
}

function toResult(report: Report, notCompared: readonly string[]): CheckResult {
  return {
    findings: report.findings.map(toFinding),
    suppressed: report.suppressed.map(toJsonSuppressed),
    summary: toJsonSummary(report.summary),
    notCompared,
  };
}

function toFinding(finding: CheckFinding): Finding {
  const { fix } = finding;
  return { ...toJsonFinding(finding), ...(fix !== undefined && { fix }) };
}
