const CONTEXT = 3;

/** A line of both texts, or of one of them. */
interface DiffLine {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
}

/**
 * The unified diff from one text to the other, for `git apply` and `patch -p1`. Empty where they are equal.
 * @param path relative to the directory where the diff is applied, or absolute
 */
export function formatDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const changes = compare(splitLines(before), splitLines(after));
  const name = path.replace(/^\//, '');
  return `--- ${formatName(`a/${name}`)}\n+++ ${formatName(`b/${name}`)}\n${[...formatHunks(changes)].join('')}`;
}

/**
 * As git writes names: characters that would end the line or the name are escaped, in quotes. A tab ends a name with
 * spaces.
 */
function formatName(name: string): string {
  if (!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"\\]/u.test(name)) return name.includes(' ') ? `${name}\t` : name;
  const escaped = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"\\]/gu, (each) =>
    each === '"' || each === '\\'
      ? `\\${each}`
      : Array.from(new TextEncoder().encode(each), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(
          '',
        ),
  );
  return `"${escaped}"`;
}

/** Lines with their ends, so that a missing last line end is a difference. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/**
 * The difference is correct, but may not be the shortest: after each change it continues at the nearest pair of equal
 * lines.
 */
function compare(before: readonly string[], after: readonly string[]): DiffLine[] {
  const changes: DiffLine[] = [];
  let old = 0;
  let now = 0;
  while (old < before.length || now < after.length) {
    const [skipOld, skipNow] = nextEqual(before, old, after, now);
    for (const line of before.slice(old, old + skipOld)) changes.push({ kind: '-', line });
    for (const line of after.slice(now, now + skipNow)) changes.push({ kind: '+', line });
    old += skipOld;
    now += skipNow;
    const line = before[old];
    if (line === undefined) continue;
    changes.push({ kind: ' ', line });
    old += 1;
    now += 1;
  }
  return changes;
}

function nextEqual(
  before: readonly string[],
  old: number,
  after: readonly string[],
  now: number,
): readonly [number, number] {
  const left = before.length - old;
  const added = after.length - now;
  for (let distance = 0; distance < left + added; distance += 1) {
    for (let skip = Math.max(0, distance - added); skip <= Math.min(distance, left); skip += 1) {
      const line = before[old + skip];
      if (line !== undefined && line === after[now + distance - skip]) return [skip, distance - skip];
    }
  }
  return [left, added];
}

function* formatHunks(changes: readonly DiffLine[]): Generator<string> {
  let old = 1;
  let now = 1;
  let at = 0;
  while (at < changes.length) {
    const first = changes.findIndex(({ kind }, index) => index >= at && kind !== ' ');
    if (first < 0) return;
    const start = Math.max(at, first - CONTEXT);
    old += start - at;
    now += start - at;
    const end = endOfHunk(changes, first);
    const hunk = changes.slice(start, end);
    const olds = hunk.filter(({ kind }) => kind !== '+').length;
    const news = hunk.filter(({ kind }) => kind !== '-').length;
    yield `@@ -${formatRange(old, olds)} +${formatRange(now, news)} @@\n`;
    for (const { kind, line } of hunk) {
      yield `${kind}${line}${line.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`;
    }
    old += olds;
    now += news;
    at = end;
  }
}

/** Changes whose context lines meet are in one hunk. */
function endOfHunk(changes: readonly DiffLine[], first: number): number {
  let last = first;
  for (let at = first; at < changes.length && at - last <= 2 * CONTEXT; at += 1) {
    if (changes[at]?.kind !== ' ') last = at;
  }
  return Math.min(changes.length, last + CONTEXT + 1);
}

function formatRange(start: number, count: number): string {
  if (count === 0) return `${start - 1},0`;
  return count === 1 ? `${start}` : `${start},${count}`;
}
