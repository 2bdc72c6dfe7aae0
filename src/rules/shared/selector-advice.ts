import { readSelector, type SelectorProblemKind } from '../../formats/selector.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import type { Finding } from '../../policy/types.ts';

const PROBLEM: Record<SelectorProblemKind, string> = {
  'unterminated-string': 'a closing quote is missing',
  'single-character-operator': 'unknown operator',
  'operator-missing': 'an operator is missing after a label',
  'string-missing': 'a value has no quotes',
  'set-missing': 'the set of values after "in" is missing',
  'bad-call': 'the closing parenthesis of all(), global() or has() is missing',
  'label-too-long': 'a label has more than 512 characters',
  unbalanced: 'the parentheses do not match',
  'expression-missing': 'an expression is missing',
  unexpected: '&& or || is missing between two expressions',
};

const ADVICE: Record<SelectorProblemKind, string> = {
  'unterminated-string': 'add the closing quote',
  'single-character-operator': 'write ==, && or ||',
  'operator-missing': 'compare the label with a value, such as region == "east", or write has(region)',
  'string-missing': 'put the value in quotes, such as region == "east"',
  'set-missing': 'write a set, such as region in {"east", "west"}',
  'bad-call': 'write all(), global() or has(region)',
  'label-too-long': 'use a shorter label',
  unbalanced: 'close every parenthesis that you open',
  'expression-missing': 'complete the expression, such as region == "east"',
  unexpected: 'join them with && or ||',
};

/** The finding for a selector that libcalico-go cannot parse. Values that are not strings are ignored. */
export function* checkSelector(path: FieldPath, value: unknown): Generator<Finding> {
  if (typeof value !== 'string') return;
  const selector = readSelector(value);
  if (!('problem' in selector)) return;
  const { kind, at } = selector.problem;
  // A line break cannot be seen, and YAML's `|` puts one at the end.
  const isLineBreak = value[at] === '\n' || value[at] === '\r';
  const problem = isLineBreak
    ? 'a selector cannot contain a line break'
    : `invalid selector: ${PROBLEM[kind]}`;
  const advice = isLineBreak ? 'write it on one line, without | or >' : ADVICE[kind];
  yield { path, reason: 'FieldValueInvalid', problem, got: value, advice };
}
