// Patterns of gitignore: `*`, `?` and `[ ]` within a name, `**` for any number of directories. The time is at most
// proportional to the pattern times the path: the author of a pull request may have written the pattern.

/** @returns a function that decides whether a whole path matches; slashes separate its names */
export function compileGlob(glob: string): (path: string) => boolean {
  const steps = glob.split('/').map((name) => (name === '**' ? 'any' : parseName(name)));
  return (path) => matchPath(steps, path.split('/'));
}

/** The allowed characters at one position, or any number of any characters. */
type Token = 'star' | ((character: string) => boolean);
/** The pattern of one name. Undefined where no name matches. */
type NamePattern = readonly Token[] | undefined;

function matchPath(steps: readonly (NamePattern | 'any')[], names: readonly string[]): boolean {
  // The numbers of names that the steps so far can match.
  let reached: ReadonlySet<number> = new Set([0]);
  for (const [index, step] of steps.entries()) {
    const next = new Set<number>();
    for (const at of reached) {
      if (step === 'any') {
        // At the end, `**` matches the content of a directory, and not the directory.
        const least = index === steps.length - 1 && index > 0 ? at + 1 : at;
        for (let to = least; to <= names.length; to += 1) next.add(to);
      } else if (step !== undefined && at < names.length && matchName(step, [...(names[at] ?? '')])) {
        next.add(at + 1);
      }
    }
    reached = next;
  }
  return reached.has(names.length);
}

/** Where a star has matched too little, it matches one more character. Only the last star has to. */
function matchName(tokens: readonly Token[], name: readonly string[]): boolean {
  let token = 0;
  let star = -1;
  let afterStar = 0;
  for (let at = 0; at < name.length; ) {
    const wanted = tokens[token];
    if (wanted === 'star') {
      star = token;
      token += 1;
      afterStar = at;
    } else if (wanted?.(name[at] ?? '') === true) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      token = star + 1;
      afterStar += 1;
      at = afterStar;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((each) => each === 'star');
}

function parseName(name: string): NamePattern {
  const characters = [...name];
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '*') {
      tokens.push('star');
    } else if (character === '?') {
      tokens.push(() => true);
    } else if (character === '[') {
      const set = parseSet(characters, at + 1);
      if (set === undefined) return undefined;
      tokens.push(set.has);
      at = set.end;
    } else {
      if (character === '\\') at += 1;
      const literal = character === '\\' ? characters[at] : character;
      // A pattern with a backslash at the end matches nothing.
      if (literal === undefined) return undefined;
      tokens.push((each) => each === literal);
    }
  }
  return tokens;
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /^[A-Za-z0-9]$/,
  alpha: /^[A-Za-z]$/,
  blank: /^[ \t]$/,
  digit: /^[0-9]$/,
  lower: /^[a-z]$/,
  punct: /^[!-/:-@[-`{-~]$/,
  space: /^\s$/,
  upper: /^[A-Z]$/,
  xdigit: /^[A-Fa-f0-9]$/,
};

interface CharacterSet {
  readonly has: (character: string) => boolean;
  /** The position of its closing bracket. */
  readonly end: number;
}

/** @returns undefined where the set has no end, or has an unknown class */
function parseSet(characters: readonly string[], start: number): CharacterSet | undefined {
  const isNegated = characters[start] === '!' || characters[start] === '^';
  const first = isNegated ? start + 1 : start;
  const parts: ((character: string) => boolean)[] = [];
  for (let at = first; at < characters.length; at += 1) {
    if (characters[at] === ']' && at > first) {
      return { end: at, has: (character) => parts.some((part) => part(character)) !== isNegated };
    }
    if (characters[at] === '[' && characters[at + 1] === ':') {
      const end = characters.indexOf(']', at);
      const known = CLASSES[characters.slice(at + 2, end - 1).join('')];
      if (end < 0 || characters[end - 1] !== ':' || known === undefined) return undefined;
      parts.push((character) => known.test(character));
      at = end;
      continue;
    }
    if (characters[at] === '\\') at += 1;
    const low = characters[at];
    if (low === undefined) return undefined;
    let high = low;
    if (characters[at + 1] === '-' && characters[at + 2] !== ']' && characters[at + 2] !== undefined) {
      at += characters[at + 2] === '\\' ? 3 : 2;
      high = characters[at] ?? '';
    }
    parts.push((character) => character >= low && character <= high);
  }
  return undefined;
}
