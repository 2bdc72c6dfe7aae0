import { describe, expect, it } from 'vitest';
import { formatPath } from '../../src/policy/field-path.ts';
import { renderMessage } from '../../src/policy/message.ts';
import { compileShape, SHAPE_KEYWORDS, VALUE_KEYWORDS } from '../../src/schema/shape.ts';
import { loadSchema } from '../support/schemas.ts';

const INNER = {
  $id: 'inner.json',
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    backend: { type: ['string', 'null'], enum: ['none', 'bird', null] },
    overlay: {
      type: ['object', 'null'],
      additionalProperties: false,
      properties: { enabled: { type: 'boolean' }, depth: { type: 'string' } },
    },
    mtu: { type: 'string' },
    count: { type: 'integer' },
    share: { type: 'number' },
    pools: {
      type: ['array', 'null'],
      items: { type: 'object', additionalProperties: false, properties: {} },
    },
    either: { type: ['string', 'boolean'] },
    names: { type: 'array', items: { type: 'string' } },
    'a/b': { type: 'object', additionalProperties: { type: 'string' } },
  },
};
const check = compileShape(INNER);

function reported(value: unknown, by = check): string[] {
  return by(value).map(
    (each) => `${each.kind} ${each.reason} ${formatPath(each.path)}: ${renderMessage(each)}`,
  );
}

describe('a good shape', () => {
  it.each([
    { name: 'nothing in it', value: {} },
    { name: 'null where null may be', value: { backend: null, overlay: null, pools: null } },
    { name: 'a value that is not known, which is for a rule', value: { backend: 'bogus' } },
    {
      name: 'everything right',
      value: { overlay: { enabled: true }, mtu: '1', count: 1, share: 0.5, names: ['a'] },
    },
  ])('has no problems: $name', ({ value }) => {
    expect(check(value)).toEqual([]);
  });
});

describe('a wrong type', () => {
  const wrong = (path: string, message: string) => [`wrong-type FieldValueTypeInvalid ${path}: ${message}`];
  it.each([
    {
      name: 'a number for a string',
      value: { mtu: 1440 },
      expected: wrong('mtu', 'must be a string (got 1440); put it in quotes: "1440"'),
    },
    {
      name: 'a boolean for a string',
      value: { mtu: false },
      expected: wrong('mtu', 'must be a string (got false); put it in quotes: "false"'),
    },
    {
      name: 'a number whose text would be rejected as well',
      value: { mtu: -1 },
      expected: wrong('mtu', 'must be a string (got -1); correct the value or remove the field'),
    },
    {
      name: 'a boolean for one of a few words',
      value: { backend: false },
      expected: wrong('backend', 'must be a string (got false); use none or bird'),
    },
    {
      name: 'a list for a string',
      value: { mtu: ['1'] },
      expected: wrong('mtu', 'must be a string (got a list); correct the value or remove the field'),
    },
    {
      name: 'null for a string',
      value: { mtu: null },
      expected: wrong('mtu', 'must be a string (got null); correct the value or remove the field'),
    },
    {
      name: 'a boolean in quotes',
      value: { overlay: { enabled: 'true' } },
      expected: wrong(
        'overlay.enabled',
        'must be true or false, not a string (got "true"); write true without quotes',
      ),
    },
    {
      name: 'another boolean in quotes',
      value: { overlay: { enabled: 'false' } },
      expected: wrong(
        'overlay.enabled',
        'must be true or false, not a string (got "false"); write false without quotes',
      ),
    },
    {
      name: 'a word for a boolean',
      value: { overlay: { enabled: 'yes' } },
      expected: wrong('overlay.enabled', 'must be true or false, not a string (got "yes"); write true'),
    },
    {
      name: 'a boolean for a map that can be enabled',
      value: { overlay: true },
      expected: wrong('overlay', 'must be a map (got true); write {enabled: true}'),
    },
    {
      name: 'a boolean for a map that cannot',
      value: { 'a/b': true },
      expected: wrong('a/b', 'must be a map (got true); correct the value or remove the field'),
    },
    {
      name: 'a word for a map that can be enabled',
      value: { overlay: 'on' },
      expected: wrong(
        'overlay',
        'must be a map, not a string (got "on"); correct the value or remove the field',
      ),
    },
    {
      name: 'a string for a list',
      value: { names: 'a"b' },
      expected: wrong('names', 'must be a list, not a string (got "a\\"b"); write ["a\\"b"]'),
    },
    {
      name: 'a map for a list',
      value: { pools: {} },
      expected: wrong('pools', 'must be a list (got a map); correct the value or remove the field'),
    },
    {
      name: 'a fraction for a whole number',
      value: { count: 1.5 },
      expected: wrong('count', 'must be a whole number (got 1.5); correct the value or remove the field'),
    },
    {
      name: 'a string for a number',
      value: { share: '1' },
      expected: wrong('share', 'must be a number, not a string (got "1"); write 1 without quotes'),
    },
    {
      name: 'what may be one of two',
      value: { either: [] },
      expected: wrong(
        'either',
        'must be a string or true or false (got a list); correct the value or remove the field',
      ),
    },
    {
      name: 'an item of a list',
      value: { names: ['a', 5] },
      expected: wrong('names[1]', 'must be a string (got 5); put it in quotes: "5"'),
    },
    {
      name: 'below a key that is a number and one with a slash',
      value: { 'a/b': { '0': 7 } },
      expected: wrong('a/b.0', 'must be a string (got 7); put it in quotes: "7"'),
    },
    {
      name: 'the whole',
      value: [],
      expected: wrong('', 'must be a map (got a list); correct the value or remove the field'),
    },
  ])('$name', ({ value, expected }) => {
    expect(reported(value)).toEqual(expected);
  });

  it('is at a position in a list, at a name in a map', () => {
    expect(check({ names: [1], 'a/b': { '0': 1 } }).map((each) => each.path)).toEqual([
      ['names', 0],
      ['a/b', '0'],
    ]);
  });
});

