import { readFileSync } from 'node:fs';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { decide, findRoute } from '../../../src/admission/decide.ts';
import { createReviewReader } from '../../../src/admission/read.ts';
import { UnreadableReviewError } from '../../../src/admission/unreadable.ts';
import { isMap, read, readMap } from '../../../src/policy/json.ts';
import { DEFAULT_SETTINGS } from '../../../src/policy/settings.ts';
import { loadRegistry } from '../../../src/registry.ts';
import { loadSeeds } from '../../reliability/seeds.ts';
import { createRandom, pick, type Random } from '../../support/random.ts';
import { writeOddly } from '../../support/written-reviews.ts';
import { startDecoder } from '../assets/decode.ts';

// A user can write an object in a way that two programs read differently: what we pass must be what
// Gardener's admission, and behind it the extension, will have read. So that it is asked: each body is read by the Go
// types, written anew as they understood it, and must then lead to the same answer.

declare module 'vitest' {
  interface ProvidedContext {
    bodies: number;
  }
}

const BATCH = 500;
const SEED = 20_261_128;

const registry = loadRegistry();
const readReview = createReviewReader(registry);

/** What we say of a body: which rules deny, and which mutations change something. */
interface Reply {
  readonly denies: ReadonlySet<string>;
  readonly changes: ReadonlySet<string>;
}

/** Undefined: it is rejected as a whole. */
function ask(body: Buffer, path: string): Reply | undefined {
  const route = findRoute(path);
  if (route === undefined) throw new Error(`no route ${path}`);
  try {
    const { outcome } = decide(readReview(body), route, {
      registry,
      settings: DEFAULT_SETTINGS,
      checkpoint: () => {},
    });
    const denials = outcome?.findings.filter(({ action }) => action === 'deny') ?? [];
    return { denies: new Set(denials.map(({ rule }) => rule)), changes: new Set(outcome?.mutations ?? []) };
  } catch (error) {
    if (error instanceof UnreadableReviewError) return undefined;
    throw error;
  }
}

interface Seed {
  readonly path: string;
  readonly review: object;
}

const GROUPS: Readonly<Record<string, { readonly group: string; readonly version: string }>> = {
  Shoot: { group: 'core.gardener.cloud', version: 'v1beta1' },
  Network: { group: 'extensions.gardener.cloud', version: 'v1alpha1' },
};

/** Reviews of Shoots and Networks as API servers send them, each to both webhooks. */
function makeSeeds(): Seed[] {
  return loadSeeds().flatMap((seed) => {
    const request = readMap(seed, 'request') ?? {};
    const kind = read(request, 'object', 'kind');
    const known = typeof kind === 'string' ? GROUPS[kind] : undefined;
    if (known === undefined) return [];
    const complete = (object: unknown) =>
      isMap(object) ? { ...object, apiVersion: `${known.group}/${known.version}` } : null;
    const of = (operation: string, oldObject: unknown): object => ({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid: '1',
        kind: { ...known, kind },
        operation,
        object: complete(read(request, 'object')),
        oldObject: complete(oldObject),
      },
    });
    const old = read(request, 'oldObject') ?? read(request, 'object');
    const reviews = [of('CREATE', null), of('UPDATE', old)];
    const paths = kind === 'Shoot' ? ['/validate', '/mutate'] : ['/validate', '/mutate/azure'];
    return paths.flatMap((path) => reviews.map((review) => ({ path, review })));
  });
}

/** Two updates in three change something: of one that changes nothing there is nothing to say. */
function change(review: object, donors: readonly object[], random: Random): object {
  const request = readMap(review, 'request');
  if (request?.['operation'] !== 'UPDATE' || random() < 0.34) return review;
  return { ...review, request: { ...request, oldObject: read(pick(donors, random), 'request', 'object') } };
}

/** Go drops an empty list, and we distinguish a Shoot with an empty list of workers from one without the field. */
function keepEmptyWorkers(body: Buffer, understood: Buffer): Buffer {
  const reply: unknown = JSON.parse(body.toString());
  const review = JSON.parse(understood.toString());
  for (const which of ['object', 'oldObject']) {
    const workers = read(reply, 'request', which, 'spec', 'provider', 'workers');
    if (Array.isArray(workers) && workers.length === 0) review.request[which].spec.provider.workers = [];
  }
  return Buffer.from(JSON.stringify(review));
}

/** The version of a module that a go.mod names. */
function versionIn(directory: string, module: string): string | undefined {
  const text = readFileSync(new URL(`../assets/${directory}/go.mod`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .find((line) => line.trim().startsWith(`${module} v`) || line.startsWith(`require ${module} v`))
    ?.split(' v')[1]
    ?.split(' ')[0];
}

describe('bodies that may be read in two ways', () => {
  it('are read by the types of the Gardener release that all tests are about', () => {
    const gardener = versionIn('gardener', 'github.com/gardener/gardener');
    expect(gardener).toMatch(/^1\.\d+\.\d+$/);
    expect(versionIn('admission', 'github.com/gardener/gardener/pkg/apis')).toBe(gardener);
  });

  it('get no object by unseen', async () => {
    const decoder = startDecoder();
    onTestFinished(() => decoder.close());
    const random = createRandom(SEED);
    const seeds = makeSeeds();
    const shoots = seeds
      .map(({ review }) => review)
      .filter((each) => read(each, 'request', 'kind', 'kind') === 'Shoot');
    const count = { bodies: 0, rejectedByGo: 0, rejectedByUs: 0, denied: 0, changed: 0 };
    const unseen: string[] = [];
    while (count.bodies < inject('bodies')) {
      const batch = Array.from({ length: BATCH }, () => {
        const { path, review } = pick(seeds, random);
        const isShoot = path === '/mutate' || read(review, 'request', 'kind', 'kind') === 'Shoot';
        return { path, body: writeOddly(isShoot ? change(review, shoots, random) : review, random) };
      });
      const understood = await decoder.read(batch.map(({ body }) => body));
      for (const [index, { path, body }] of batch.entries()) {
        count.bodies += 1;
        const canonical = understood[index];
        // Where no object came, none gets by.
        if (canonical === undefined || !isMap(read(JSON.parse(String(canonical)), 'request', 'object'))) {
          count.rejectedByGo += 1;
          continue;
        }
        const reply = ask(body, path);
        if (reply === undefined) {
          count.rejectedByUs += 1;
          continue;
        }
        const meant = ask(keepEmptyWorkers(body, canonical), path);
        if (meant === undefined) throw new Error(`what Go wrote is not read: ${canonical}`);
        if (meant.denies.size > 0) count.denied += 1;
        if (meant.changes.size > 0) count.changed += 1;
        // What one webhook leaves alone the other may reject: the object comes to both.
        const isDenied = [reply, path === '/validate' ? reply : ask(body, '/validate')].some(
          (each) => each === undefined || each.denies.size > 0,
        );
        const missed = [...meant.denies, ...meant.changes].filter(
          (rule) => !isDenied && !reply.changes.has(rule),
        );
        if (missed.length > 0)
          unseen.push(`${path} ${missed.join()}\n${body.toString('latin1')}\n${canonical}`);
      }
    }
    process.stdout.write(`${JSON.stringify(count)}\n`);
    expect(unseen.slice(0, 5).join('\n\n'), `${unseen.length} of them`).toBe('');
    expect(count.denied).toBeGreaterThan(count.bodies / 40);
    expect(count.changed).toBeGreaterThan(count.bodies / 50);
  });
});
