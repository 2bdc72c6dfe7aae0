import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRandom, type Random } from '../../support/random.ts';
import * as texts from './texts.ts';

/** Files of one kind. */
interface Kind {
  readonly name: string;
  /** How many of a thousand files. */
  readonly share: number;
  /** They are nothing but objects, as they are applied. */
  readonly isManifest: boolean;
  /** From the directory of a project. */
  path(id: string): string;
  write(random: Random): string;
}

const kind = (
  name: string,
  share: number,
  write: (random: Random) => string,
  path: (id: string) => string,
): Kind => ({ name, share, isManifest: false, path, write });

const manifest = (name: string, share: number, write: (random: Random) => string): Kind => ({
  ...kind(name, share, write, (id) => `deploy/${id}.yaml`),
  isManifest: true,
});

/**
 * The mix of 113 public repositories and 39 sets of documentation, 30,078 files: a twelfth of them templates, one in
 * twenty with objects that rules are about, and a few very large ones.
 */
export const KINDS: readonly Kind[] = [
  manifest('objects of any cluster', 330, texts.manifests),
  kind('settings of other tools', 215, texts.settings, (id) => `ci/${id}.yml`),
  kind('templates of Helm', 86, texts.template, (id) => `chart-${id}/templates/all.yaml`),
  kind('values of Helm', 75, texts.values, (id) => `values/${id}.yaml`),
  kind('kustomizations', 90, texts.kustomization, (id) => `overlays/${id}/kustomization.yaml`),
  kind(
    'JSON',
    80,
    (random) => texts.json(random, 30),
    (id) => `data/${id}.json`,
  ),
  kind('JSON with comments', 10, texts.jsonWithComments, (id) => `editor/${id}.json`),
  kind(
    'large JSON',
    6,
    (random) => texts.json(random, 3000),
    (id) => `dashboards/${id}.json`,
  ),
  manifest('definitions of resources', 40, (random) => texts.definition(random, 2)),
  manifest('large definitions of resources', 6, (random) => texts.definition(random, 4)),
  kind('what only names Calico', 21, texts.mention, (id) => `inventory/${id}.yml`),
  manifest('objects of ours', 40, texts.ours),
  manifest("Calico's release", 1, texts.calicoRelease),
];

const PROJECTS = 113;

export interface Corpus {
  /** All files. */
  readonly all: string;
  /** Those that are nothing but objects, once more. */
  readonly manifests: string;
  readonly files: number;
  readonly manifestFiles: number;
  /** Of all files. */
  readonly bytes: number;
}

/** Writes the files below a directory that is there; the same ones for the same seed. */
export function writeCorpus(directory: string, files: number, seed: number): Corpus {
  const random = createRandom(seed);
  const [all, manifests] = [join(directory, 'all'), join(directory, 'manifests')];
  const made = new Set<string>();
  let [bytes, manifestFiles] = [0, 0];
  for (let index = 0; index < files; index += 1) {
    const kind = kindAt(random() * 1000);
    const id = `${texts.name(random)}-${index}`;
    const path = join(`project-${Math.floor(random() * PROJECTS)}`, texts.word(random), kind.path(id));
    const text = kind.write(random);
    bytes += Buffer.byteLength(text);
    write(join(all, path), (place) => writeFileSync(place, text));
    if (!kind.isManifest) continue;
    manifestFiles += 1;
    write(join(manifests, path), (place) => linkSync(join(all, path), place));
  }
  return { all, manifests, files, manifestFiles, bytes };

  function write(place: string, how: (place: string) => void): void {
    const above = dirname(place);
    if (!made.has(above)) mkdirSync(above, { recursive: true });
    made.add(above);
    how(place);
  }
}

function kindAt(point: number): Kind {
  let rest = point;
  for (const each of KINDS) {
    if (rest < each.share) return each;
    rest -= each.share;
  }
  throw new Error('the shares of all kinds must come to 1000');
}
