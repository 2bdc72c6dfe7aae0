import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createReviewReader, type ReadReview } from '../../src/admission/read.ts';
import { isMap } from '../../src/policy/json.ts';
import { findDuplicateKeys } from '../../src/schema/duplicates.ts';
import { print, type Written, whiteSpace, written } from '../schema/json-text.ts';
import { registry } from '../support/registry.ts';

// metadata.managedFields of the object and of the old object are ignored before the body is parsed. Nothing else
// may get lost, however the body is written: the plain parser decides.

// Made for each test: what a mistake in making it breaks is then seen by one.
let readReview: ReadReview;
beforeEach(() => {
  readReview = createReviewReader(registry);
});

/** What the plain parser reads, with null for what may be ignored. */
function withoutManagedFields(object: unknown): unknown {
  if (!isMap(object) || !isMap(object['metadata']) || !Object.hasOwn(object['metadata'], 'managedFields'))
    return object;
  return { ...object, metadata: { ...object['metadata'], managedFields: null } };
}

function expectSame(text: string): void {
  const plain = JSON.parse(text).request;
  const { object, oldObject } = readReview(Buffer.from(text));
  expect(object).toEqual(withoutManagedFields(plain.object));
  expect(oldObject).toEqual(withoutManagedFields(plain.oldObject));
}

/** A key that comes twice on the path to a field that is read is rejected; other code reports it. */
function isRejectedForRepetition(text: string): boolean {
  try {
    readReview(Buffer.from(text));
    return false;
  } catch (error) {
    const path = /^(\S+) is written more than once; /.exec(String((error as Error).message))?.[1];
    expect(findDuplicateKeys(Buffer.from(text)).map((each) => each.join('.'))).toContain(path);
    return true;
  }
}

const NAMES = ['metadata', 'managedFields', 'object', 'oldObject', 'request', 'spec', 'providerConfig', 'x'];

/** A map with these entries before and after whatever else it has. */
function wrap(value: Written, ...names: string[]): Written {
  return names.reduceRight<Written>(
    (inner, name) => ({ type: 'map', entries: [[{ name, text: name }, inner]] }),
    value,
  );
}

function merge(...maps: Written[]): Written {
  return { type: 'map', entries: maps.flatMap((map) => (map.type === 'map' ? map.entries : [])) };
}

describe('what is passed over', () => {
  it('is nothing but metadata.managedFields of the two objects', () => {
    const value = written(NAMES);
    const uid = wrap({ type: 'scalar', text: '"1"' }, 'uid');
    fc.assert(
      fc.property(value, value, value, whiteSpace, (object, old, rest, space) => {
        const request = merge(rest, wrap(object, 'object'), wrap(old, 'oldObject'), uid);
        const text = print(wrap(request, 'request'), space);
        if (!isRejectedForRepetition(text)) expectSame(text);
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    { name: 'a list', object: '{"metadata":{"managedFields":[{"a":[1,"]}"]}],"name":"n"},"spec":1}' },
    { name: 'null', object: '{"metadata":{"managedFields":null}}' },
    { name: 'a string', object: '{"metadata":{"managedFields":"[{\\"", "name":"n"}}' },
    { name: 'with an escaped name', object: '{"m\\u0065tadata":{"managed\\u0046ields":[1],"name":"ü"}}' },
    { name: 'in a providerConfig', object: '{"spec":{"providerConfig":{"metadata":{"managedFields":[1]}}}}' },
    { name: 'in the spec', object: '{"spec":{"managedFields":[1]},"managedFields":[2]}' },
    { name: 'in metadata of metadata', object: '{"metadata":{"metadata":{"managedFields":[1]}}}' },
    { name: 'in a list', object: '[{"metadata":{"managedFields":[1]}}]' },
    { name: 'in metadata that is a list', object: '{"metadata":[{"managedFields":[1]}]}' },
  ])('keeps the rest of managedFields $name', ({ object }) => {
    for (const [first, second] of [
      [object, 'null'],
      ['null', object],
      [object, object],
    ]) {
      expectSame(`{"request":{"uid":"1","oldObject":${second},"object":${first}}}`);
    }
  });

  it('is not what is broken: that is no JSON', () => {
    for (const broken of ['[', '[{]', '[1', '["]']) {
      const text = `{"request":{"uid":"1","object":{"metadata":{"managedFields":${broken}}}}}`;
      expect(() => readReview(Buffer.from(text)), broken).toThrow(/not JSON/);
    }
  });
});
