import { formatPath } from '../../policy/field-path.ts';
import type { CheckFinding } from '../report.ts';

/**
 * Names findings: what one is about stays the same when its line moves; the same again in one file is counted.
 * @param nameOf what a file is called in the output
 * @param hash the same text has the same one in every run
 */
export function createFingerprints(
  nameOf: (file: string) => string,
  hash: (text: string) => string,
): (finding: CheckFinding) => string {
  const seen = new Map<string, number>();
  return (finding) => {
    const { rule, kind, namespace, name, path } = finding;
    const parts = [nameOf(finding.file), rule, kind, namespace, name, formatPath(path)];
    const print = hash(JSON.stringify(parts));
    const times = (seen.get(print) ?? 0) + 1;
    seen.set(print, times);
    return `${print}:${times}`;
  };
}
