import fc from 'fast-check';
import { applyPatch, type Operation } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import { formatPointer } from '../../src/policy/field-path.ts';
import { deepEqual, isMap, isUnset, read } from '../../src/policy/json.ts';
import { SHOOT_CASE } from '../support/arbitrary-shoot.ts';
import { mutate, validate } from '../support/evaluate.ts';
import { registry } from '../support/registry.ts';

const RUNS = { numRuns: 400 };
const TIMEOUT = 60_000;
const CONFIG = ['spec', 'networking', 'providerConfig'];

function apply(object: unknown, patch: readonly Operation[]): unknown {
  const copy = structuredClone(object);
  expect(applyPatch(copy, structuredClone([...patch]))).toEqual(patch.map(() => null));
  return copy;
}

/** Every written value in it: the scalars, and the maps and lists that hold none. */
function* explicitValues(
  value: unknown,
  path: readonly string[] = [],
): Generator<readonly [readonly string[], unknown]> {
  if (isMap(value) && Object.keys(value).length > 0) {
    for (const [key, inner] of Object.entries(value)) yield* explicitValues(inner, [...path, key]);
  } else if (!isUnset(value)) {
    yield [path, value];
  }
}

function isDocumentedReplacement(path: readonly string[], before: unknown, after: unknown): boolean {
  const at = path.join('.');
  if (at === 'backend') return (before === 'bird' || before === 'None') && after === 'none';
  if (at === 'vethMTU') return typeof before === 'number' && after === String(before);
  return false;
}

describe('whatever Shoot comes', () => {
  it(
    'the patch applies, and a second call patches nothing',
    () => {
      fc.assert(
        fc.property(SHOOT_CASE, (evaluated) => {
          const { patch } = mutate(registry, evaluated);
          const object = apply(evaluated.object, patch);
          expect(mutate(registry, { ...evaluated, object }).patch).toEqual([]);
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  it(
    'only the configuration is written, and never a null',
    () => {
      fc.assert(
        fc.property(SHOOT_CASE, (evaluated) => {
          const { patch } = mutate(registry, evaluated);
          for (const { path, value } of patch) {
            expect(`${path}/`).toMatch(/^\/spec\/networking\/providerConfig\//);
            expect(JSON.stringify(value)).not.toMatch(/null/);
          }
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  it(
    'an explicit value is never changed, except the documented ones',
    () => {
      fc.assert(
        fc.property(SHOOT_CASE, (evaluated) => {
          const { patch } = mutate(registry, evaluated);
          const object = apply(evaluated.object, patch);
          for (const [path, value] of explicitValues(read(evaluated.object, ...CONFIG))) {
            const after = read(object, ...CONFIG, ...path);
            // A map in which nothing stands may be filled, and is still that map.
            const isKept = deepEqual(after, value) || (isMap(value) && isMap(after));
            const isAllowed = isKept || isDocumentedReplacement(path, value, after);
            expect(
              isAllowed,
              `${path.join('.')}: ${JSON.stringify(value)} became ${JSON.stringify(after)}`,
            ).toBe(true);
          }
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  it(
    'an overlay that is set is never switched, and that of a running cluster never at all',
    () => {
      fc.assert(
        fc.property(SHOOT_CASE, (evaluated) => {
          const object = apply(evaluated.object, mutate(registry, evaluated).patch);
          const overlay = [...CONFIG, 'overlay'];
          const [written, after] = [read(evaluated.object, ...overlay), read(object, ...overlay)];
          if (!isUnset(written)) expect(read(after, 'enabled')).toEqual(read(written, 'enabled'));
          else if (evaluated.old !== undefined && after !== written) {
            const before = read(evaluated.old, ...overlay);
            expect(isMap(before)).toBe(true);
            expect(read(after, 'enabled')).toBe(read(before, 'enabled') === true);
          }
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  it(
    'what the patch wrote is never rejected',
    () => {
      fc.assert(
        fc.property(SHOOT_CASE, (evaluated) => {
          const { patch } = mutate(registry, evaluated);
          const object = apply(evaluated.object, patch);
          const { findings } = validate(registry, { ...evaluated, object });
          const denied = findings
            .filter((each) => each.action === 'deny')
            .map((each) => formatPointer(each.path));
          for (const operation of patch) {
            expect(denied.filter((path) => `${path}/`.startsWith(`${operation.path}/`))).toEqual([]);
          }
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );
});
