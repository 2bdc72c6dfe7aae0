import { formatPath } from '../../policy/field-path.ts';
import { type CheckFinding, type Report, type Severity, type Suppressed, toJsonParts } from '../report.ts';

/** One finding for programs. Lines, columns and documents count from 1, columns in UTF-16 units. */
export interface JsonFinding {
  readonly file: string;
  readonly document: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** After the last character. */
  readonly endColumn: number;
  readonly rule: string;
  readonly severity: Severity;
  /**
   * Of the object. Empty where there is no object, or where the field is missing. The same is true of namespace and
   * name.
   */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** As `spec.workers[0].name`. */
  readonly path: string;
  /** `<problem> (got <value>); <advice>` */
  readonly message: string;
  readonly problem: string;
  /** The value. Absent where nothing is written, and for a list or a map. */
  readonly got?: unknown;
  readonly advice: string;
}

export interface JsonSummary {
  readonly errors: number;
  readonly warnings: number;
  /** The number of notes, whether or not they are among the findings. */
  readonly notes: number;
  readonly files: number;
  /** Documents that are not empty. */
  readonly documents: number;
  /** Objects that rules evaluated. */
  readonly objects: number;
}

/** A finding that a comment ignores, and the reason in the comment. */
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

/** Characters that JSON allows, and that a terminal or a reader does not show. */
const INVISIBLE = /[\u0080-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** JSON for programs. People see it too, in CI logs: invisible characters are escaped. */
export function stringify(content: unknown): string {
  const text = JSON.stringify(content, null, 2).replaceAll(INVISIBLE, (each) =>
    each
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
  return `${text}\n`;
}
