import { isMap } from '../../src/policy/json.ts';
import { pick, type Random } from '../support/random.ts';
import { UID } from '../support/review.ts';

function upTo(most: number, random: Random): number {
  return Math.floor(random() * (most + 1));
}

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  '\\x',
  'null',
  'true',
  '1e999',
  '-0',
  '0x10',
  'NaN',
  '/*',
  '//',
  '"__proto__":',
  '"uid":',
  '\0',
  '\u2028',
  '\ufeff',
  '\n',
  '[[[[[[[[',
  '{"a":{"a":{"a":',
  ' '.repeat(5000),
  '9'.repeat(400),
].map((text) => Buffer.from(text));

/** What no UTF-8 has, or only half of a character. */
const BYTES = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x9f], [0x80], [0xfe, 0xff, 0x00]].map(
  (each) => Buffer.from(each),
);

/** One to three changes of a text's bytes: flipped, cut, doubled, swapped with another's, or something put in. */
export function mutateBytes(texts: readonly Buffer[], random: Random): Buffer {
  let bytes: Buffer = Buffer.from(pick(texts, random));
  const end = Math.floor(4 ** random());
  for (let change = 0; change < end; change += 1) {
    const at = upTo(bytes.length, random);
    const to = Math.min(bytes.length, at + upTo(random() < 0.8 ? 8 : 400, random));
    const [before, between, after] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)];
    const changes: (() => Buffer)[] = [
      () => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << upTo(7, random));
        return flipped;
      },
      () => Buffer.concat([before, after]),
      () => Buffer.concat([before, between, between, after]),
      () => Buffer.concat([before, pick(TOKENS, random), after]),
      () => Buffer.concat([before, pick(BYTES, random), between, after]),
      () => {
        const other = pick(texts, random);
        return Buffer.concat([before, other.subarray(upTo(other.length, random))]);
      },
      () => Buffer.concat([before, Buffer.from([upTo(255, random)]), after]),
      () => before,
    ];
    bytes = pick(changes, random)();
  }
  return bytes;
}

