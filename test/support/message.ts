import { expect } from 'vitest';
import { formatPath } from '../../src/policy/field-path.ts';
import { renderMessage } from '../../src/policy/message.ts';
import type { RuleFinding } from '../../src/policy/types.ts';

/** `<path>: <message> [<rule>]`, as in a warning. */
export function renderLine(finding: RuleFinding): string {
  return `${formatPath(finding.path)}: ${renderMessage(finding)} [${finding.rule}]`;
}

/** What is true for every message, whatever the object is: the form, and a readable length. */
export function expectForm(finding: RuleFinding): void {
  const message = renderMessage(finding);
  const line = renderLine(finding);
  // A quoted value may contain anything.
  expect(message, line).toMatch(/^(?:[^;"]|"(?:[^"\\]|\\.)*")+?(?: \(got .+\))?; .+[^.]$/);
  expect(message.length, line).toBeLessThanOrEqual(200);
}

/** {@link expectForm}, and that the path is only beside the message. */
export function expectMessage(finding: RuleFinding): void {
  expectForm(finding);
  // The name of an unknown field at the top level is quoted, and is the path as well.
  const { got: _, ...unquoted } = finding;
  expect(renderMessage(unquoted)).not.toContain(formatPath(finding.path));
}

/** kube-apiserver shows 200 characters of a warning, and the advice is at its end. */
export function expectWarningFits(finding: RuleFinding): void {
  const line = renderLine(finding);
  expect(line.length, line).toBeLessThanOrEqual(200);
}
