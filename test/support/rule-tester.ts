import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { createWorkspace } from '../../src/check/workspace.ts';
import { formatPath } from '../../src/policy/field-path.ts';
import { renderMessage } from '../../src/policy/message.ts';
import type { PolicySettings } from '../../src/policy/settings.ts';
import type { Action, Fix } from '../../src/policy/types.ts';
import { evaluateDocuments, type Found } from './bundle.ts';
import { validate } from './evaluate.ts';
import { addMarks, dedent, type Mark, removeMarks } from './marked-yaml.ts';
import { expectMessage, expectWarningFits } from './message.ts';
import { registry } from './registry.ts';
import { type GivenVersions, withVersions } from './versions.ts';

/** The base that rows are written on. */
export interface Base<Written> {
  /** The documents of a row, with all fields that the row does not set. */
  write(written: Written): readonly object[];
  /** Short names for the first part of a path, such as `config` for `spec.networking.providerConfig`. */
  readonly places?: Readonly<Record<string, string>>;
  /**
   * How rows are evaluated, by all rules each time: `review` as the webhook evaluates its one document, `check` as
   * `calico-admission check` evaluates its documents together, and `both` where one document gets the same findings.
   */
  readonly by: 'review' | 'check' | 'both';
}

interface Common {
  readonly name: string;
  /** The releases in the settings. Default: the newest known releases. */
  readonly versions?: GivenVersions | undefined;
  /** One file for each document. Default: one file for all. */
  readonly files?: readonly string[];
}

/** The differences from the base. */
export type ObjectRow<Written> = Written &
  Common & {
    readonly yaml?: never;
    /** The differences of the object before the update, for an update. */
    readonly old?: Written | undefined;
  };

/** The documents as YAML. Carets are under each place that `check` marks, and under no other place. */
export interface YamlRow extends Common {
  readonly yaml: string;
  readonly old?: string;
}

export type Row<Written> = ObjectRow<Written> | YamlRow;

/** One finding. Fields that are left out are not compared. */
export interface Expected {
  readonly path: string;
  /** The document of the finding, from 0. Default: the first one. */
  readonly document?: number;
  /** Only where the row is about all rules. Otherwise the table has it. */
  readonly action?: string;
  readonly rule?: string;
  readonly reason?: string | undefined;
  /** The whole text of the message. */
  readonly message?: string | undefined;
  readonly problem?: string;
  readonly got?: unknown;
  readonly advice?: string;
  /** A part of the message. */
  readonly says?: string | undefined;
  readonly fix?: Fix | undefined;
  /** The value is so long that the warning is cut. */
  readonly isCut?: boolean | undefined;
}

export interface Table<Written> {
  /** Rows without a finding. */
  readonly valid?: readonly Row<Written>[];
  /**
   * Rows with all their findings. A text is a path alone or, where the table is about all rules, `<document> <action>
   * <rule> <path>`; the first document may be left out.
   */
  readonly invalid?: readonly (Row<Written> & { readonly found: readonly (Expected | string)[] })[];
}

/** Which findings of a row are compared, and how. */
export interface Scope {
  /** One rule, in the order of its findings. Undefined: all findings that users get, in any order. */
  readonly rule?: string;
  readonly action?: Action;
}

/** Tests the findings of one rule in each row, in order. */
export function testRule<Written>(
  rule: string,
  action: Exclude<Action, 'off'>,
  base: Base<Written>,
  ...tables: readonly Table<Written>[]
): void {
  testTables(rule, { rule, action }, base, tables);
}

/** Tests all findings that users get in each row, of any rule. */
export function testRules<Written>(
  title: string,
  base: Base<Written>,
  ...tables: readonly Table<Written>[]
): void {
  testTables(title, {}, base, tables);
}

function testTables<Written>(
  title: string,
  scope: Scope,
  base: Base<Written>,
  tables: readonly Table<Written>[],
): void {
  describe(title, () => {
    for (const { valid = [], invalid = [] } of tables) {
      for (const row of valid) it(row.name, () => expectRow(scope, base, row, []));
      for (const row of invalid) {
        it(row.name, () => {
          expect(row.found, 'an invalid row says what is found').not.toEqual([]);
          return expectRow(scope, base, row, row.found);
        });
      }
    }
  });
}

/** Fails where the findings of the row differ. */
export async function expectRow<Written>(
  scope: Scope,
  base: Base<Written>,
  row: Row<Written>,
  wanted: readonly (Expected | string)[],
): Promise<void> {
  const subject = toSubject(base, row);
  const before = structuredClone(subject.documents);
  const found = arrange(scope, evaluate(base, subject).filter(isOf(scope)));
  const expected = arrange(
    scope,
    wanted.map((each) => toExpected(scope, base, each)),
  );
  expect(found.map(lineOf), found.map(renderMessage).join('\n')).toEqual(expected.map(lineOf));
  for (const [index, each] of found.entries()) expectFinding(each, expected[index]);
  if (row.yaml !== undefined) await expectMarks(scope, row.yaml, subject, found);
  expect(subject.documents, 'rules leave their input as it is').toEqual(before);
}

interface Subject {
  readonly documents: readonly object[];
  readonly old: readonly (object | undefined)[];
  readonly settings: PolicySettings;
  readonly files: readonly string[] | undefined;
}

function toSubject<Written>(base: Base<Written>, row: Row<Written>): Subject {
  const shared = { settings: withVersions(row.versions ?? {}), files: row.files };
  if (row.yaml === undefined) {
    const old = row.old === undefined ? [] : base.write(row.old);
    return { ...shared, documents: base.write(row), old };
  }
  const old = row.old === undefined ? [] : readYaml(dedent(row.old));
  return { ...shared, documents: readYaml(removeMarks(dedent(row.yaml))), old };
}

