import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CACHE, makeOnce } from '../support/cache.ts';
import { downloadModule } from './tools.ts';

// kubeconform takes its schemas from the internet by default. These are made from what Kubernetes itself publishes:
// api/openapi-spec/swagger.json in the Go module k8s.io/kubernetes, and deploy/crds in cert-manager's.
export const MINORS = ['1.34.4', '1.35.4', '1.36.3'] as const;
const CERT_MANAGER = 'github.com/cert-manager/cert-manager@v1.21.2';

/** To be raised when what is made here changes: older files in the cache are then left alone. */
const REVISION = 1;

type Json = { readonly [key: string]: unknown };
interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What OpenAPI calls a string and JSON may write otherwise. */
const SPECIAL: Readonly<Record<string, Json>> = {
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: ['string', 'integer'] },
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: ['string', 'number'] },
};

/** Makes the schemas where they are missing. @returns a schema location for kubeconform */
export function prepareSchemas(): string {
  const home = join(CACHE, `schemas-${REVISION}-${MINORS.join('-')}`);
  makeOnce(home, (making) => {
    for (const minor of MINORS) writeMinor(minor, join(making, `v${minor}`));
  });
  return `${home}/{{.NormalizedKubernetesVersion}}/{{.ResourceKind}}{{.KindSuffix}}.json`;
}

function writeMinor(minor: string, directory: string): void {
  mkdirSync(directory);
  const swagger: { definitions: Record<string, Json> } = JSON.parse(
    readFileSync(
      join(downloadModule(`k8s.io/kubernetes@v${minor}`), 'api/openapi-spec/swagger.json'),
      'utf8',
    ),
  );
  const strict = Object.fromEntries(
    Object.entries(swagger.definitions).map(([name, schema]) => [name, SPECIAL[name] ?? makeStrict(schema)]),
  );
  for (const [name, schema] of Object.entries(swagger.definitions)) {
    for (const kind of kindsOf(schema)) {
      const root = { $ref: `#/definitions/${name}`, definitions: closure(name, strict) };
      writeFileSync(join(directory, fileName(kind)), JSON.stringify(root));
    }
  }
  const crds = join(downloadModule(CERT_MANAGER), 'deploy/crds');
  for (const file of readdirSync(crds).filter((each) => /^cert-manager\.io_.*\.yaml$/.test(each))) {
    for (const [kind, schema] of customKinds(parse(readFileSync(join(crds, file), 'utf8')))) {
      writeFileSync(join(directory, fileName(kind)), JSON.stringify(makeStrict(schema)));
    }
  }
}

function kindsOf(schema: Json): readonly GroupVersionKind[] {
  const kinds = schema['x-kubernetes-group-version-kind'];
  return Array.isArray(kinds) ? kinds : [];
}

interface CustomResourceDefinition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: Json };
    }[];
  };
}

function customKinds({ spec }: CustomResourceDefinition): [GroupVersionKind, Json][] {
  return spec.versions.map(({ name, schema }) => [
    { group: spec.group, version: name, kind: spec.names.kind },
    withObjectMeta(schema.openAPIV3Schema),
  ]);
}

/** A CustomResourceDefinition leaves metadata to the API server; strictness must too. */
function withObjectMeta(schema: Json): Json {
  const properties = typeof schema['properties'] === 'object' ? schema['properties'] : {};
  return { ...schema, properties: { ...properties, metadata: {} } };
}

/** As kubeconform puts ResourceKind and KindSuffix together: of a group, what stands before its first dot. */
function fileName({ group, version, kind }: GroupVersionKind): string {
  return `${[kind, group.split('.', 1)[0], version].filter((part) => part !== '').join('-')}.json`.toLowerCase();
}

/** A known list of fields becomes the only one. */
function makeStrict(value: unknown): Json;
function makeStrict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each: unknown): unknown => makeStrict(each));
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, makeStrict(each)]),
  );
  if (copy['x-kubernetes-int-or-string'] === true) copy['type'] = ['string', 'integer'];
  const isOpen = 'additionalProperties' in copy || copy['x-kubernetes-preserve-unknown-fields'] === true;
  if (typeof copy['properties'] === 'object' && copy['type'] === 'object' && !isOpen)
    copy['additionalProperties'] = false;
  return copy;
}

/** The definition and every other one that it leads to. */
function closure(name: string, definitions: Readonly<Record<string, Json>>): Record<string, Json> {
  const found: Record<string, Json> = {};
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const definition = definitions[next];
    if (definition === undefined || next in found) continue;
    found[next] = definition;
    const references = JSON.stringify(definition).matchAll(/"#\/definitions\/([^"]+)"/g);
    open.push(...[...references].map((match) => match[1] ?? ''));
  }
  return found;
}
