import { pick, type Random } from './random.ts';

/** JSON as it is written, with what no program writes: a key twice, escapes, bytes that are no text. */
type Written =
  | { readonly kind: 'map'; readonly entries: { key: string; value: Written }[] }
  | { readonly kind: 'list'; readonly items: Written[] }
  /** The text itself. */
  | { readonly kind: 'text'; readonly text: string };

type WrittenMap = Extract<Written, { kind: 'map' }>;

const VALUES = [
  'null',
  'null',
  '{}',
  '[]',
  '""',
  'true',
  'false',
  '"true"',
  '0',
  '-0',
  '1',
  '1.0',
  '1e2',
  '1440',
  '9007199254740993',
  '1e999',
  '9'.repeat(400),
  '"bird"',
  '"None"',
  '"none"',
  '"b\\u0069rd"',
  '"azure"',
  '"calico"',
  '"\\u0063alico"',
  '"\\ud800"',
  '{"enabled":true}',
  '{"enabled":false}',
  '{"enabled":null}',
  '{"e\\u006eabled":false}',
  '{"Enabled":false}',
  '{"enabled":false,"enabled":true}',
  '{"mode":"vpa"}',
  '{"backend":"bird"}',
  '{"type":"calico","providerConfig":{"backend":"bird"}}',
  '[{"manager":"x","fieldsV1":{"f:spec":{"f:networking":{}}}}]',
  '{"deletionTimestamp":"2026-01-01T00:00:00Z"}',
] as const;

/** Keys that have a meaning somewhere, put where they do not belong. */
const KEYS = [
  'request',
  'object',
  'oldObject',
  'operation',
  'kind',
  'uid',
  'metadata',
  'managedFields',
  'deletionTimestamp',
  'finalizers',
  'spec',
  'status',
  'lastOperation',
  'networking',
  'type',
  'providerConfig',
  'backend',
  'overlay',
  'enabled',
  'ebpfDataplane',
  'autoScaling',
  'kubernetes',
  'kubeProxy',
  'verticalPodAutoscaler',
  'provider',
  'workers',
  '__proto__',
  'constructor',
  '',
] as const;

/** Bytes that are invalid UTF-8, and the characters that a decoder may turn them into. No seed contains them. */
const NO_TEXT = '\u0001';
const NO_TEXT_BYTES = [[0xff], [0xc0, 0xae], [0xed, 0xa0, 0x80], [0xf0, 0x9f], [0x80]] as const;

/**
 * A review that a client may write to be read in two ways: one to three changes at any place, but usually on the way
 * to the fields that are read, with any spacing.
 */
export function writeOddly(review: object, random: Random): Buffer {
  const root = toWritten(review);
  const maps = listMaps(root);
  for (let left = 1 + Math.floor(random() * 3); left > 0; left -= 1) change(pick(maps, random), random);
  const space = random() < 0.2 ? () => pick(['', '', ' ', '\n\t', '\r\n  '], random) : () => '';
  return toBytes(print(root, space), random);
}

function toWritten(value: unknown): Written {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(toWritten) };
  if (typeof value !== 'object' || value === null)
    return { kind: 'text', text: JSON.stringify(value ?? null) };
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return {
    kind: 'map',
    entries: entries.map(([key, each]) => ({ key: JSON.stringify(key), value: toWritten(each) })),
  };
}

/** Each map, as often as it matters: nothing reads a field deep in a list of workers. */
function listMaps(value: Written, weight = 8): WrittenMap[] {
  if (value.kind === 'list') return value.items.flatMap((item) => listMaps(item, 1));
  if (value.kind === 'text') return [];
  const below = value.entries.flatMap((entry) => listMaps(entry.value, weight));
  return [...Array.from({ length: weight }, () => value), ...below];
}

function change(map: WrittenMap, random: Random): void {
  const { entries } = map;
  const place = Math.floor(random() * (entries.length + 1));
  const entry = entries[Math.floor(random() * entries.length)];
  const add = (key: string, value: Written) => void entries.splice(place, 0, { key, value });
  const changes: (() => void)[] = [() => add(JSON.stringify(pick(KEYS, random)), anyValue(random))];
  if (entry !== undefined) {
    changes.push(
      // Twice: the first one may be the one that counts.
      () => add(random() < 0.5 ? entry.key : escapeIn(entry.key, random), anyValue(random, entry.value)),
      () => add(entry.key, structuredClone(entry.value)),
      () => {
        entry.value = anyValue(random, entry.value);
      },
      () => {
        entry.key = escapeIn(entry.key, random);
      },
      () => add(changeCase(entry.key, random), anyValue(random, entry.value)),
      () => {
        entry.key = changeCase(entry.key, random);
      },
      () => {
        entry.key = spoil(entry.key, random);
      },
      () => {
        if (entry.value.kind === 'text') {
          const { text } = entry.value;
          entry.value = { kind: 'text', text: random() < 0.7 ? escapeIn(text, random) : spoil(text, random) };
        }
      },
      () => void entries.splice(entries.indexOf(entry), 1),
      () => void entries.push(...entries.splice(0, place)),
    );
  }
  pick(changes, random)();
}

/** Usually of the type of the present value: a reader rejects another type. */
function anyValue(random: Random, instead?: Written): Written {
  const type = instead && random() < 0.8 ? typeOf(print(instead, () => '')) : undefined;
  const values = VALUES.filter((value) => type === undefined || value === 'null' || typeOf(value) === type);
  return { kind: 'text', text: pick(values, random) };
}

function typeOf(text: string): string {
  const first = text.charAt(0);
  return first === 't' || first === 'f' ? 'boolean' : /[-\d]/.test(first) ? 'number' : first;
}

/** Escapes one character of a string, which does not change its value. */
function escapeIn(text: string, random: Random): string {
  const at = 1 + Math.floor(random() * (text.length - 2));
  if (!/^"[\w/.-]+"$/.test(text)) return text;
  const code = text.charCodeAt(at).toString(16).padStart(4, '0');
  return `${text.slice(0, at)}\\u${random() < 0.5 ? code : code.toUpperCase()}${text.slice(at + 1)}`;
}

function changeCase(key: string, random: Random): string {
  const change = pick(
    [
      (text: string) => text.toUpperCase(),
      (text: string) => text.toLowerCase(),
      (text: string) => text.charAt(0).toUpperCase() + text.slice(1),
      // Characters that Go's encoding/json folds to the same: the long s, and the Kelvin sign.
      (text: string) => text.replace('s', 'ſ').replace('k', 'K'),
    ],
    random,
  );
  return `"${change(key.slice(1, -1))}"`;
}

function spoil(text: string, random: Random): string {
  if (!text.startsWith('"')) return text;
  const at = 1 + Math.floor(random() * (text.length - 1));
  return text.slice(0, at) + NO_TEXT + text.slice(at);
}

function print(value: Written, space: () => string): string {
  if (value.kind === 'text') return value.text;
  const parts =
    value.kind === 'list'
      ? value.items.map((item) => print(item, space))
      : value.entries.map((entry) => `${entry.key}${space()}:${space()}${print(entry.value, space)}`);
  const text = parts.map((part) => `${space()}${part}${space()}`).join(',');
  return value.kind === 'list' ? `[${text}]` : `{${text}}`;
}

function toBytes(text: string, random: Random): Buffer {
  const parts = text.split(NO_TEXT).map((part) => Buffer.from(part));
  const joined = parts.flatMap((part, index) =>
    index === 0 ? [part] : [Buffer.from(pick(NO_TEXT_BYTES, random)), part],
  );
  return Buffer.concat(joined);
}
