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

/** What rows are written on. */
export interface Base<Written> {
  /** The documents of a row, with everything that it does not say itself. */
  write(written: Written): readonly object[];
  /** Short names for the beginning of a path, such as `config` for `spec.networking.providerConfig`. */
  readonly places?: Readonly<Record<string, string>>;
  /**
   * How rows are evaluated, by all rules each time: `review` as the webhook evaluates its one document, `check` as
   * `calico-admission check` evaluates its documents together, and `both` where a document alone gets the same answer.
   */
  readonly by: 'review' | 'check' | 'both';
}

interface Common {
  readonly name: string;
  /** Releases that were set; otherwise the newest known. */
  readonly versions?: GivenVersions | undefined;
  /** One file for each document, where they are not all in one. */
  readonly files?: readonly string[];
}

/** What differs from the base. */
export type ObjectRow<Written> = Written &
  Common & {
    readonly yaml?: never;
    /** The same of the object before the update, where it is one. */
    readonly old?: Written | undefined;
  };

/**
 * The documents as somebody writes them. Under each place that `check` marks stands a line of carets, and under no
 * other.
 */
export interface YamlRow extends Common {
  readonly yaml: string;
  readonly old?: string;
}

export type Row<Written> = ObjectRow<Written> | YamlRow;

/** One finding; what is left out is not compared. */
export interface Expected {
  readonly path: string;
  /** The document that it is about, from 0; the first one where it is missing. */
  readonly document?: number;
  /** Only where the row is about all rules; else the table says it. */
  readonly action?: string;
  readonly rule?: string;
  readonly reason?: string | undefined;
  /** The whole text, and its parts. */
  readonly message?: string | undefined;
  readonly problem?: string;
  readonly got?: unknown;
  readonly advice?: string;
  /** A part of the text. */
  readonly says?: string | undefined;
  readonly fix?: Fix | undefined;
  /** The value is so long that the warning is cut. */
  readonly isCut?: boolean | undefined;
}

export interface Table<Written> {
  /** Nothing is found in these. */
  readonly valid?: readonly Row<Written>[];
  /**
   * All that is found in these. A text stands for a path alone, and where the table is about all rules for
   * `<document> <action> <rule> <path>`; the first document may be left out.
   */
  readonly invalid?: readonly (Row<Written> & { readonly found: readonly (Expected | string)[] })[];
}

/** Which findings of a row count, and how they are compared. */
export interface Scope {
  /** One rule, in the order in which it speaks; undefined for whatever users are told, in any order. */
  readonly rule?: string;
  readonly action?: Action;
}

/** What one rule finds in each row, in order. */
export function testRule<Written>(
  rule: string,
  action: Exclude<Action, 'off'>,
  base: Base<Written>,
  ...tables: readonly Table<Written>[]
): void {
  testTables(rule, { rule, action }, base, tables);
}

/** What users are told of each row, whichever rule finds it. */
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

/** Fails where the row is not found as it should be. */
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

/** What is only for the audit fires on objects that are as they should be: a rule has to be named for it. */
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

/** `check` finds the same in the text, and marks it where the carets stand. */
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
