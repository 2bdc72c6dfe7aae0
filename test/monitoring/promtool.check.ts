import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ALERT_TESTS, loadRuleGroups } from './rules-file.ts';

// With promtool, and so not part of `npm test`: `npm run test:monitoring`.
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'calico-admission-alerts-'));
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

function promtool(...args: readonly string[]): string {
  try {
    return execFileSync('promtool', args, { cwd: dir, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Error(
        'promtool is not in the PATH; install it with `apt-get install -y prometheus` (Debian, Ubuntu) or `brew install prometheus`',
      );
    }
    const output =
      error instanceof Error && 'stdout' in error && 'stderr' in error
        ? `${error.stdout}\n${error.stderr}`
        : String(error);
    throw new Error(`promtool ${args.join(' ')} failed:\n${output}`);
  }
}

describe('the alerts', () => {
  it('are rules as Prometheus reads them', () => {
    const groups = loadRuleGroups();
    writeFileSync(join(dir, 'rules.yaml'), stringify(groups, { lineWidth: 0 }));
    const count = groups.groups.flatMap(({ rules }) => rules).length;
    expect(promtool('check', 'rules', '--lint=all', '--lint-fatal', 'rules.yaml')).toContain(
      `SUCCESS: ${count} rules found`,
    );
  });

  it('fire when they should, and not when they should not', () => {
    // promtool compares all annotations or none; what they say is not what these tests are about.
    const groups = loadRuleGroups().groups.map((group) => ({
      ...group,
      rules: group.rules.map(({ annotations: _, ...rule }) => rule),
    }));
    writeFileSync(join(dir, 'rules.yaml'), stringify({ groups }, { lineWidth: 0 }));
    copyFileSync(ALERT_TESTS, join(dir, 'alerts.yaml'));
    expect(promtool('test', 'rules', 'alerts.yaml')).toContain('SUCCESS');
  });
});
