import { readdirSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { check } from '../../src/index.ts';
import { isMap, type JsonObject, readString } from '../../src/policy/json.ts';
import { listRules } from '../../src/policy/registry.ts';
import { type EditorCase, RIGHT, WRONG } from '../editor/documents.ts';
import { registry } from '../support/registry.ts';

// Editors read the schemas by `# yaml-language-server: $schema=…`. What they underline must be wrong for `check` as well,
// and what they offer must be of use. test/editor runs a real language server on the same documents.

const HOME = new URL('../../schemas/', import.meta.url);
const NAMES = readdirSync(HOME).map((file) => file.replace(/\.json$/, ''));
const SCHEMAS = new Map(NAMES.map((name) => [name, readSchema(name)]));
/** Of our own configuration file: `serve` and `check` read it by the same schema. */
const OWN = 'config';
const KINDS = NAMES.filter((name) => name !== OWN);

function readSchema(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`${name}.json`, HOME), 'utf8'));
}

// Strict: a keyword that ajv does not know is a mistake in the schema. Types stand beside what they go with, so that
// editors offer no null.
const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
ajv.addVocabulary(['patternErrorMessage', 'doNotSuggest']);
for (const schema of SCHEMAS.values()) ajv.addSchema(schema);

/** @throws Error where the schema is none of draft 7 */
function validatorOf(name: string): ValidateFunction {
  const validate = ajv.getSchema(`${name}.json`);
  if (validate === undefined) throw new Error(`no schema of this name (got ${name})`);
  return validate;
}

/** What an editor would underline: paths. */
function underline(name: string, document: unknown): string[] {
  const validate = validatorOf(name);
  validate(document);
  return (validate.errors ?? []).map((error) => error.instancePath);
}

function parse(yaml: string): unknown[] {
  return parseAllDocuments(yaml, { uniqueKeys: false }).map((document) => document.toJS());
}

function underlined({ schema, yaml }: EditorCase): string[] {
  return parse(yaml).flatMap((document) => underline(schema, document));
}

function* listParts(schema: unknown): Generator<JsonObject> {
  if (Array.isArray(schema)) for (const part of schema) yield* listParts(part);
  if (!isMap(schema)) return;
  yield schema;
  // What must not be is offered by no editor.
  for (const [keyword, part] of Object.entries(schema)) if (keyword !== 'not') yield* listParts(part);
}