describe('an unknown field', () => {
  const unknown = (path: string, message: string) => [
    `unknown-field FieldValueForbidden ${path}: ${message}`,
  ];
  it.each([
    {
      name: 'misspelt',
      value: { backed: 'none' },
      expected: unknown(
        'backed',
        'unknown field (got "backed"); did you mean backend? Names are case-sensitive',
      ),
    },
    {
      name: 'in another case',
      value: { MTU: '1' },
      expected: unknown('MTU', 'unknown field (got "MTU"); did you mean mtu? Names are case-sensitive'),
    },
    {
      name: 'a level too high',
      value: { depth: 'x' },
      expected: unknown('depth', 'unknown field (got "depth"); it belongs in overlay'),
    },
    {
      name: 'a level too deep',
      value: { overlay: { pools: [] } },
      expected: unknown('overlay.pools', 'unknown field (got "pools"); it belongs at the top level'),
    },
    {
      name: 'where few are known',
      value: { overlay: { frobnicate: 1 } },
      expected: unknown('overlay.frobnicate', 'unknown field (got "frobnicate"); use enabled or depth'),
    },
    {
      name: 'where many are known',
      value: { frobnicate: 1 },
      expected: unknown('frobnicate', 'unknown field (got "frobnicate"); remove it'),
    },
    {
      name: 'where none is known',
      value: { pools: [{ frobnicate: 1 }] },
      expected: unknown('pools[0].frobnicate', 'unknown field (got "frobnicate"); remove it'),
    },
    {
      name: 'enabled, which has many places',
      value: { enabled: true },
      expected: unknown('enabled', 'unknown field (got "enabled"); remove it'),
    },
    {
      name: 'that would break a line',
      value: { 'frob\nnicate': 1 },
      expected: unknown('["frob\\u000anicate"]', 'unknown field (got "frob\\u000anicate"); remove it'),
    },
    {
      name: 'that is written __proto__',
      value: JSON.parse('{"__proto__":{"x":1}}'),
      expected: unknown('__proto__', 'unknown field (got "__proto__"); remove it'),
    },
    {
      name: 'of the prototype',
      value: { constructor: 1 },
      expected: unknown('constructor', 'unknown field (got "constructor"); remove it'),
    },
  ])('$name', ({ value, expected }) => {
    expect(reported(value)).toEqual(expected);
  });

  it('never shows its value', () => {
    expect(reported({ frobnicate: 'secret', overlay: { password: 'secret' } }).join()).not.toContain(
      'secret',
    );
  });

  it('gets no suggestion after a hundred others', () => {
    const value = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`backend${at}`, 1]));
    const messages = check(value).map(renderMessage);
    expect(messages[99]).toContain('did you mean backend?');
    expect(messages[100]).toBe('unknown field (got "backend100"); remove it');
  });
});

