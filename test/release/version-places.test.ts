import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { closeUnreleased, setVersion, VERSION_PLACES } from './version-places.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const CURRENT: string = JSON.parse(read('package.json')).version;

/** Where the version of today means something else: since when a rule is there, what has changed, what is made up. */
const OTHERS =
  /^(?:src|test|schemas|docs\/rules)\/|^CHANGELOG\.md$|^docs\/(?:releasing\.md|versioning\.md|dashboard\.svg)$/;

it('is in no other place', () => {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0');
  const token = new RegExp(`(?<![\\d.])${CURRENT.replaceAll('.', '\\.')}(?![\\d.])`);
  const left = files
    .filter((file) => file !== '' && !OTHERS.test(file) && !/(?:package|package-lock)\.json$/.test(file))
    .filter((file) => {
      const places = VERSION_PLACES.filter((each) => each.file === file);
      return token.test(places.reduce((text, place) => setVersion(text, place, '98.7.6'), read(file)));
    });
  expect(left).toEqual([]);
});

it.each(VERSION_PLACES)('is found in $file after $before when owner and registry are filled in', (place) => {
  const filled = read(place.file)
    .replaceAll('OWNER/calico-admission', 'some-owner/calico-admission')
    .replaceAll('registry.example.org', 'ghcr.io/some-owner');
  const placeholders = setVersion(read(place.file), place, '98.7.6');
  expect(setVersion(filled, place, '98.7.6').split('98.7.6').length).toBe(
    placeholders.split('98.7.6').length,
  );
});

it('reports a missing place', () => {
  const place = { file: 'a.yaml', before: /tag: / };
  expect(setVersion('tag: 1.2.3\n', place, '4.5.6')).toBe('tag: 4.5.6\n');
  expect(() => setVersion('tag: latest\n', place, '4.5.6')).toThrow('a.yaml holds no version after /tag: /');
  expect(() => closeUnreleased('# Changelog\n', '1.0.0', '2026-12-31')).toThrow('no heading');
});
