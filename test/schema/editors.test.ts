import { readdirSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { isMap, type JsonObject, readString } from '../../src/policy/json.ts';
import { listRules } from '../../src/policy/registry.ts';
import { loadRegistry } from '../../src/registry.ts';

// Editors read the schemas too, by `# yaml-language-server: $schema=…`, and in full: enums and bounds, which are for
// rules elsewhere. What they underline must be wrong, and what they show must be there.

const HOME = new URL('../../schemas/', import.meta.url);
const NAMES = readdirSync(HOME).map((file) => file.replace(/\.json$/, ''));
const SCHEMAS = new Map(NAMES.map((name) => [name, readSchema(name)]));

/** What others refer to, and the configuration file; no document names them by its kind. */
const PARTS: readonly string[] = [
  'bgp-filter-rule',
  'config',
  'entity-rule',
  'kops-calico',
  'network-config',
  'pod-metadata',
  'pod-probe',
  'pod-resources',
  'pod-toleration',
  'policy-rule',
];

/** Of a second kind of the same name, in another group. */
const NAMESAKES: readonly string[] = ['kind-cluster'];

/** Of these only a few numbers and names are read, which a schema would say nothing about. */
const WITHOUT: readonly string[] = ['HorizontalPodAutoscaler', 'InstanceGroup', 'Service'];

/** Schema of a kind where it is not just named after it. */
const SCHEMA_OF: Readonly<Record<string, string | undefined>> = {
  Cluster: 'kops-cluster',
  IPPool: 'ippool',
  BGPConfiguration: 'bgp-configuration',
  BGPFilter: 'bgp-filter',
  BGPPeer: 'bgp-peer',
  IPAMConfig: 'ipam-configuration',
  IPAMConfiguration: 'ipam-configuration',
  IPReservation: 'ip-reservation',
  DaemonSet: 'calico-node',
  Deployment: 'calico-typha',
};

function schemaOf(kind: string): string {
  return SCHEMA_OF[kind] ?? kind.replace(/(?<!^)(?=[A-Z])/g, '-').toLowerCase();
}

function readSchema(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`${name}.json`, HOME), 'utf8'));
}

const validators = new Map<string, ValidateFunction>();
function validatorOf(name: string): ValidateFunction {
  const known = validators.get(name);
  if (known !== undefined) return known;
  // Strict: a keyword that ajv does not know, or that does nothing where it stands, is a mistake in the schema.
  const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
  ajv.addVocabulary(['x-networking-calico', 'x-calico', 'x-any-case']);
  for (const part of PARTS) if (part !== name) ajv.addSchema(SCHEMAS.get(part) ?? {});
  const validate = ajv.compile(SCHEMAS.get(name) ?? {});
  validators.set(name, validate);
  return validate;
}

/** What an editor would underline. */
function underline(name: string, document: unknown): string[] {
  const validate = validatorOf(name);
  validate(document);
  return (validate.errors ?? []).map((error) => `${error.instancePath}: ${error.message}`);
}

describe.each(NAMES)('schemas/%s.json', (name) => {
  const schema = SCHEMAS.get(name) ?? {};

  it('is a schema of draft 7, which says what it is', () => {
    expect(schema['$schema']).toBe('http://json-schema.org/draft-07/schema#');
    expect(schema['$id']).toBe(`${name}.json`);
    for (const told of ['title', 'description']) expect(readString(schema, told), told).toMatch(/\w{3}/);
    const ajv = new Ajv();
    expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
  });

  // An editor looks beside the file.
  it('refers to what lies beside it only', () => {
    const references = [...JSON.stringify(schema).matchAll(/"\$ref":"([^"]*)"/g)].map(
      (match) => match[1] ?? '',
    );
    for (const reference of references.filter((each) => !each.startsWith('#'))) {
      expect(NAMES.map((each) => `${each}.json`)).toContain(reference.replace(/#.*/, ''));
    }
    expect(() => validatorOf(name)).not.toThrow();
  });
});

const registry = loadRegistry();
const kinds = registry.policies.map(({ target }) => target.kind).filter((kind) => !WITHOUT.includes(kind));

describe('a document', () => {
  it.each([...new Set(kinds)])('of kind %s has a schema', (kind) => {
    expect(NAMES).toContain(schemaOf(kind));
  });

  it('of some kind is behind every schema', () => {
    expect(NAMES.filter((name) => !PARTS.includes(name) && !NAMESAKES.includes(name)).toSorted()).toEqual(
      [...new Set(kinds.map(schemaOf))].toSorted(),
    );
  });

  it.each(listRules(registry).map((rule) => [rule.id, rule] as const))(
    'that is the good example of %s is not underlined',
    (_id, rule) => {
      const documents = parseAllDocuments(rule.docs.good, { uniqueKeys: false }).map((each) => each.toJS());
      const ours = documents.filter((each) => kinds.includes(readString(each, 'kind') ?? ''));
      expect(ours).not.toEqual([]);
      for (const document of ours) {
        const kind = readString(document, 'kind') ?? '';
        expect(underline(schemaOf(kind), document), kind).toEqual([]);
      }
    },
  );

  it.each([
    { name: 'shoot', yaml: 'spec: { networking: { providerConfig: { backend: Bird } } }' },
    { name: 'shoot', yaml: 'spec: { networking: { providerConfig: { vethMTU: 1440 } } }' },
    { name: 'kops-cluster', yaml: 'spec: { networking: { calico: { encapsulationMode: IPIP } } }' },
    { name: 'kops-cluster', yaml: 'spec: { networking: { calico: { IPIPMode: Always } } }' },
    { name: 'ippool', yaml: 'spec: { cidr: 10.0.0.0/16, ipipMode: always }' },
    { name: 'ippool', yaml: 'spec: { cidr: 10.0.0.0/16, blocksize: 26 }' },
    { name: 'felix-configuration', yaml: 'spec: { awsSrcDstCheck: enable }' },
    { name: 'installation', yaml: 'spec: { calicoNetwork: { bgp: enabled } }' },
    { name: 'bgp-peer', yaml: 'spec: { peerIP: 192.0.2.1, asNumber: 64513, nextHopMode: self }' },
    { name: 'bgp-filter', yaml: 'spec: { importV4: [{ action: reject }] }' },
    { name: 'network-policy', yaml: 'spec: { ingress: [{ action: Allow, source: { net: 10.0.0.0/8 } }] }' },
    { name: 'global-network-policy', yaml: 'spec: { types: [ingress] }' },
    { name: 'host-endpoint', yaml: 'spec: { ports: [{ name: web, protocol: TCP }] }' },
    { name: 'ipam-configuration', yaml: 'spec: { maxBlocksPerHost: -1 }' },
  ])('with a mistake is underlined ($yaml)', ({ name, yaml }) => {
    const document: unknown = parse(yaml);
    if (!isMap(document)) throw new Error('no map');
    expect(underline(name, document)).not.toEqual([]);
  });
});
