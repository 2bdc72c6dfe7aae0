/** Longer names are not compared: they are not simple typos, and comparing takes time. */
const MAX_LENGTH = 64;
/** In a shorter word, one letter may make another word. */
const MIN_TYPO_LENGTH = 5;

/**
 * The candidate that was probably meant: equal except for case; then equal except for `-` and `_`; then the one with
 * the fewest typos, at most a third of the longer word. The first one of several.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
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
    if (candidate.length > MAX_LENGTH || Math.abs(candidate.length - word.length) > limit) continue;
    const found = countTypos(lower, candidate.toLowerCase());
    if (found <= limit && found < bestDistance) {
      best = candidate;
      bestDistance = found;
    }
  }
  return best;
}

/**
 * The candidate that was certainly meant: equal except for case, `-` and `_`; or the only one with a single typo, in
 * a word that is long enough.
 */
export function surelyMeant(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const same = sameButForm(word, candidates);
  if (same !== undefined) return same;
  const near = candidates.filter(
    (candidate) =>
      Math.abs(candidate.length - word.length) <= 1 &&
      countTypos(word.toLowerCase(), candidate.toLowerCase()) === 1,
  );
  return near.length === 1 && word.length >= MIN_TYPO_LENGTH ? near[0] : undefined;
}

/**
 * The only candidate that is equal except for case; otherwise the only one that is equal except for case, `-` and
 * `_`.
 */
export function sameButForm(word: string, candidates: readonly string[]): string | undefined {
  const bare = withoutSeparators(word.toLowerCase());
  if (bare === '' || word.length > MAX_LENGTH) return undefined;
  const inForm = candidates.filter((candidate) => candidate.toLowerCase() === word.toLowerCase());
  if (inForm.length === 1) return inForm[0];
  const same = candidates.filter((candidate) => withoutSeparators(candidate.toLowerCase()) === bare);
  return same.length === 1 ? same[0] : undefined;
}

function withoutSeparators(text: string): string {
  return text.replaceAll(/[-_]/g, '');
}

/**
 * The number of typos between two words: insert, delete, replace, swap two neighbours (Damerau-Levenshtein, optimal
 * string alignment). The time is proportional to the product of their lengths.
 */
export function countTypos(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
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
