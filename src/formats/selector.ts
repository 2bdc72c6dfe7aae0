/** The first error of a selector. */
export type SelectorProblemKind =
  /** `"abc` */
  | 'unterminated-string'
  /** `a = "b"`, `a & b`: the operators are `==`, `&&` and `||`. */
  | 'single-character-operator'
  /** `a`, `a is "b"`: a label without one of the operators. */
  | 'operator-missing'
  /** `a == b`: a value without quotes. */
  | 'string-missing'
  /** `a in "b"`, `a in {"b"`: in and not in need a set. */
  | 'set-missing'
  /** `has(a`, `all(1)` */
  | 'bad-call'
  /** More `(` than `)`, or the other way round. */
  | 'unbalanced'
  /** A label has at most {@link MAX_LABEL} characters. */
  | 'label-too-long'
  /** `a == "b" &&`, `()`: an expression is missing. */
  | 'expression-missing'
  /** Any other text where an operator is expected. */
  | 'unexpected';

export interface SelectorProblem {
  readonly kind: SelectorProblemKind;
  /** The position in the text, from 0. */
  readonly at: number;
}

export type Selector =
  | { readonly problem: SelectorProblem }
  | {
      readonly usesGlobal: boolean;
      /** The names of labels, each as often as it is used. */
      readonly labels: readonly string[];
    };

const MAX_LABEL = 512;
const LABEL = /[a-zA-Z0-9_./-]+/y;
const STRING = /"[^"]*"|'[^']*'/y;
const COMPARISON = /==|!=|contains|starts[ \t]*with|ends[ \t]*with/y;
const SET_OPERATOR = /not[ \t]*in|in/y;

/**
 * Parses a selector as libcalico-go's tokenizer and parser do: it accepts exactly what they accept. An empty selector
 * selects everything. The time is proportional to the length of the text, however deep its parentheses are.
 */
export function readSelector(text: string): Selector {
  let at = 0;
  let depth = 0;
  let usesGlobal = false;
  const labels: string[] = [];

  /** A line break is not a blank in libcalico-go, not even the one at the end of a YAML block. */
  function skipBlanks(): void {
    while (text[at] === ' ' || text[at] === '\t') at += 1;
  }
  /** The text that a sticky pattern matches here, or ''. The position moves after it. */
  function take(pattern: RegExp): string {
    pattern.lastIndex = at;
    const [found = ''] = pattern.exec(text) ?? [];
    at += found.length;
    return found;
  }
  function takeText(wanted: string): boolean {
    if (!text.startsWith(wanted, at)) return false;
    at += wanted.length;
    return true;
  }
  const fail = (kind: SelectorProblemKind): SelectorProblem => ({ kind, at });

  /** The operand between two operators. */
  function readOperand(): SelectorProblem | undefined {
    for (skipBlanks(); at < text.length; skipBlanks()) {
      if (takeText('!')) {
        // `!=` is one operator, and no negation.
        if (text.startsWith('=', at)) return fail('expression-missing');
      } else if (takeText('(')) depth += 1;
      else return readTerm();
    }
    return fail('expression-missing');
  }

  function readTerm(): SelectorProblem | undefined {
    if (takeText('has(')) {
      skipBlanks();
      const label = take(LABEL);
      if (label.length > MAX_LABEL) return fail('label-too-long');
      labels.push(label);
      return label === '' ? fail('bad-call') : closeCall();
    }
    if (takeText('all(')) return closeCall();
    if (takeText('global(')) {
      usesGlobal = true;
      return closeCall();
    }
    const label = take(LABEL);
    if (label === '') return failAtWord('expression-missing');
    if (label.length > MAX_LABEL) return fail('label-too-long');
    labels.push(label);
    skipBlanks();
    if (take(SET_OPERATOR) !== '') return readSet();
    if (take(COMPARISON) === '') return failAtWord('operator-missing');
    return readString() ? undefined : failAtWord('string-missing');
  }

  function closeCall(): SelectorProblem | undefined {
    skipBlanks();
    return takeText(')') ? undefined : fail('bad-call');
  }

  function readString(): boolean {
    skipBlanks();
    return take(STRING) !== '';
  }

  function readSet(): SelectorProblem | undefined {
    skipBlanks();
    if (!takeText('{')) return fail('set-missing');
    // As in Calico, the set may be empty and may end with a comma.
    for (let more = readString(); more; more = readString()) {
      skipBlanks();
      if (!takeText(',')) break;
    }
    skipBlanks();
    return takeText('}') ? undefined : failAtWord('set-missing');
  }

  function failAtWord(kind: SelectorProblemKind): SelectorProblem {
    const character = text[at];
    if (isQuote(character) && !text.includes(String(character), at + 1)) return fail('unterminated-string');
    const isSingle =
      character === '=' || ((character === '&' || character === '|') && text[at + 1] !== character);
    if (kind === 'operator-missing' && isSingle) return fail('single-character-operator');
    return fail(kind);
  }

  skipBlanks();
  if (at === text.length) return { usesGlobal, labels };
  for (;;) {
    const problem = readOperand();
    if (problem !== undefined) return { problem };
    for (skipBlanks(); takeText(')'); skipBlanks()) {
      depth -= 1;
      if (depth < 0) return { problem: { kind: 'unbalanced', at: at - 1 } };
    }
    if (at === text.length) return depth > 0 ? { problem: fail('unbalanced') } : { usesGlobal, labels };
    if (takeText('&&') || takeText('||')) continue;
    const isSingle = text[at] === '&' || text[at] === '|';
    return { problem: fail(isSingle ? 'single-character-operator' : 'unexpected') };
  }
}

function isQuote(character: string | undefined): boolean {
  return character === '"' || character === "'";
}
