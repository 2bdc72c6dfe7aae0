import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { check } from '../../src/index.ts';
import { isMap, type JsonObject, readMap, readString } from '../../src/policy/json.ts';
import { listRules } from '../../src/policy/registry.ts';
import type { TargetInfo } from '../../src/policy/types.ts';
import { renderEditorSchemas } from '../docs/editor-schemas.ts';
import { registry } from '../support/registry.ts';

// Whatever stands in whatever field of a good document: what an editor underlines, `check` finds too.

const examples = listRules(registry)
  .filter(({ id }) => !id.endsWith('/too-many-items'))
  .flatMap(({ docs }) => parseAllDocuments(docs.good, { uniqueKeys: false }).map((each) => each.toJS()))
  .filter(isMap);

const targets = registry.policies.flatMap(({ target }) => {
  const id = readString(target.schema?.(), '$id');
  return id === undefined ? [] : [{ id, target }];
});

type Path = readonly (string | number)[];

/** Every field that the schema knows; the first entry of a list, and some key of a map. */
function* listFields(schema: JsonObject, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  for (const [name, field] of Object.entries(readMap(schema, 'properties') ?? {})) {
    if (isMap(field)) yield* listFields(field, [...path, name]);
  }
  const [items, others] = [schema['items'], schema['additionalProperties']];
  if (isMap(items)) yield* listFields(items, [...path, 0]);
  if (isMap(others)) yield* listFields(others, [...path, 'key']);
}

/** With the value there, and the maps and lists on the way to it. */
function withValue(object: unknown, [step, ...below]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list = Array.isArray(object) ? object : [];
    return [...list.slice(0, step), withValue(list[step], below, value), ...list.slice(step + 1)];
  }
  const map = isMap(object) ? object : {};
  return { ...map, [step]: withValue(map[step], below, value) };
}

const values = fc.oneof(
  fc.constantFrom<unknown>(...[0, -1, 1, 7, 26, 255, 1440, 65_536, 4_294_967_296, 1.5, true, false, null]),
  fc.constantFrom(
    ...[
      '',
      'x',
      'a b',
      'Auto',
      'Disabled',
      'enabled',
      'none',
      'bird',
      'Info',
      'INFO',
      'Always',
      'off',
      'tcp',
    ],
    ...[
      '10.0.0.0/16',
      '10.0.0.1/16',
      '10.0.0.0/33',
      '10.0.0.1',
      '010.0.0.0/8',
      'fd00::/48',
      'FD00::1',
      '::ffff:10.0.0.1',
    ],
    ...['90s', '1.5s', '-5s', '60', '1440', '100m', '1Gi', '0', '30000:32767', '1.10', '64512', '65001:100'],
    ...['first-found', 'interface=eth.*', 'can-reach=a=b', 'all()', "a == 'b'", '(', '*', 'eth*', 'a=true,'],
    ...['${X}', '$X', '{{ x }}', 'a${X}b', '${}'],
  ),
  fc.constantFrom<unknown>(
    [],
    {},
    ['x'],
    ['a', 'a'],
    [null],
    [1],
    { a: 'b' },
    { enabled: 'yes' },
    { '${X}': 1 },
  ),
  fc.string({ maxLength: 12 }),
);

/** Notes count: a field that no release knows is one, because the next release may. */
function findingsOf(document: unknown): Set<string> {
  const { findings } = check([{ name: 'a.yaml', text: JSON.stringify(document) }], { notes: true });
  return new Set(findings.map(({ rule, path, problem, got }) => `${rule} ${path} ${problem} ${got}`));
}

function isOf(target: TargetInfo, { apiVersion, kind }: JsonObject): boolean {
  const group = String(apiVersion).replace(/\/?[^/]*$/, '');
  return kind === target.kind && target.apis.some((api) => api.group === group);
}

/** Of a kind that no rule has an example of. */
function sketch({ id, apis: [{ group, versions }], kind }: TargetInfo): JsonObject {
  return {
    apiVersion: `${group}/${versions[0]}`,
    kind,
    metadata: { name: 'a' },
    spec: id === 'network' ? { type: 'calico' } : {},
  };
}

describe.each([...renderEditorSchemas(registry)])('schemas/%s', (id, text) => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(text));
  const own = targets.filter((each) => each.id === id).map(({ target }) => target);
  const found = examples.filter((document) => own.some((target) => isOf(target, document)));
  const documents = found.length > 0 ? found : own.map(sketch);
  const fields = [...listFields(own[0]?.schema?.() ?? {})];

  it('underlines nothing that check accepts', () => {
    let underlined = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...documents),
        fc.constantFrom(...fields),
        values,
        (document, path, value) => {
          const changed = withValue(document, path, value);
          if (validate(changed)) return;
          underlined += 1;
          const before = findingsOf(document);
          const found = [...findingsOf(changed)].filter((each) => !before.has(each));
          expect(
            found,
            `${path.join('.')}: ${JSON.stringify(value)} ${JSON.stringify(validate.errors)}`,
          ).not.toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
    expect(underlined).toBeGreaterThan(10);
  });
});
