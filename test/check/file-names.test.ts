import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Finished, runCheck } from './command.ts';

// The author of a pull request chooses the names of its files. CI shows what `check` prints, and GitHub Actions carries
// out what looks like a workflow command, on either stream.
const NAMES = ['a\n::error::forged\u001b[31m.yaml', 'b\r::notice::forged\u009b2J.yaml', 'c\u202e\u2028.yaml'];
const POOL = `apiVersion: projectcalico.org/v3
kind: IPPool
metadata: {name: a}
spec: {cidr: 10.0.0.0/16, ipipMode: always, vxlanMode: 5}
`;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'file-names-'));
  for (const name of NAMES) writeFileSync(join(root, name), POOL);
  writeFileSync(join(root, 'd\u001b[1m.yaml'), 'apiVersion: projectcalico.org/v3\na: [');
});
afterAll(() => rmSync(root, { recursive: true }));

/** Lines that are not ours: workflow commands without a file, and all with something invisible in it. */
function forged({ stdout, stderr }: Finished): string[] {
  const lines = `${stdout}\n${stderr}`.split('\n');
  return lines.filter((line) => /^::\w+::/.test(line) || /[\p{Cc}\p{Cf}\p{Zl}]/u.test(line));
}

describe('the name of a file is escaped', () => {
  it.each([['text'], ['text', '--notes'], ['github'], ['json'], ['sarif']])(
    'by --output %s %s',
    async (output, ...more) => {
      const done = await runCheck(['--output', output, ...more, root]);
      expect(done.stdout).toContain('forged');
      expect(forged(done)).toEqual([]);
    },
  );

  it('by --diff', async () => {
    const done = await runCheck(['--diff', root]);
    expect(done.stdout).toContain('forged');
    expect(forged(done)).toEqual([]);
  });

  it('where a link that was found leads nowhere', async () => {
    const link = join(root, 'e\n::error::forged\u001b[1m.yaml');
    symlinkSync('nowhere', link);
    const done = await runCheck([root]);
    rmSync(link);
    expect(done.stderr).toContain('not read: ');
    expect(done.stderr).toContain(
      'e\\u000a::error::forged\\u001b[1m.yaml: the target of the link does not exist (ENOENT)',
    );
    expect(forged(done)).toEqual([]);
  });

  it('of a configuration file', async () => {
    await expect(runCheck(['--config', 'no\n::error::forged\u001b', root])).rejects.toThrow(
      'no\\u000a::error::forged\\u001b',
    );
  });
});
