import { BRACKETS } from '../../src/check/unknown.ts';
import { isMap, type JsonObject, readList, readMap, readString } from '../../src/policy/json.ts';
import type { Registry } from '../../src/policy/registry.ts';
import type { TargetInfo } from '../../src/policy/types.ts';
import { anyCaseWordsOf } from '../../src/schema/values.ts';
import { constraintOf } from './editor-formats.ts';

// The schemas that editors read, made from what `check` knows of each kind (src/kinds). They underline nothing that
// `check` takes: an object of another kind, a field without a value, and a value that something fills in before it is
// applied. And they do not offer values without use, such as null.

/** The text of each schema, by its file name. */
export function renderEditorSchemas(registry: Registry): ReadonlyMap<string, string> {
  const targets = new Map<string, TargetInfo[]>();
  for (const { target } of registry.policies) {
    const id = readString(target.schema?.(), '$id');
    if (id !== undefined) targets.set(id, [...(targets.get(id) ?? []), target]);
  }
  return new Map(
    [...targets].map(([id, kinds]) => [id, `${JSON.stringify(toEditorSchema(id, kinds), null, 2)}\n`]),
  );
}

/** @param targets the kinds that share the schema */
function toEditorSchema(id: string, targets: readonly TargetInfo[]): JsonObject {
  const source = targets[0]?.schema?.() ?? {};
  const parts = new Map<string, JsonObject>();
  const { title, description, ...object } = convert(source, parts);
  const { properties, ...rest } = object;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: id,
    $comment: `Made by npm run docs from src/kinds/${id}: change that.`,
    title,
    description,
    if: refer('ours'),
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      ...rest,
      properties: { ...(isMap(properties) ? properties : {}), ...typeMeta(targets, properties) },
    },
    definitions: {
      ours: {
        $comment: 'Documents that this schema speaks of; others are left alone.',
        allOf: [refer('kind'), { not: refer(OPEN_MAP) }],
      },
      kind: ofKinds(targets, readMap(source, 'x-ours')),
      ...DEFINITIONS,
      ...Object.fromEntries([...parts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

/** What something fills in before it is applied, as src/check/unknown.ts reads it. */
export const EXPRESSION = [
  ...BRACKETS.map(([open, close]) => `${escapePattern(open)}[\\s\\S]+${escapePattern(close)}`),
  '^\\$[A-Za-z_][A-Za-z0-9_]*$',
].join('|');

const NO_VALUE = 'unset';
const VARIABLE = 'variable';
const HOLDS_VARIABLE = 'holds-variable';
const OPEN_MAP = 'open-map';

const DEFINITIONS = {
  // Not by its type: then editors would offer null.
  [NO_VALUE]: {
    $comment: 'No value, or one that something fills in.',
    not: { type: ['object', 'array', 'number', 'boolean'] },
    pattern: EXPRESSION,
  },
  [VARIABLE]: {
    $comment: 'A value that something fills in.',
    not: { type: ['object', 'array', 'number', 'boolean', 'null'] },
    pattern: EXPRESSION,
  },
  [HOLDS_VARIABLE]: {
    $comment: 'There is such a value in it: what is missing may come with it.',
    anyOf: [refer(VARIABLE), ...somewhereIn(HOLDS_VARIABLE)],
  },
  [OPEN_MAP]: {
    $comment: 'A key that something fills in, at any depth: nothing is known of what stands beside it.',
    anyOf: [
      { type: 'object', not: { propertyNames: { not: { pattern: EXPRESSION } } } },
      ...somewhereIn(OPEN_MAP),
    ],
  },
};

function refer(definition: string): JsonObject {
  return { $ref: `#/definitions/${definition}` };
}

/** A map or a list with what the definition says in one of its values. */
function somewhereIn(definition: string): JsonObject[] {
  return [
    { type: 'object', not: { additionalProperties: { not: refer(definition) } } },
    { type: 'array', contains: refer(definition) },
  ];
}

/** `kind` and `apiVersion`, where the source says nothing better. */
function typeMeta(targets: readonly TargetInfo[], known: unknown): JsonObject {
  const versions = targets.flatMap(({ apis }) => apis.flatMap(namesOf));
  const wanted: readonly (readonly [string, readonly string[]])[] = [
    ['apiVersion', [...new Set(versions)]],
    ['kind', targets.map(({ kind }) => kind)],
  ];
  return Object.fromEntries(
    wanted.map(([name, words]) => [
      name,
      { ...annotationsOf(readMap(known, name) ?? {}), ...orUnknown([{ type: 'string', enum: words }], true) },
    ]),
  );
}

function namesOf({ group, versions }: TargetInfo['apis'][number]): string[] {
  return versions.map((version) => (group === '' ? version : `${group}/${version}`));
}

/** Which documents are of these kinds: also those whose kind or version has a typing error, which `check` reports. */
function ofKinds(targets: readonly TargetInfo[], ours: JsonObject | undefined): JsonObject {
  const kinds = targets.map(({ kind, resource }) => `${inAnyCase(kind)}|${inAnyCase(resource)}`);
  const groups = targets.flatMap(({ apis, isGeneral }) =>
    apis.map((api) =>
      isGeneral || api.group === ''
        ? namesOf(api).map(escapePattern).join('|')
        : `${escapePattern(api.group)}/.*`,
    ),
  );
  const isUnset = { not: { type: ['object', 'array', 'number', 'boolean', 'string'] } };
  const own = {
    type: 'object',
    properties: {
      apiVersion: {
        anyOf: [
          isUnset,
          { enum: targets.flatMap(({ apis }) => apis.flatMap(namesOf)) },
          { type: 'string', pattern: `^(?:${[...new Set(groups)].join('|')})$` },
        ],
      },
      kind: {
        anyOf: [
          isUnset,
          { enum: targets.map(({ kind }) => kind) },
          { type: 'string', pattern: `^(?:${[...new Set(kinds)].join('|')})$` },
        ],
      },
    },
  };
  return ours === undefined ? own : { allOf: [own, ours] };
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A pattern of the word in any case. */
function inAnyCase(word: string): string {
  return [...word]
    .map((letter) =>
      /[a-z]/i.test(letter) ? `[${letter.toUpperCase()}${letter.toLowerCase()}]` : escapePattern(letter),
    )
    .join('');
}

const ANNOTATIONS = ['title', 'description', 'default', 'examples', 'deprecated'];

function annotationsOf(schema: JsonObject): JsonObject {
  return { ...pick(schema, ANNOTATIONS), ...(schema['deprecated'] === true && { doNotSuggest: true }) };
}

function pick(schema: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => (name in schema ? [[name, schema[name]]] : [])));
}

/** One of the alternatives, or an unknown value. */
function orUnknown(alternatives: readonly JsonObject[], isNullable: boolean): JsonObject {
  return { anyOf: [...alternatives, refer(isNullable ? NO_VALUE : VARIABLE)] };
}

/**
 * @param parts schemas that others refer to, by name; those of this one are added
 */
function convert(schema: JsonObject, parts: Map<string, JsonObject>): JsonObject {
  const types = [schema['type']].flat().filter((type) => typeof type === 'string');
  const isNullable = types.includes('null');
  const annotations = annotationsOf(schema);
  if (types.length === 0) return annotations;
  const wanted = types.filter((type) => type !== 'null');
  const structure = { ...convertMap(schema, parts), ...convertList(schema, parts) };
  const scalars = wanted.filter((type) => type !== 'object' && type !== 'array');
  const structured = wanted
    .filter((type) => type === 'object' || type === 'array')
    .map((type) => ({
      type,
      ...pick(schema, ['required']),
      ...constraintOf(readString(schema, 'x-format')),
    }));
  const mayBeFilledIn = structured.some((each) => 'required' in each) ? [refer(HOLDS_VARIABLE)] : [];
  const values = scalars.length === 0 ? [] : convertScalar(schema, scalars);
  return {
    ...annotations,
    ...structure,
    ...orUnknown([...structured, ...mayBeFilledIn, ...values], isNullable),
  };
}

function reference(schema: JsonObject, parts: Map<string, JsonObject>): JsonObject {
  const name = readString(schema, '$id')?.replace(/\.json$/, '');
  if (name === undefined) return convert(schema, parts);
  if (!parts.has(name)) {
    parts.set(name, {});
    parts.set(name, convert(schema, parts));
  }
  return refer(name);
}

function convertMap(schema: JsonObject, parts: Map<string, JsonObject>): JsonObject {
  const properties = Object.entries(readMap(schema, 'properties') ?? {});
  const others = schema['additionalProperties'];
  return {
    ...(properties.length > 0 && {
      properties: Object.fromEntries(
        properties.map(([name, below]) => [name, isMap(below) ? reference(below, parts) : below]),
      ),
    }),
    ...(others !== undefined && { additionalProperties: isMap(others) ? reference(others, parts) : others }),
  };
}

function convertList(schema: JsonObject, parts: Map<string, JsonObject>): JsonObject {
  const items = readMap(schema, 'items');
  return {
    ...(items !== undefined && { items: reference(items, parts) }),
    ...pick(schema, ['minItems', 'maxItems', 'uniqueItems']),
  };
}

/** As kubectl reads YAML: a word for a switch, and an integer with underscores, which YAML 1.2 takes for texts. */
const SWITCH_WORDS = 'y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF';
const INTEGER_TEXTS =
  '[-+]?(?:0[bB][01_]+|0[oO][0-7_]+|[0-9][0-9_]*_[0-9_]*|0[xX][0-9a-fA-F_]*_[0-9a-fA-F_]*)';

function convertScalar(schema: JsonObject, types: readonly string[]): JsonObject[] {
  const words = readList(schema, 'enum').filter((word) => word !== null);
  const offered = words.filter((word) => word !== '');
  const anyCase = anyCaseWordsOf(schema).filter((word) => word !== '');
  const main = {
    type: types.length === 1 ? types[0] : types,
    ...pick(schema, ['minimum', 'maximum', 'maxLength', 'minLength']),
    ...constraintOf(readString(schema, 'x-format')),
  };
  const enumeration = anyCase.length > 0 ? anyCase : offered;
  return [
    { ...main, ...(enumeration.length > 0 && { enum: enumeration }) },
    ...(anyCase.length > 0 ? [textOf(anyCase.map(inAnyCase).join('|'))] : []),
    ...(words.includes('') || anyCase.length > 0 ? [textOf('')] : []),
    ...(types.includes('boolean') ? [textOf(SWITCH_WORDS)] : []),
    ...(types.includes('integer') || types.includes('number') ? [textOf(INTEGER_TEXTS)] : []),
  ];
}

/** A text of this form; not by its type, which an editor would report beside that of the field. */
function textOf(pattern: string): JsonObject {
  return { not: { type: ['object', 'array', 'number', 'boolean', 'null'] }, pattern: `^(?:${pattern})$` };
}
