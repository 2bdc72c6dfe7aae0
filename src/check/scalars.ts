// Reads a YAML scalar as Kubernetes does: sigs.k8s.io/yaml uses go-yaml v2, which has the booleans of YAML 1.1 (yes,
// no, on, off, y, n) and Go's integers (010 and 0o10 are octal, 1_000 is 1000), but neither times nor numbers to the
// base of 60. test/check/oracle compares this with Go itself.

/** A scalar that cannot become JSON. The text says why, as the first half of a message. */
export interface ScalarProblem {
  readonly problem: string;
}

export type Scalar =
  /** An integer is exact only in `integer`. A float may be infinite or NaN, which JSON does not have. */
  { readonly value: string | number | boolean | null; readonly integer?: bigint } | ScalarProblem;

const WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (word): [string, boolean] => [word, true],
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (word): [string, boolean] => [word, false],
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((word): [string, null] => [word, null]),
]);
const INFINITE = /^[-+]?\.(?:inf|Inf|INF)$/;
const NOT_A_NUMBER = /^\.(?:nan|NaN|NAN)$/;
const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const TIME =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})| [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?)?$/;

const CORE = 'tag:yaml.org,2002:';
const MAX_UINT64 = 2n ** 64n;
const MIN_INT64 = -(2n ** 63n);

/** @param tag the full tag, `tag:yaml.org,2002:str`; undefined where none is written */
export function resolveScalar(text: string, tag: string | undefined, isPlain: boolean): Scalar {
  if (tag === undefined) return isPlain ? resolvePlain(text) : { value: text };
  if (tag === `${CORE}binary`) return decodeBinary(text);
  if (tag === `${CORE}str` || !tag.startsWith(CORE)) return { value: text };
  const type = tag.slice(CORE.length);
  if (!['bool', 'int', 'float', 'null', 'timestamp'].includes(type)) return { value: text };
  if (type === 'timestamp' && TIME.test(text)) return { value: text };
  const resolved = resolvePlain(text);
  if ('problem' in resolved || typeOf(resolved) === type) return resolved;
  if (type === 'float' && resolved.integer !== undefined) return { value: Number(resolved.integer) };
  return { problem: `the value does not match its tag !!${type}` };
}

function typeOf({ value, integer }: Exclude<Scalar, ScalarProblem>): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return integer === undefined ? 'float' : 'int';
  return 'str';
}

function resolvePlain(text: string): Scalar {
  const word = WORDS.get(text);
  if (word !== undefined) return { value: word };
  if (INFINITE.test(text)) return { value: text.startsWith('-') ? -Infinity : Infinity };
  if (NOT_A_NUMBER.test(text)) return { value: NaN };
  const first = text.charAt(0);
  // Go's ParseFloat accepts an underscore only between digits.
  if (first === '.') return resolveFloat(text.replaceAll(/(?<=[0-9])_(?=[0-9])/g, '')) ?? { value: text };
  if (!/[-+0-9]/.test(first)) return { value: text };
  const bare = text.replaceAll('_', '');
  const integer = parseInteger(bare);
  if (integer !== undefined) return { value: Number(integer), integer };
  return resolveFloat(bare) ?? { value: text };
}

/** As strconv.ParseInt and ParseUint with base 0, and as go-yaml reads a sign after 0b. */
function parseInteger(text: string): bigint | undefined {
  const [, sign = '', body = ''] = /^([-+]?)(.*)$/s.exec(text.replace(/^0b([-+])/, '$10b')) ?? [];
  if (!INTEGER.test(sign + body)) return undefined;
  const digits = body.replace(/^0[oO]?(?=[0-7])/, '0o');
  const size = BigInt(digits);
  const value = sign === '-' ? -size : size;
  // Beyond 63 bits only ParseUint remains, which accepts no sign.
  const isInRange = value >= MIN_INT64 && value < (sign === '' ? MAX_UINT64 : -MIN_INT64);
  return isInRange ? value : undefined;
}

function resolveFloat(text: string): Scalar | undefined {
  if (!FLOAT.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { value } : undefined;
}

function decodeBinary(text: string): Scalar {
  const bare = text.replaceAll(/[\r\n]/g, '');
  const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(bare);
  if (!isBase64) return { problem: 'the value does not match its tag !!binary' };
  return { value: new TextDecoder().decode(Uint8Array.from(atob(bare), (each) => each.charCodeAt(0))) };
}

/** The scalar as a map key. Undefined where Kubernetes accepts no such key. */
export function toKey(scalar: Exclude<Scalar, ScalarProblem>): string | undefined {
  const { value, integer } = scalar;
  if (value === null) return undefined;
  if (integer !== undefined) return integer < -MIN_INT64 ? String(integer) : undefined;
  return typeof value === 'number' ? formatFloat(value) : String(value);
}

/** As Go's strconv.FormatFloat(value, 'g', -1, 32), which sigs.k8s.io/yaml uses for keys. */
function formatFloat(value: number): string {
  const narrow = Math.fround(value);
  if (Number.isNaN(narrow)) return '.nan';
  if (!Number.isFinite(narrow)) return narrow < 0 ? '-.inf' : '.inf';
  let shortest = narrow.toExponential();
  for (let digits = 0; digits <= 8; digits += 1) {
    const request = narrow.toExponential(digits);
    if (Math.fround(Number(request)) !== narrow) continue;
    shortest = request;
    break;
  }
  const [mantissa = '', exponent = '0'] = shortest.split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return Object.is(narrow, -0) ? '-0' : String(Number(shortest));
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