/** JSON texts, because some of them are no value that JSON.stringify could write. */
const JUNK = [
  'null',
  'true',
  '0',
  '""',
  '[]',
  '{}',
  '"x"',
  '[null]',
  '[[]]',
  '[{}]',
  '{"a":1}',
  '-1',
  '1.5',
  '-0',
  '1e999',
  '1e-999',
  '9007199254740993',
  '9'.repeat(400),
  '"false"',
  '"0"',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\\u2028\\u202e\\u001b[31m\\r\\n"',
  '"__proto__"',
  '{"__proto__":{"enabled":true}}',
  '{"constructor":{"prototype":1}}',
  '{"toString":1,"hasOwnProperty":null,"length":-1}',
  '{"a":1,"a":{"b":2},"a":[]}',
  '{"":""}',
  '"10.0.0.0/33"',
  '"::/0"',
  '"999.1.1.1/8"',
  '"interface=(?!x)"',
  '"interface=((((a{1000}){1000}){1000}){1000}"',
  '"cidr=,,/,"',
  '"1e3Mi"',
  '"2026-13-45T99:99:99Z"',
  `"${'a'.repeat(5000)}"`,
  `[${'"x",'.repeat(500)}"x"]`,
  `${'['.repeat(100)}${']'.repeat(100)}`,
] as const;

/** Where in a tree something stands. */
type Place = readonly (string | number)[];

function listPlaces(tree: unknown, at: Place = []): Place[] {
  const entries: [string | number, unknown][] = Array.isArray(tree)
    ? [...tree.entries()]
    : isMap(tree)
      ? Object.entries(tree)
      : [];
  return entries.flatMap(([key, value]) => [[...at, key], ...listPlaces(value, [...at, key])]);
}

function shuffle<T>(list: T[], random: Random): void {
  for (let left = list.length - 1; left > 0; left -= 1) {
    const other = upTo(left, random);
    const [a, b] = [list[left], list[other]];
    if (a !== undefined && b !== undefined) [list[left], list[other]] = [b, a];
  }
}

const MARK = '\u0001junk ';

function replace(tree: unknown, place: Place, value: unknown): void {
  const last = place.at(-1);
  let parent = tree as Record<string | number, unknown>;
  for (const key of place.slice(0, -1)) {
    const next = parent[key];
    // Gone by a change before this one.
    if (typeof next !== 'object' || next === null) return;
    parent = next as Record<string | number, unknown>;
  }
  if (last !== undefined) parent[last] = value;
}

/**
 * Reviews with something else in the place of a field. First every field of every seed with every kind of junk, in any
 * order; then two to five fields at once.
 */
export function createFieldFuzz(
  seeds: readonly object[],
  random: Random,
): { next(): Buffer; singles: number } {
  const places = seeds.map((seed) => listPlaces(seed));
  const singles = seeds.flatMap((_, seed) =>
    (places[seed] ?? []).flatMap((_place, place) => JUNK.map((_text, junk) => [seed, place, junk] as const)),
  );
  shuffle(singles, random);
  let turn = 0;
  const write = (seed: number, changes: readonly (readonly [place: number, junk: number])[]): Buffer => {
    const tree: unknown = structuredClone(seeds[seed]);
    for (const [place, junk] of changes) replace(tree, places[seed]?.[place] ?? [], `${MARK}${junk}`);
    const text = JSON.stringify(tree).replace(/"\\u0001junk (\d+)"/g, (_, junk) => JUNK[Number(junk)] ?? '');
    return Buffer.from(text);
  };
  return {
    singles: singles.length,
    next: () => {
      const single = singles[turn];
      turn += 1;
      if (single !== undefined) return write(single[0], [[single[1], single[2]]]);
      const seed = upTo(seeds.length - 1, random);
      const changes = Array.from(
        { length: 2 + upTo(3, random) },
        () => [upTo((places[seed]?.length ?? 1) - 1, random), upTo(JUNK.length - 1, random)] as const,
      );
      return write(seed, changes);
    },
  };
}

const BODY = JSON.stringify({ request: { uid: UID, object: { kind: 'Shoot', spec: {} } } });
const METHODS = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH', 'PRI', 'PROPFIND'];
const NO_METHODS = ['post', 'P\0ST', '', 'BREW', 'POST\t', '\x16\x03\x01\x02', 'é'];
const TARGETS = [
  '/mutate',
  '/mutate/azure',
  '/mutate/',
  '/mutate/%00',
  '/mutate/%2f',
  '/mutate/%zz',
  `/mutate/${'a'.repeat(3000)}`,
  '/healthz',
  '/readyz',
  '/metrics',
  '/',
  '//validate',
  '/validate/',
  '/VALIDATE',
  '/x/../validate',
  '/validate#x',
  'https://example.org/validate',
  '*',
  'x',
  '/\u00ff\u00fe',
  '/validate?timeout=%zz&__proto__=1&a[b]=c',
  '/validate?timeout=10s&timeout=1h',
  `/validate?${'x=1&'.repeat(2000)}`,
];
const VERSIONS = ['HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'HTTP/1.1 ', 'http/1.1', 'HTTP/1', '', 'RTSP/1.0'];
const HEADERS: readonly ((random: Random) => string)[] = [
  () => 'Content-Type: text/plain',
  () => 'Content-Type: application/json; charset=iso-8859-1',
  () => 'Content-Type: application/json; charset="utf-8"; a=b',
  () => 'Content-Type:',
  () => 'Content-Encoding: gzip',
  () => 'Content-Encoding: identity',
  () => 'Transfer-Encoding: chunked',
  () => 'Transfer-Encoding: gzip, chunked',
  () => 'Transfer-Encoding: identity',
  () => 'Transfer-Encoding : chunked',
  (random) =>
    `Content-Length: ${pick(['0', '-1', '5', '+5', '5, 6', '99999999', '9'.repeat(30), '0x10', ' '], random)}`,
  () => 'Expect: 100-continue',
  () => 'Expect: wonders',
  () => 'Connection: Upgrade\r\nUpgrade: h2c',
  () => 'Connection: close',
  () => 'Connection: keep-alive, close, x',
  () => 'Upgrade: websocket',
  () => 'Host:',
  () => 'Host: a\r\nHost: b',
  () => 'Authorization: Basic ???',
  () => 'Trailer: X',
  (random) => `X: ${'a'.repeat(upTo(20_000, random))}`,
  (random) => 'X: 1\r\n'.repeat(upTo(300, random)).trimEnd() || 'X: 1',
  () => 'X: a\0b',
  () => 'X: a\r\n b',
  () => 'no colon',
  () => ': no name',
  () => 'X\u00e9: \u00ff',
  () => 'X: a\rb',
  () => '__proto__: 1\r\nconstructor: 2',
];
const BODIES = [
  '',
  BODY,
  BODY.slice(0, 40),
  `5\r\n{"a":\r\n`,
  `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`,
  'FFFFFFFFFFFFFFFFF\r\n',
  '\0\0\0\0',
];

export interface Head {
  readonly bytes: Buffer;
  readonly isHead: boolean;
}

/** A request whose head is wrong in one to four ways, or only odd. */
export function makeHead(random: Random): Head {
  let method = 'POST';
  let target = '/validate';
  let version = 'HTTP/1.1';
  let body = BODY;
  const headers = ['Host: x', 'Content-Type: application/json', `Content-Length: ${BODY.length}`];
  const ends = { line: '\r\n' };
  const changes: (() => void)[] = [
    () => {
      method = pick(METHODS, random);
    },
    () => {
      method = pick(NO_METHODS, random);
    },
    () => {
      target = pick(TARGETS, random);
    },
    () => {
      version = pick(VERSIONS, random);
    },
    () => void headers.splice(upTo(headers.length, random), 0, pick(HEADERS, random)(random)),
    () => void headers.splice(upTo(headers.length, random), 1, pick(HEADERS, random)(random)),
    () => void headers.splice(upTo(headers.length - 1, random), 1),
    () => {
      body = pick(BODIES, random);
    },
    () => {
      ends.line = pick(['\n', '\r', '\r\r\n', '\n\r'], random);
    },
  ];
  // What is odd in a header is the likeliest.
  for (let left = 1 + upTo(3, random); left > 0; left -= 1)
    pick([...changes, ...changes.slice(4, 6)], random)();
  const line = ends.line;
  const text = `${method} ${target} ${version}${line}${headers.join(line)}${line}${line}${body}`;
  let bytes: Buffer = Buffer.from(text, 'latin1');
  if (random() < 0.3) bytes = mutateBytes([bytes], random);
  return { bytes, isHead: /^\s*HEAD\b/.test(bytes.toString('latin1', 0, 20)) };
}
