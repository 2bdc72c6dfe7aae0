/** One metric that a query names, with what its braces ask of its labels. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

export interface Query {
  readonly selectors: readonly Selector[];
  /** Labels of `by`, `without`, `on` and `ignoring`. */
  readonly grouping: readonly string[];
}

const KEYWORDS = ['and', 'or', 'unless', 'by', 'without', 'on', 'ignoring', 'offset', 'bool', 'inf', 'nan'];
const TOKEN =
  /\s+|"(?<string>(?:[^"\\]|\\.)*)"|(?<range>\[[^\]]*\])|(?<number>\d[\w.]*)|(?<name>[a-zA-Z_:][\w:]*)|(?<operator>=~|!~|!=|==|<=|>=|[-+*/%^<>=(){},])/y;

interface Token {
  readonly kind: 'name' | 'string' | 'operator';
  readonly text: string;
}

/** What a PromQL query names; not a whole parser, but it throws at what it does not know. */
export function readQuery(query: string): Query {
  const tokens = tokenize(query);
  const selectors: Selector[] = [];
  const grouping: string[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind !== 'name') continue;
    const next = tokens[index + 1]?.text;
    if (['by', 'without', 'on', 'ignoring'].includes(token.text)) {
      const end = tokens.findIndex((each, at) => at > index && each.text === ')');
      grouping.push(...names(tokens.slice(index + 2, end)));
      index = end;
    } else if (next === '{') {
      const end = tokens.findIndex((each, at) => at > index && each.text === '}');
      selectors.push({ metric: token.text, matchers: readMatchers(tokens.slice(index + 2, end)) });
      index = end;
    } else if (next !== '(' && !KEYWORDS.includes(token.text.toLowerCase()) && !isCallWithGrouping(next)) {
      selectors.push({ metric: token.text, matchers: [] });
    }
  }
  return { selectors, grouping };
}

/** `sum by (le) (…)`: the function's name comes before the labels. */
function isCallWithGrouping(next: string | undefined): boolean {
  return next === 'by' || next === 'without';
}

function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < query.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(query)?.groups;
    if (groups === undefined) throw new Error(`cannot read ${query} at ${query.slice(at, at + 20)}`);
    const { name, string, operator } = groups;
    if (name !== undefined) tokens.push({ kind: 'name', text: name });
    if (string !== undefined) tokens.push({ kind: 'string', text: string });
    if (operator !== undefined) tokens.push({ kind: 'operator', text: operator });
  }
  return tokens;
}

function names(tokens: readonly Token[]): string[] {
  return tokens.filter(({ kind }) => kind === 'name').map(({ text }) => text);
}

function readMatchers(tokens: readonly Token[]): Selector['matchers'] {
  const matchers = [];
  for (let index = 0; index < tokens.length; index += 4) {
    const [label, operator, value] = tokens.slice(index, index + 3);
    if (label?.kind !== 'name' || operator === undefined || value?.kind !== 'string') {
      throw new Error(`cannot read the matchers ${tokens.map(({ text }) => text).join(' ')}`);
    }
    matchers.push({ label: label.text, operator: operator.text, value: value.text });
  }
  return matchers;
}
