import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { MANIFESTS, ROOT } from './command.ts';
import { kustomize, type Manifest, parseManifests, webhookConfigurations } from './render.ts';

// What docs/gitops.md shows, rendered as Argo CD and Flux render it: both are kustomize with patches.

const work = mkdtempSync(join(tmpdir(), 'calico-admission-'));
cpSync(MANIFESTS, work, { recursive: true, filter: (path) => !/\.(crt|key)$/.test(path) });
afterAll(() => rmSync(work, { recursive: true, force: true }));
const page = readFileSync(join(ROOT, 'docs/gitops.md'), 'utf8');

function shown(file: string): string {
  const found = new RegExp(`\`\`\`yaml\\n# ${file}\\n([\\s\\S]*?)\`\`\``).exec(page);
  if (found?.[1] === undefined) throw new Error(`docs/gitops.md shows no ${file}`);
  return found[1];
}

/** @param patches of an Application or a Kustomization of Flux, on the overlay plain */
function render(name: string, patches: unknown): Manifest[] {
  mkdirSync(join(work, name));
  const content = { resources: ['../overlays/plain'], ...(patches !== undefined && { patches }) };
  writeFileSync(join(work, name, 'kustomization.yaml'), stringify(content));
  return parseManifests(kustomize(join(work, name)));
}

describe('the Application of Argo CD', () => {
  const [application] = parseAllDocuments(shown('application.yaml')).map((each) => each.toJS());

  it('applies the webhook configurations a wave later, and changes nothing else', () => {
    const before = render('argocd-before', undefined);
    const after = render('argocd', application.spec.source.kustomize.patches);
    const annotation = { 'argocd.argoproj.io/sync-wave': '1' };
    const isRegistration = ({ kind }: Manifest) => kind.endsWith('WebhookConfiguration');
    expect(after.filter(isRegistration)).toHaveLength(2);
    for (const { metadata } of after.filter(isRegistration)) expect(metadata.annotations).toEqual(annotation);
    const without = after.map(({ metadata: { annotations, ...metadata }, ...rest }) => ({
      ...rest,
      metadata: annotations?.['argocd.argoproj.io/sync-wave']
        ? metadata
        : { ...metadata, ...(annotations && { annotations }) },
    }));
    expect(without).toEqual(before);
  });

  it('ignores what the server writes: every caBundle, and the data of its Secret', () => {
    const ignored = application.spec.ignoreDifferences.map(
      ({ kind, name, jqPathExpressions, jsonPointers }: Record<string, unknown>) => [
        kind,
        name,
        jqPathExpressions ?? jsonPointers,
      ],
    );
    expect(ignored).toEqual([
      ['ValidatingWebhookConfiguration', undefined, ['.webhooks[].clientConfig.caBundle']],
      ['MutatingWebhookConfiguration', undefined, ['.webhooks[].clientConfig.caBundle']],
      ['Secret', 'calico-admission-tls', ['/data']],
    ]);
    const secret = render('argocd-secret', undefined).find(({ kind }) => kind === 'Secret');
    expect(secret?.metadata.name).toBe('calico-admission-tls');
    expect(application.spec.syncPolicy.syncOptions).toContain('RespectIgnoreDifferences=true');
  });
});

describe('the Kustomizations of Flux', () => {
  const [server, registration] = parseAllDocuments(shown('kustomizations.yaml')).map((each) => each.toJS());

  it('install the server without the webhook configurations, and those after it', () => {
    const installed = render('flux', server.spec.patches);
    expect(webhookConfigurations(installed)).toEqual([]);
    expect(installed.map(({ kind }) => kind)).toContain('Deployment');
    expect(server.spec.wait).toBe(true);
    expect(registration.spec.dependsOn).toEqual([{ name: server.metadata.name }]);

    mkdirSync(join(work, 'registration'));
    writeFileSync(join(work, 'registration/kustomization.yaml'), shown('registration/kustomization.yaml'));
    const registered = parseManifests(kustomize(join(work, 'registration')));
    expect(webhookConfigurations(registered)).toHaveLength(2);
  });
});
