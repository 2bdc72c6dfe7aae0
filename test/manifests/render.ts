import type {
  V1ConfigMap,
  V1Deployment,
  V1MutatingWebhookConfiguration,
  V1ValidatingWebhookConfiguration,
} from '@kubernetes/client-node';
import { parse, parseAllDocuments } from 'yaml';
import { isMap } from '../../src/policy/json.ts';
import type { Cluster } from '../../src/policy/types.ts';
import { MANIFESTS, run } from './command.ts';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** Where one installation comes from: directories for kustomize, an example for the chart. */
export interface Installation {
  readonly name: string;
  /** One for each cluster that it is spread over. */
  readonly overlays: readonly string[];
  readonly cluster: Cluster;
  readonly namespace: string;
  /** Values for the chart, none for its defaults; undefined where there is no chart for it. */
  readonly example: string | null | undefined;
}

const HERE = { cluster: 'garden', namespace: 'calico-admission' } as const;
export const INSTALLATIONS: readonly Installation[] = [
  { ...HERE, name: 'base', overlays: ['base'], example: null },
  { ...HERE, name: 'demo', overlays: ['overlays/demo'], example: undefined },
  { ...HERE, name: 'trial', overlays: ['overlays/trial'], example: 'trial' },
  { ...HERE, name: 'plain', overlays: ['overlays/plain'], example: 'plain' },
  { ...HERE, name: 'cert-manager', overlays: ['overlays/cert-manager'], example: 'cert-manager' },
  { ...HERE, name: 'seed', overlays: ['overlays/seed'], cluster: 'seed', example: 'seed' },
  { ...HERE, name: 'calico', overlays: ['overlays/calico'], cluster: 'calico', example: 'calico' },
  {
    name: 'virtual-garden',
    overlays: ['overlays/virtual-garden/runtime', 'overlays/virtual-garden/target'],
    cluster: 'garden',
    namespace: 'garden',
    example: 'virtual-garden',
  },
];

/** @param directory below manifests/, or absolute */
export function kustomize(directory: string): string {
  return run('kubectl', ['kustomize', directory.startsWith('/') ? directory : `${MANIFESTS}/${directory}`]);
}

export function renderKustomize(installation: Installation): string {
  return installation.overlays.map(kustomize).join('---\n');
}

/** As the API server's YAML 1.1, where 0440 is octal. */
export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text, { version: '1.1' })
    .map((document): unknown => {
      const [error] = document.errors;
      if (error) throw error;
      return document.toJS();
    })
    .filter((content): content is Manifest => isMap(content));
}

function only<T>(manifests: readonly Manifest[], kind: string, name = 'calico-admission'): T {
  const found = manifests.filter((each) => each.kind === kind && each.metadata.name.startsWith(name));
  if (found.length !== 1) throw new Error(`${found.length} manifests of kind ${kind} named ${name}`);
  // What it is made of is for kubeconform to check, against the schemas of Kubernetes.
  return found[0] as unknown as T;
}

export function deployment(manifests: readonly Manifest[]): V1Deployment {
  return only(manifests, 'Deployment');
}

export type WebhookConfiguration = V1ValidatingWebhookConfiguration | V1MutatingWebhookConfiguration;

/** Those that are there, in the order of `calico-admission manifests`. */
export function webhookConfigurations(manifests: readonly Manifest[]): WebhookConfiguration[] {
  return ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']
    .filter((kind) => manifests.some((manifest) => manifest.kind === kind))
    .map((kind) => only<WebhookConfiguration>(manifests, kind));
}

export function configText(manifests: readonly Manifest[]): string {
  const text = only<V1ConfigMap>(manifests, 'ConfigMap', 'calico-admission-config').data?.['config.yaml'];
  if (text === undefined) throw new Error('the ConfigMap has no config.yaml');
  return text;
}

export function parseConfig(text: string): unknown {
  return parse(text);
}
