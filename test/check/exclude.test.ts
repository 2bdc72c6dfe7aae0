import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkJson, createRoom, type Room, runCheck, shootWith } from './command.ts';

const BAD = shootWith('backend: birdy');
const FILES = {
  '.git/HEAD': '',
  'a.yaml': BAD,
  'charts/b.yaml': BAD,
  'clusters/charts/c.yaml': BAD,
  'clusters/d.yaml': BAD,
};

let room: Room;
beforeEach(() => {
  room = createRoom();
  room.write(FILES);
  vi.spyOn(process, 'cwd').mockReturnValue(room.path.slice(0, -1));
});
afterEach(() => {
  vi.restoreAllMocks();
  room.cleanUp();
});

async function filesOf(args: readonly string[], path = room.path): Promise<string[]> {
  const { findings } = await checkJson([...args, path]);
  return findings.map(({ file }) => file.slice(room.path.length));
}

describe('check passes over', () => {
  it.each<{ patterns: string[]; left: string[] }>([
    { patterns: [], left: ['a.yaml', 'charts/b.yaml', 'clusters/charts/c.yaml', 'clusters/d.yaml'] },
    { patterns: ['charts/'], left: ['a.yaml', 'clusters/d.yaml'] },
    { patterns: ['/charts'], left: ['a.yaml', 'clusters/charts/c.yaml', 'clusters/d.yaml'] },
    { patterns: ['/charts', 'clusters/**'], left: ['a.yaml'] },
    { patterns: ['clusters/*', '!clusters/d.yaml'], left: ['a.yaml', 'charts/b.yaml', 'clusters/d.yaml'] },
  ])('what --exclude names: $patterns', async ({ patterns, left }) => {
    expect(await filesOf(patterns.map((each) => `--exclude=${each}`))).toEqual(left);
  });

  it('what ignore files name, each in its directory and below', async () => {
    room.write({
      '.calico-admission-ignore': '# generated\n/charts/\n*.tmp\n',
      'clusters/.calico-admission-ignore': 'd.yaml\r\n',
    });
    expect(await filesOf([])).toEqual(['a.yaml', 'clusters/charts/c.yaml']);
    expect(await filesOf([], room.at('clusters'))).toEqual(['clusters/charts/c.yaml']);
    expect(await filesOf(['--exclude', '!/charts/'])).toContain('charts/b.yaml');
    expect(await filesOf(['--no-ignore'])).toHaveLength(4);
    expect(await filesOf(['--no-ignore', '--exclude', 'a.yaml'])).not.toContain('a.yaml');
  });

  it('the same where it was named, with a note', async () => {
    room.write({ '.calico-admission-ignore': 'charts/\n' });
    const { code, stdout, stderr } = await runCheck([room.at('charts/b.yaml')]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'nothing about Calico in 0 documents in 0 files\n' });
    expect(stderr).toContain(
      `not read: ${room.at('charts/b.yaml')}: it is excluded, by --exclude or .calico-admission-ignore\n`,
    );
    expect((await runCheck([room.at('clusters/charts')])).stderr).toContain('it is excluded');
    expect((await runCheck([room.at('charts/b.yaml'), '--no-ignore'])).code).toBe(1);
  });

  it('nothing above the repository', async () => {
    room.write({ 'x/.git/HEAD': '', 'x/e.yaml': BAD, '.calico-admission-ignore': 'e.yaml\n' });
    expect(await filesOf([], room.at('x'))).toEqual(['x/e.yaml']);
  });

  it('other places, by patterns relative to them', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue('/nowhere');
    expect(await filesOf(['--exclude', '/charts/', '--exclude', 'd.yaml'])).toEqual([
      'a.yaml',
      'clusters/charts/c.yaml',
    ]);
  });
});

it('rejects an invalid pattern', async () => {
  await expect(runCheck(['--exclude', '', room.path])).rejects.toThrow(
    /not a pattern of --exclude \(got ""\)/,
  );
});
