import { formatPath } from '../../policy/field-path.ts';
import { type CheckFinding, type Report, type Severity, type Suppressed, toJsonParts } from '../report.ts';

/** One finding, as a program reads it. Lines, columns and documents are from 1, columns in UTF-16 units. */
export interface JsonFinding {
  readonly file: string;
  readonly document: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** Behind the last character. */
  readonly endColumn: number;
  readonly rule: string;
  readonly severity: Severity;
  /** Of the object; empty where there is none, or it does not say. So are namespace and name. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** As `spec.workers[0].name`. */
  readonly path: string;
  /** `<problem> (got <value>); <advice>` */
  readonly message: string;
  readonly problem: string;
  /** The value, where one is written that is no list and no map. */
  readonly got?: unknown;
  readonly advice: string;
}

export interface JsonSummary {
  readonly errors: number;
  readonly warnings: number;
  /** Whether or not they are among the findings. */
  readonly notes: number;
  readonly files: number;
  /** With anything in them. */
  readonly documents: number;
  /** That rules looked at. */
  readonly objects: number;
}

/** What a comment silences, and the reason that it gives. */
export interface JsonSuppressed extends JsonFinding {
  readonly reason: string;
}

/** The contract for scripts: these fields and no others. */
export function formatJson({ findings, suppressed, corrections, summary }: Report): string {
  const content = {
    findings: findings.map(toJsonFinding),
    suppressed: suppressed.map(toJsonSuppressed),
    ...(corrections !== undefined && {
      corrections: corrections.map(({ path, ...correction }) => ({ ...correction, path: formatPath(path) })),
    }),
    summary: toJsonSummary(summary),
  };
  return stringify(content);
}

export function toJsonFinding(finding: CheckFinding): JsonFinding {
  const { file, document, line, column, endLine, endColumn, rule, severity, kind, namespace, name, path } =
    finding;
  return {
    file,
    document,
    line,
    column,
    endLine,
    endColumn,
    rule,
    severity,
    kind,
    namespace,
    name,
    path: formatPath(path),
    ...toJsonParts(finding),
  };
}

export function toJsonSuppressed(suppressed: Suppressed): JsonSuppressed {
  return { ...toJsonFinding(suppressed), reason: suppressed.reason };
}

export function toJsonSummary({
  errors,
  warnings,
  notes,
  files,
  documents,
  evaluated,
}: Report['summary']): JsonSummary {
  return { errors, warnings, notes, files, documents, objects: evaluated };
}

/** Characters that JSON takes as they are, and a terminal or a reader does not show. */
const INVISIBLE = /[\u0080-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** JSON for programs, which people see too, in the log of CI; what would be invisible there is escaped. */
export function stringify(content: unknown): string {
  const text = JSON.stringify(content, null, 2).replaceAll(INVISIBLE, (each) =>
    each
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
  return `${text}\n`;
}
