import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeUnreleased, setVersion, VERSION_PLACES } from './version-places.ts';

/** The script `version` of package.json: npm has changed the version there, and commits what this changes with it. */
export function run({ root }: { readonly root: string }): number {
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const change = (file: string, by: (text: string) => string): void =>
    writeFileSync(join(root, file), by(readFileSync(join(root, file), 'utf8')));
  for (const place of VERSION_PLACES) change(place.file, (text) => setVersion(text, place, version));
  const day = new Date().toISOString().slice(0, 10);
  change('CHANGELOG.md', (text) => closeUnreleased(text, version, day));
  return 0;
}
