import { resolveScalar } from '../check/scalars.ts';
import type { FieldPath } from '../policy/field-path.ts';
import { isMap, type JsonObject, readMap, readString } from '../policy/json.ts';
import { toCode } from '../policy/message.ts';
import { anyCaseWordsOf, wordsOf } from '../schema/values.ts';

/** The schema of a path. Undefined where the schema does not have it. */
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

/** The types of a field, without null, which is no value. */
export function typesOf(field: JsonObject): readonly string[] {
  return [field['type']]
    .flat()
    .flatMap((type) => (typeof type === 'string' && type !== 'null' ? [type] : []));
}

/** The values of a field, as they are written in YAML. */
export function valuesOf(field: JsonObject): readonly string[] {
  const words = [...wordsOf(field), ...anyCaseWordsOf(field)].filter((word) => word !== '');
  const types = typesOf(field);
  if (words.length === 0) return types.includes('boolean') ? ['true', 'false'] : [];
  return [...new Set(words)].map((word) => (types.includes('string') ? writeText(word) : word));
}

/** In quotes where YAML would read another value, as for Off. */
function writeText(word: string): string {
  const plain = resolveScalar(word, undefined, true);
  return 'value' in plain && plain.value === word ? word : JSON.stringify(word);
}

/** Markdown: the description of a field in its schema, and its values. */
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
