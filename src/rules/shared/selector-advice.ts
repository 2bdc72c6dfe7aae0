import { readSelector, type SelectorProblemKind } from '../../formats/selector.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import type { Finding } from '../../policy/types.ts';

const PROBLEM: Record<SelectorProblemKind, string> = {
  'unterminated-string': 'a quote is never closed',
  'single-character-operator': 'not an operator of selectors',
  'operator-missing': 'a label without an operator',
  'string-missing': 'a value without quotes',
  'set-missing': 'in without a set of values',
  'bad-call': 'all(), global() or has() is not closed',
  'label-too-long': 'a label of more than 512 characters',
  unbalanced: 'the parentheses do not match',
  'expression-missing': 'an expression is missing',
  unexpected: 'two expressions without && or ||',
};

const ADVICE: Record<SelectorProblemKind, string> = {
  'unterminated-string': 'close it',
  'single-character-operator': 'write ==, && or ||',
  'operator-missing': 'compare it, such as region == "east", or write has(region)',
  'string-missing': 'put it in quotes, such as region == "east"',
  'set-missing': 'write one, such as region in {"east", "west"}',
  'bad-call': 'write all(), global() or has(region)',
  'label-too-long': 'use a shorter one',
  unbalanced: 'close each one that is opened',
  'expression-missing': 'complete it, such as region == "east"',
  unexpected: 'join them with && or ||',
};

/** A selector that libcalico-go cannot read; anything that is no string is left alone. */
export function* checkSelector(path: FieldPath, value: unknown): Generator<Finding> {
  if (typeof value !== 'string') return;
  const selector = readSelector(value);
  if (!('problem' in selector)) return;
  const { kind, at } = selector.problem;
  // A line break cannot be seen, and YAML's `|` puts one at the end.
  const isLineBreak = value[at] === '\n' || value[at] === '\r';
  const problem = isLineBreak ? 'a selector takes no line break' : `not a selector, ${PROBLEM[kind]}`;
  const advice = isLineBreak ? 'write it in one line, without | or >' : ADVICE[kind];
  yield { path, reason: 'FieldValueInvalid', problem, got: value, advice };
}
