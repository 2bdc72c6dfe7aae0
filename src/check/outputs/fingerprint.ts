import { formatPath } from '../../policy/field-path.ts';
import type { CheckFinding } from '../report.ts';

/**
 * Makes fingerprints of findings. A fingerprint stays the same when the line moves. Equal findings in one file are
 * numbered.
 * @param nameOf the name of a file in the output
 * @param hash has the same result for the same text in every run
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