function readYaml(text: string): object[] {
  return parseAllDocuments(text, { version: '1.1' }).map((document) => {
    expect(document.errors).toEqual([]);
    return Object(document.toJS());
  });
}

function evaluate({ by }: Pick<Base<never>, 'by'>, subject: Subject): Found[] {
  if (by === 'review') return review(subject);
  const found = evaluateSubject(subject);
  const reversed = evaluateSubject({
    ...subject,
    documents: subject.documents.toReversed(),
    old: subject.documents.map((_, index) => subject.old[index]).toReversed(),
    files: subject.files?.toReversed(),
  });
  const summarize = (all: readonly Found[]) => all.filter(isOf({})).map(placeOf).toSorted();
  expect(summarize(reversed), 'the order of documents decides nothing').toEqual(summarize(found));
  if (by === 'both') expect(summarize(review(subject)), 'as the webhook says').toEqual(summarize(found));
  return found;
}

function evaluateSubject({ documents, old, settings, files }: Subject): Found[] {
  return evaluateDocuments(registry, documents, { old, settings, ...(files && { files }) });
}

function review({ documents, old: [old], settings }: Subject): Found[] {
  expect(documents, 'a review has one object').toHaveLength(1);
  const outcome = validate(registry, { object: documents[0], settings, ...(old !== undefined && { old }) });
  expect(outcome.faults).toEqual([]);
  const document = { index: 0, file: '', kind: '', namespace: '', name: '' };
  return outcome.findings.map((each) => ({ ...each, document }));
}

/** Correct objects have findings for the audit: they count only where their rule is named. */
function isOf({ rule }: Scope): (each: { readonly rule: string; readonly action: string }) => boolean {
  return (each) => (rule === undefined ? each.action !== 'audit' : each.rule === rule);
}

interface Line {
  readonly document: number;
  readonly action: string;
  readonly rule: string;
  readonly path: string;
}

function lineOf(each: Found | (Expected & Line)): string {
  if (typeof each.document === 'number') return `${each.document} ${each.action} ${each.rule} ${each.path}`;
  return `${each.document.index} ${placeOf(each as Found)}`;
}

function placeOf({ action, rule, path }: Found): string {
  return `${action} ${rule} ${formatPath(path)}`;
}

function arrange<Each extends Found | (Expected & Line)>(scope: Scope, all: readonly Each[]): Each[] {
  if (scope.rule !== undefined) return [...all];
  return all.toSorted((a, b) => compare(lineOf(a), lineOf(b)));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function toExpected<Written>(scope: Scope, base: Base<Written>, written: Expected | string): Expected & Line {
  const { document = 0, action = scope.action, rule = scope.rule, ...rest } = parse(scope, written);
  if (action === undefined || rule === undefined) {
    throw new Error(`a table about all rules says the action and the rule (got ${JSON.stringify(written)})`);
  }
  const path = rest.path.replace(/^\w+/, (place) =>
    base.places !== undefined && Object.hasOwn(base.places, place) ? String(base.places[place]) : place,
  );
  return { ...rest, document, action, rule, path };
}

function parse({ rule }: Scope, written: Expected | string): Expected {
  if (typeof written !== 'string') return written;
  if (rule !== undefined) return { path: written };
  const parts = /^(?:(?<document>\d+) )?(?<action>\w+) (?<rule>\S+) (?<path>.+)$/.exec(written)?.groups;
  return parts
    ? { ...parts, path: String(parts.path), document: Number(parts.document ?? 0) }
    : { path: written };
}

function expectFinding(found: Found, expected: Expected | undefined): void {
  expectMessage(found);
  const message = renderMessage(found);
  if (found.action === 'warn' && expected?.isCut !== true) expectWarningFits(found);
  if (expected === undefined) return;
  if (expected.message !== undefined) expect(message).toBe(expected.message);
  if (expected.says !== undefined) expect(message).toContain(expected.says);
  for (const key of ['reason', 'problem', 'got', 'advice', 'fix'] as const) {
    if (key in expected && expected[key] !== undefined) expect(found[key], key).toEqual(expected[key]);
  }
}

/** Checks that `check` has the same findings in the text, and marks the places of the carets. */
async function expectMarks(
  scope: Scope,
  yaml: string,
  { old, settings }: Subject,
  found: readonly Found[],
): Promise<void> {
  const marked = dedent(yaml);
  const text = removeMarks(marked);
  const source = { name: 'row.yaml', isNamed: true, read: () => text };
  const workspace = createWorkspace({
    registry,
    settings,
    each: false,
    strict: false,
    notes: true,
    old: {
      find: () => (old[0] === undefined ? undefined : { id: undefined, object: old[0], duplicates: [] }),
      listGone: () => [],
      hadProblem: () => false,
      unreadable: [],
    },
  });
  workspace.put(source);
  const shown = workspace
    .report()
    .findings.filter(({ rule, severity }) =>
      scope.rule === undefined ? severity !== 'note' : rule === scope.rule,
    );
  const nameOf = (each: { readonly rule: string; readonly path: Found['path'] }) =>
    `${each.rule} ${formatPath(each.path)}`;
  expect(shown.map(nameOf).toSorted(), 'check finds the same').toEqual(found.map(nameOf).toSorted());
  const marks: readonly Mark[] = shown;
  expect(addMarks(text, marks)).toBe(marked);
}
