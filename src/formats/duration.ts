const PART = /([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)/y;
const NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
/** The limit of time.Duration: 64 bits of nanoseconds. */
const LONGEST = 2 ** 63;
/** Longer texts are not parsed. */
const MAX_LENGTH = 64;

/** Go's time.ParseDuration: `90s`, `1m30s`, `-1.5h`, `0`. In milliseconds. Undefined where Go rejects the text. */
export function parseDuration(text: string): number | undefined {
  const total = addParts(text);
  if (total === undefined || total >= LONGEST) return undefined;
  return ((text.startsWith('-') ? -1 : 1) * total) / 1e6;
}

/** Whether only its length, 292 years or more, keeps Go from reading it. */
export function isTooLongForGo(text: string): boolean {
  const total = addParts(text);
  return total !== undefined && total >= LONGEST;
}

/** In nanoseconds and without its sign; undefined where the text has not the form of a duration. */
function addParts(text: string): number | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0;
  if (rest === '') return undefined;
  let total = 0;
  for (let at = 0; at < rest.length; at = PART.lastIndex) {
    PART.lastIndex = at;
    const [, whole = '', fraction = '', unit = ''] = PART.exec(rest) ?? [];
    if (whole === '' && fraction === '') return undefined;
    const nanoseconds = NANOSECONDS[unit] ?? 0;
    // Whole and fraction are added separately, so that 1.1s is exactly 1100 milliseconds.
    total += Number(whole) * nanoseconds + Math.floor(Number(`0.${fraction}`) * nanoseconds + 0.001);
  }
  return total;
}