it('reports all problems, in the order of the object', () => {
  expect(check({ mtu: 1, frob: 1, overlay: { enabled: 1 } }).map((each) => formatPath(each.path))).toEqual(
    expect.arrayContaining(['frob', 'mtu', 'overlay.enabled']),
  );
});

describe('a schema that refers to a strict one', () => {
  const outer = {
    $id: 'outer.json',
    type: 'object',
    properties: {
      spec: { type: 'object', properties: { config: { $ref: 'inner.json' }, pools: { type: 'string' } } },
    },
  };
  const outerCheck = compileShape(outer, [INNER]);

  it('finds the same below its own path', () => {
    expect(reported({ spec: { config: { depth: 1 } }, other: 1 }, outerCheck)).toEqual([
      'unknown-field FieldValueForbidden spec.config.depth: unknown field (got "depth"); it belongs in overlay',
    ]);
  });

  it('sends home only within the strict one', () => {
    expect(reported({ spec: { config: { overlay: { spec: 1 } } } }, outerCheck)).toEqual([
      'unknown-field FieldValueForbidden spec.config.overlay.spec: ' +
        'unknown field (got "spec"); use enabled or depth',
    ]);
  });
});

describe('our own configuration, whose values are checked as well', () => {
  const own = compileShape(
    {
      type: 'object',
      additionalProperties: false,
      required: ['port'],
      properties: {
        port: { type: 'integer', minimum: 1, maximum: 65_535 },
        level: { enum: ['debug', 'info', 'warn'] },
        host: { type: 'string', minLength: 1, pattern: '^[a-z.]*$' },
        sans: { type: 'array', minItems: 1 },
      },
    },
    [],
    VALUE_KEYWORDS,
  );
  it.each([
    { value: { port: 1, level: 'info', host: 'a', sans: [1] }, expected: [] },
    {
      value: {},
      expected: ['missing-field FieldValueRequired port: the field is missing; add it'],
    },
    {
      value: { port: 0 },
      expected: ['wrong-value FieldValueInvalid port: must be >= 1 (got 0); see schemas/config.json'],
    },
    {
      value: { port: 65_536 },
      expected: ['wrong-value FieldValueInvalid port: must be <= 65535 (got 65536); see schemas/config.json'],
    },
    {
      value: { port: 1, level: 'wran' },
      expected: [
        'wrong-value FieldValueInvalid level: not a known value (got "wran"); did you mean warn? use debug, info or warn',
      ],
    },
    {
      value: { port: 1, level: 'frobnicate' },
      expected: [
        'wrong-value FieldValueInvalid level: not a known value (got "frobnicate"); use debug, info or warn',
      ],
    },
    {
      value: { port: 1, host: '', sans: [] },
      expected: [
        'wrong-value FieldValueInvalid host: must NOT have fewer than 1 characters (got ""); see schemas/config.json',
        'wrong-value FieldValueInvalid sans: must NOT have fewer than 1 items (got a list); see schemas/config.json',
      ],
    },
    {
      value: { port: 1, host: 'A' },
      expected: [
        'wrong-value FieldValueInvalid host: must match pattern "^[a-z.]*$" (got "A"); see schemas/config.json',
      ],
    },
  ])('$value', ({ value, expected }) => {
    expect(reported(value, own)).toEqual(expected);
  });

  it('lists at most seven values', () => {
    const many = compileShape({ enum: ['aa', 'bb', 'cc', 'dd', 'ee', 'ff', 'gg', 'hh'] }, [], VALUE_KEYWORDS);
    expect(reported('zzzzzz', many)).toEqual([
      'wrong-value FieldValueInvalid : not a known value (got "zzzzzz"); use aa, bb, cc, dd, ee, ff or gg',
    ]);
  });

  it('keeps values to rules elsewhere', () => {
    expect(VALUE_KEYWORDS).toEqual(expect.arrayContaining([...SHAPE_KEYWORDS]));
    expect(compileShape({ type: 'integer', minimum: 5 })(1)).toEqual([]);
  });
});

it.each(['config', 'network', 'network-config', 'shoot'] as const)('the schema %s is one', (name) => {
  const references = name === 'network' || name === 'shoot' ? [loadSchema('network-config')] : [];
  expect(compileShape(loadSchema(name), references)({})).toEqual([]);
});
