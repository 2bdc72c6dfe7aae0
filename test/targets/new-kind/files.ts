// A made-up kind of Calico, added as CONTRIBUTING.md describes: its target, its schema, its rule and
// one line of the registry. It says all that a target can say of its kind.

/** Files that are new. */
export const ADDED: Readonly<Record<string, string>> = {
  'src/kinds/gizmo.json': `{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "gizmo.json",
  "title": "A Gizmo",
  "type": "object",
  "properties": {
    "metadata": { "type": ["object", "null"] },
    "spec": {
      "type": ["object", "null"],
      "additionalProperties": false,
      "properties": {
        "size": { "type": ["integer", "null"] },
        "parts": { "type": ["array", "null"], "items": { "type": "string" } },
        "settings": { "type": ["object", "null"] }
      }
    }
  }
}
`,
  'src/targets/gizmo.ts': `import schema from '../kinds/gizmo.json' with { type: 'json' };
import { isMap, isUnset, read, readMap } from '../policy/json.ts';
import type { Target } from '../policy/types.ts';
import { createShape } from '../schema/shape.ts';
import { createObjectTarget, type ObjectInput } from './object.ts';

declare module '../policy/fact.ts' {
  interface Facts {
    gizmo: unknown;
  }
}

export function createGizmoTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'calico',
    apis: [
      { group: 'gizmos.example.org', versions: ['v1'] },
      { group: 'old-gizmos.example.org', versions: ['v1'], isOfFiles: true },
    ],
    kind: 'Gizmo',
    resource: 'gizmos',
    scope: 'Namespaced',
    registration: 'bgp',
    shape: createShape(schema),
    config: { path: ['spec', 'settings'], typeMeta: { kind: 'GizmoSettings' } },
    readPaths: [['status', 'phase']],
    providers: ['gizmo-cloud'],
    resembles: (object) => isMap(read(object, 'spec', 'settings')),
    complete: (object) => {
      const spec = readMap(object, 'spec') ?? {};
      return isUnset(read(spec, 'size')) ? { ...object, spec: { ...spec, size: 1 } } : object;
    },
    membership: () => 'once',
    *listFacts() {
      yield { about: 'gizmo', path: ['spec'] };
    },
  });
}
`,
  'src/rules/calico/gizmo-size.ts': `import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const gizmoSize: Rule<ObjectInput> = {
  id: 'calico/gizmo-size',
  title: 'a Gizmo has a size of at most 10',
  action: 'deny',
  docs: {
    why: 'A larger Gizmo does not fit.',
    fix: 'Write a size of at most 10.',
    good: \`
apiVersion: gizmos.example.org/v1
kind: Gizmo
metadata:
  name: good
spec:
  size: 10
  parts: [wheel]
\`,
    bad: \`
apiVersion: gizmos.example.org/v1
kind: Gizmo
metadata:
  name: bad
spec:
  size: 11
\`,
    source: 'nowhere',
    since: '0.1.0',
  },
  *check({ spec }) {
    const path = ['spec', 'size'];
    const size = read(spec, 'size');
    if (typeof size === 'number' && size <= 10) return;
    const parts = { path, problem: 'not a size of at most 10', advice: 'use 10' };
    yield size === undefined
      ? { ...parts, reason: 'FieldValueRequired' }
      : { ...parts, reason: 'FieldValueInvalid', got: size };
  },
};
`,
};

/** What is written into files that are there: before the first line, and after the text that is named. */
export const CHANGED: Readonly<
  Record<string, { readonly first: string; readonly after?: string; readonly line: string }>
> = {
  'src/rules/calico/index.ts': {
    first: "import { gizmoSize } from './gizmo-size.ts';\n",
    line: '\nexport const gizmoRules: readonly Rule<ObjectInput>[] = [gizmoSize];\n',
  },
  'src/registry.ts': {
    first:
      "import { gizmoRules } from './rules/calico/index.ts';\nimport { createGizmoTarget } from './targets/gizmo.ts';\n",
    after: 'return createRegistry(\n    [\n',
    line: '      bind(createGizmoTarget(), gizmoRules, []),\n',
  },
};
