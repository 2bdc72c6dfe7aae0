import { expect } from 'vitest';
import { formatPath } from '../../src/policy/field-path.ts';
import { renderMessage } from '../../src/policy/message.ts';
import type { RuleFinding } from '../../src/policy/types.ts';

/** `<path>: <message> [<rule>]`, as a warning says it. */
export function renderLine(finding: RuleFinding): string {
  return `${formatPath(finding.path)}: ${renderMessage(finding)} [${finding.rule}]`;
}

/** What every message promises, whatever the object holds: the form, and a length that can be read. */
export function expectForm(finding: RuleFinding): void {
  const message = renderMessage(finding);
  const line = renderLine(finding);
  // What is quoted may hold anything.
  expect(message, line).toMatch(/^(?:[^;"]|"(?:[^"\\]|\\.)*")+?(?: \(got .+\))?; .+[^.]$/);
  expect(message.length, line).toBeLessThanOrEqual(200);
}

/** {@link expectForm}, and that the path stands beside the message only. */
export function expectMessage(finding: RuleFinding): void {
  expectForm(finding);
  expect(renderMessage(finding)).not.toContain(formatPath(finding.path));
}

/** kube-apiserver shows 200 characters of a warning, and what to do stands at the end. */
export function expectWarningFits(finding: RuleFinding): void {
  const line = renderLine(finding);
  expect(line.length, line).toBeLessThanOrEqual(200);
}
