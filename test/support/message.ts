import { expect } from 'vitest';
import { formatPath } from '../../src/policy/field-path.ts';
import { renderMessage } from '../../src/policy/message.ts';
import type { Judgement } from '../../src/policy/types.ts';

/** `<path>: <message> [<rule>]`, as a warning says it. */
export function renderLine(judgement: Judgement): string {
  return `${formatPath(judgement.path)}: ${renderMessage(judgement)} [${judgement.rule}]`;
}

/** What every message promises, whatever the object holds: the form, and a length that can be read. */
export function expectForm(judgement: Judgement): void {
  const message = renderMessage(judgement);
  const line = renderLine(judgement);
  // What is quoted may hold anything.
  expect(message, line).toMatch(/^(?:[^;"]|"(?:[^"\\]|\\.)*")+?(?: \(got .+\))?; .+[^.]$/);
  expect(message.length, line).toBeLessThanOrEqual(200);
}

/** {@link expectForm}, and that the path stands beside the message only. */
export function expectMessage(judgement: Judgement): void {
  expectForm(judgement);
  expect(renderMessage(judgement)).not.toContain(formatPath(judgement.path));
}

/** kube-apiserver shows 200 characters of a warning, and what to do stands at the end. */
export function expectWarningFits(judgement: Judgement): void {
  const line = renderLine(judgement);
  expect(line.length, line).toBeLessThanOrEqual(200);
}