describe.each(NAMES)('schemas/%s.json', (name) => {
  const schema = SCHEMAS.get(name) ?? {};

  it('is a schema of draft 7, with a title and a description', () => {
    expect(schema['$schema']).toBe('http://json-schema.org/draft-07/schema#');
    expect(schema['$id']).toBe(`${name}.json`);
    for (const reported of ['title', 'description'])
      expect(readString(schema, reported), reported).toMatch(/\w{3}/);
    expect(() => validatorOf(name)).not.toThrow();
  });

  // It may be copied, or named by its address.
  it('refers to nothing but itself', () => {
    for (const { $ref } of listParts(schema)) expect(String($ref ?? '#')).toMatch(/^#/);
  });

  it('offers no null', () => {
    for (const part of listParts(schema)) {
      expect([part['type']].flat()).not.toContain('null');
      for (const words of ['enum', 'examples']) expect([part[words]].flat()).not.toContain(null);
      expect(part['const']).not.toBeNull();
    }
  });
});

/** Their examples hold more items than any file, only to be counted. */
const rules = listRules(registry).filter(({ id }) => !id.endsWith('/too-many-items'));
/** By kind and group, since two kinds may have one name. */
const schemas = registry.policies.flatMap(({ target }) => {
  const id = readString(target.schema?.(), '$id');
  return id === undefined ? [] : [{ target, name: id.replace(/\.json$/, '') }];
});

function schemaOf(document: unknown): string | undefined {
  const group = readString(document, 'apiVersion')?.replace(/\/?[^/]*$/, '');
  const kind = readString(document, 'kind');
  return schemas.find(({ target }) => target.kind === kind && target.apis.some((api) => api.group === group))
    ?.name;
}

describe('a document', () => {
  it('of some kind is behind every schema, and a schema behind every kind of which fields are known', () => {
    expect([...new Set(schemas.map(({ name }) => name))].toSorted()).toEqual(KINDS.toSorted());
    expect(KINDS.length).toBeGreaterThan(25);
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))(
    'that is the good example of %s is not underlined',
    (_id, rule) => {
      const documents = parse(rule.docs.good);
      expect(documents).not.toEqual([]);
      for (const document of documents) {
        // A schema is set for whole directories: that of another kind leaves it alone.
        for (const name of KINDS) expect(underline(name, document), name).toEqual([]);
      }
    },
  );

  it.each(WRONG)('with a wrong value is underlined, and check finds it: $schema, $yaml', (example) => {
    expect(underlined(example)).not.toEqual([]);
    const { findings } = check([{ name: 'a.yaml', text: example.yaml }]);
    expect(findings.map(({ severity }) => severity)).toEqual(
      expect.arrayContaining([expect.stringMatching(/error|warning/)]),
    );
  });

  it.each(RIGHT)('that check accepts is not underlined: $schema, $yaml', (example) => {
    // What kubectl reads otherwise than YAML 1.2 has to pass in both readings.
    expect(underlined(example)).toEqual([]);
    const { findings } = check([{ name: 'a.yaml', text: example.yaml }]);
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  });

  it('is underlined where a value alone is wrong', () => {
    const reported = rules.filter(({ docs }) =>
      parse(docs.bad).some((document) => underline(schemaOf(document) ?? OWN, document).length > 0),
    );
    expect(reported.map(({ id }) => id)).toEqual(expect.arrayContaining([...REPORTED]));
  });
});

/**
 * Rules whose bad example is underlined. No schema can find the others: they are about several fields or documents, an
 * update, a key that is written twice, a selector, a pattern of RE2 or what is only unusual.
 */
const REPORTED: readonly string[] = [
  'shoot/wrong-kind',
  'shoot/unknown-field',
  'shoot/wrong-type',
  'shoot/backend',
  'shoot/veth-mtu',
  'shoot/autoscaling',
  'shoot/service-loop-prevention',
  'shoot/cidrs',
  'shoot/ip-families',
  'network/provider-config',
  'kops/unknown-field',
  'kops/wrong-type',
  'kops/cloud-provider',
  'kops/aws-src-dst-check',
  'kops/dataplane-setting',
  'kops/nftables-mode',
  'kops/autodetection-method',
  'kops/mtu',
  'kops/typha-replicas',
  'kops/fails-later',
  'calico/ippool-mode',
  'calico/limit',
  'calico/next-release',
  'calico/api-version',
  'calico/wrong-type',
  'calico/misspelt-field',
  'calico/unknown-field',
  'calico/felix-word',
  'calico/felix-number',
  'calico/felix-duration',
  'calico/felix-address',
  'calico/felix-text',
  'calico/felix-port',
  'calico/bgp-range',
  'calico/bgp-setting',
  'calico/kube-controllers-setting',
  'calico/bgp-peer-address',
  'calico/as-number',
  'calico/bgp-peer-time',
  'calico/missing-field',
  'calico/word',
  'calico/number',
  'calico/bgp-filter-word',
  'calico/policy-port',
  'calico/policy-protocol',
  'calico/policy-net',
  'calico/policy-action',
  'calico/policy-types',
  'calico/policy-protocol-case',
  'calico/network-set-range',
  'calico/ip-reservation-range',
  'tigera/installation-api-version',
  'tigera/installation-name',
  'tigera/installation-unknown-field',
  'tigera/installation-wrong-type',
  'tigera/installation-missing-field',
  'tigera/installation-values',
  'tigera/installation-number',
  'tigera/installation-mtu',
  'tigera/installation-control-plane',
  'kubeadm/wrong-type',
  'kubeadm/unknown-field',
  'kubeadm/backend',
];
