import { describe, expect, it } from 'vitest';
import { createCel, toCel } from '../../src/policy/cel.ts';

describe('a value as CEL writes it', () => {
  it.each([
    ['text', "'text'"],
    ["it's a \\ line\nand another\r", "'it\\'s a \\\\ line\\nand another\\r'"],
    [true, 'true'],
    [null, 'null'],
    [7, '7'],
    [['a', 1], "['a', 1]"],
    [{ kind: 'X', map: { on: false } }, "{'kind': 'X', 'map': {'on': false}}"],
  ])('%j', (value, text) => {
    expect(toCel(value)).toBe(text);
  });
});

describe('a field of an object', () => {
  it('is read of what is a map, by a variable for each step of its path', () => {
    const { object, variables } = createCel();
    expect(object.is(['spec', 'kubeProxy', 'enabled'], false)).toBe(
      '(has(variables.spec_kubeProxy.enabled) && variables.spec_kubeProxy.enabled == false)',
    );
    expect(variables()).toEqual([
      { name: 'spec', expression: 'has(object.spec) && type(object.spec) == map ? object.spec : {}' },
      {
        name: 'spec_kubeProxy',
        expression:
          'has(variables.spec.kubeProxy) && type(variables.spec.kubeProxy) == map ? variables.spec.kubeProxy : {}',
      },
    ]);
  });

  it('of the old object is read by variables of its own', () => {
    const { object, old, variables } = createCel();
    object.isUnset(['spec', 'type']);
    expect(old.isUnset(['spec', 'type'])).toBe(
      '(!has(variables.old_spec.type) || variables.old_spec.type == null)',
    );
    expect(variables().map(({ name }) => name)).toEqual(['spec', 'old', 'old_spec']);
  });

  it('is read by the same variables, however often', () => {
    const { object, variables } = createCel();
    object.is(['spec', 'a'], 'x');
    object.hasType(['spec', 'b'], 'list');
    expect(variables()).toHaveLength(1);
  });
});
