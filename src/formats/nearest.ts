/** Nobody misspells a name of this length by accident; comparing it would only cost time. */
const maxLength = 64;

/**
 * The candidate that was probably meant: the same but for case, then the same but for `-` and `_`, then the
 * one with the fewest slips of the finger, at most a third of the longer word. Among equals the first one.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > maxLength) return undefined;
  const lower = word.toLowerCase();
  const bare = withoutSeparators(lower);
  const same =
    candidates.find((candidate) => candidate.toLowerCase() === lower) ??
    candidates.find((candidate) => bare !== '' && withoutSeparators(candidate.toLowerCase()) === bare);
  if (same !== undefined) return same;
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const limit = Math.floor(Math.max(candidate.length, word.length) / 3);
    if (candidate.length > maxLength || Math.abs(candidate.length - word.length) > limit) continue;
    const found = distance(lower, candidate.toLowerCase());
    if (found <= limit && found < bestDistance) {
      best = candidate;
      bestDistance = found;
    }
  }
  return best;
}

function withoutSeparators(text: string): string {
  return text.replaceAll(/[-_]/g, '');
}

/** Damerau-Levenshtein (optimal string alignment): insert, delete, replace, swap two neighbours. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let cell = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cell = Math.min(cell, at(beforeLast, j - 2) + 1);
      }
      row.push(cell);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
