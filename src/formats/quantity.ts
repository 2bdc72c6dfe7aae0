/** A Kubernetes resource.Quantity. */
export interface Quantity {
  readonly sign: -1 | 0 | 1;
  readonly isInteger: boolean;
  /** The exact value in billionths. Undefined for numbers of more than about 60 digits. */
  readonly nanos: bigint | undefined;
}

const zero: Quantity = { sign: 0, isInteger: true, nanos: 0n };
const BILLION = 10n ** 9n;
const INT64_MAX = 2n ** 63n - 1n;
/** Longer numbers are not calculated. Kubernetes accepts the quantity 1e2147483647. */
const MAX_DIGITS = 64;

const decimalSuffixes: ReadonlyMap<string, number> = new Map([
  ['', 0],
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);

const binarySuffixes: ReadonlyMap<string, number> = new Map([
  ['Ki', 10],
  ['Mi', 20],
  ['Gi', 30],
  ['Ti', 40],
  ['Pi', 50],
  ['Ei', 60],
]);

/** Quantity.UnmarshalJSON of a decoded JSON value. Undefined when it rejects the value. */
export function parseQuantity(value: unknown): Quantity | undefined {
  if (value === null) return zero;
  if (typeof value === 'number') return Number.isFinite(value) ? parseText(String(value)) : undefined;
  return typeof value === 'string' ? parseText(trim(value)) : undefined;
}

/**
 * strings.TrimSpace, as far as UnmarshalJSON reaches spaces: it works on the bytes of the JSON string without
 * resolving escapes, and control characters, U+2028 and U+2029 are always escaped.
 */
function trim(text: string): string {
  const space = /[ \u0085\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/;
  let start = 0;
  let end = text.length;
  while (start < end && space.test(text.charAt(start))) start++;
  while (end > start && space.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** resource.ParseQuantity with its parseQuantityString. */
function parseText(text: string): Quantity | undefined {
  if (text === '') return undefined;
  // Two expressions without alternatives, so that the time is proportional to the length of the text.
  const number = /^[+-]?[0-9]*\.?[0-9]*/.exec(text)?.[0] ?? '';
  const suffix = text.slice(number.length);
  if (!/^[eEinumkKMGTP]*[+-]?[0-9]*$/.test(suffix)) return undefined;

  const [whole = '', fraction = ''] = number.replace(/^[+-]/, '').split('.');
  const digits = whole + fraction;
  const negative = number.startsWith('-');
  const binary = binarySuffixes.get(suffix);
  if (binary !== undefined) {
    // Without a digit ("Ki") Kubernetes reads zero, but only where it does not use big numbers.
    if (digits === '') return binary <= 40 ? zero : undefined;
    return signed(scaleBinary(whole, fraction, binary), negative);
  }
  const exponent = decimalSuffixes.get(suffix) ?? parseExponent(suffix);
  if (exponent === undefined) return undefined;
  if (digits === '') return exponent >= -9 ? zero : undefined;
  return signed(scaleDecimal(digits, exponent - fraction.length), negative);
}

/** The decimal exponent in suffixHandler.interpret: an int64 cut to an int32. */
function parseExponent(suffix: string): number | undefined {
  const match = /^[eE]([+-]?)0*([0-9]{1,19})$/.exec(suffix);
  if (match === null) return undefined;
  const exponent = match[1] === '-' ? -BigInt(match[2] ?? '') : BigInt(match[2] ?? '');
  if (exponent > INT64_MAX || exponent < -INT64_MAX - 1n) return undefined;
  return Number(BigInt.asIntN(32, exponent));
}

/** digits × 10^exponent, rounded up to billionths. */
function scaleDecimal(digits: string, exponent: number): Quantity {
  const coefficient = stripZeros(digits);
  if (coefficient === '') return zero;
  const trailing = digits.length - digits.lastIndexOf(coefficient.slice(-1)) - 1;
  const scale = exponent + trailing + 9;
  if (scale >= 0) {
    const small = coefficient.length + scale <= MAX_DIGITS;
    const nanos = small ? BigInt(coefficient) * 10n ** BigInt(scale) : undefined;
    return { sign: 1, isInteger: scale >= 9, nanos };
  }
  const kept = coefficient.slice(0, Math.max(0, coefficient.length + scale));
  const nanos = kept.length <= MAX_DIGITS ? BigInt(kept || '0') + 1n : undefined;
  return { sign: 1, isInteger: kept.endsWith('999999999'), nanos };
}

/** whole.fraction × 2^exponent, rounded up to billionths and capped at the largest int64. */
function scaleBinary(whole: string, fraction: string, exponent: number): Quantity {
  const significant = whole.replace(/^0+/, '');
  if (significant.length > 19) return { sign: 1, isInteger: true, nanos: INT64_MAX * BILLION };
  // Multiples of 2^-60 billionths have at most 69 decimals: the digits after 70 can only round up.
  const kept = fraction.slice(0, 70);
  const rest = /[1-9]/.test(fraction.slice(70)) ? 1n : 0n;
  const divisor = 10n ** BigInt(kept.length);
  const product = (BigInt(significant + kept || '0') * BILLION) << BigInt(exponent);
  const roundUp = product % divisor === 0n ? rest : 1n;
  const rounded = product / divisor + roundUp;
  const nanos = rounded > INT64_MAX * BILLION ? INT64_MAX * BILLION : rounded;
  return { sign: nanos === 0n ? 0 : 1, isInteger: nanos % BILLION === 0n, nanos };
}

/** The digits without leading and trailing zeros. */
function stripZeros(digits: string): string {
  const start = digits.search(/[1-9]/);
  if (start < 0) return '';
  let end = digits.length;
  while (digits.charAt(end - 1) === '0') end--;
  return digits.slice(start, end);
}

function signed(quantity: Quantity, negative: boolean): Quantity {
  if (!negative || quantity.sign === 0) return quantity;
  return { ...quantity, sign: -1, nanos: quantity.nanos === undefined ? undefined : -quantity.nanos };
}
