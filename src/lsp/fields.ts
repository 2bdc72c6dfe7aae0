import { resolveScalar } from '../check/scalars.ts';
import type { FieldPath } from '../policy/field-path.ts';
import { isMap, type JsonObject, readMap, readString } from '../policy/json.ts';
import { toCode } from '../policy/message.ts';
import { anyCaseWordsOf, wordsOf } from '../schema/values.ts';

/** What a schema says of a place; undefined where it knows none. */
export function fieldAt(schema: JsonObject, path: FieldPath): JsonObject | undefined {
  let at: JsonObject | undefined = schema;
  for (const step of path) {
    if (at === undefined) return undefined;
    at =
      typeof step === 'number'
        ? readMap(at, 'items')
        : (ownProperty(at, step) ?? readMap(at, 'additionalProperties'));
  }
  return at;
}

function ownProperty(schema: JsonObject, name: string): JsonObject | undefined {
  const properties = readMap(schema, 'properties') ?? {};
  const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return isMap(property) ? property : undefined;
}

/** The types of a field, but for null, which stands for no value at all. */
export function typesOf(field: JsonObject): readonly string[] {
  return [field['type']]
    .flat()
    .flatMap((type) => (typeof type === 'string' && type !== 'null' ? [type] : []));
}

/** The values that a field takes, as they are written in YAML. */
export function valuesOf(field: JsonObject): readonly string[] {
  const words = [...wordsOf(field), ...anyCaseWordsOf(field)].filter((word) => word !== '');
  const types = typesOf(field);
  if (words.length === 0) return types.includes('boolean') ? ['true', 'false'] : [];
  return [...new Set(words)].map((word) => (types.includes('string') ? writeText(word) : word));
}

/** In quotes where it would be read as something else, as Off is. */
function writeText(word: string): string {
  const plain = resolveScalar(word, undefined, true);
  return 'value' in plain && plain.value === word ? word : JSON.stringify(word);
}

/** In Markdown: what the schema says of a field, and what it may hold. */
export function describeField(name: string, field: JsonObject): string {
  const types = typesOf(field);
  const head = [`**${toCode(name)}**`, ...(types.length > 0 ? [types.join(' or ')] : [])].join(' · ');
  const values = valuesOf(field);
  const { minimum, maximum } = field;
  const bounds = [
    ...(typeof minimum === 'number' ? [`at least ${minimum}`] : []),
    ...(typeof maximum === 'number' ? [`at most ${maximum}`] : []),
  ];
  return [
    head,
    readString(field, 'description'),
    values.length > 0 ? `Takes ${values.map(toCode).join(', ')}.` : undefined,
    bounds.length > 0 ? `Takes numbers, ${bounds.join(' and ')}.` : undefined,
  ]
    .filter((text) => text !== undefined)
    .join('\n\n');
}
