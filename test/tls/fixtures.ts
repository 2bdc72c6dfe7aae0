import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { issueAuthority, issueServing, type KeyPair } from '../../src/tls/issue.ts';
import { defaultSans } from '../../src/tls/names.ts';
import type { CertificateLog } from '../../src/tls/source.ts';

export const NOW = new Date('2026-11-21T07:00:00.000Z');
export const DAY = 86_400_000;
export const SANS = defaultSans();

export const at = (offsetMs: number) => () => new Date(NOW.getTime() + offsetMs);
export const now = at(0);

/** A directory of its own, gone when the test is over. */
export function temporaryDirectory(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'calico-tls-')));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function put(dir: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
}

/** Every file of a directory with its text. */
export function contentOf(dir: string): Record<string, string> {
  return Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'utf8')]));
}

export type Line = { level: 'info' | 'warn'; obj: object; msg: string };

export function recordingLog(): CertificateLog & { lines: Line[] } {
  const lines: Line[] = [];
  return {
    lines,
    info: (obj, msg) => lines.push({ level: 'info', obj, msg }),
    warn: (obj, msg) => lines.push({ level: 'warn', obj, msg }),
  };
}

export async function issueBoth(
  options: { now?: () => Date; sans?: readonly string[]; days?: number } = {},
): Promise<{ authority: KeyPair; serving: KeyPair }> {
  const clock = options.now ?? now;
  const authority = await issueAuthority({ now: clock });
  const days = options.days === undefined ? {} : { days: options.days };
  const serving = await issueServing({ authority, sans: options.sans ?? SANS, now: clock, ...days });
  return { authority, serving };
}

/** A certificate by OpenSSL, to test certificates that are not ours. Undefined where there is no openssl. */
export function openssl(args: string[], options: { input?: string; cwd?: string } = {}): string | undefined {
  try {
    return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], ...options });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export const hasOpenssl = (() => {
  try {
    return openssl(['version']) !== undefined;
  } catch {
    return false;
  }
})();

/** openssl's arguments for a new key of the quick kind. */
export const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

/** A foreign certificate authority, made by openssl, in ca.crt and ca.key of `dir`; valid from now, the real one. */
export function opensslAuthority(dir: string, args: string[], days = 30): KeyPair {
  const usage = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
  const files = ['-keyout', 'ca.key', '-out', 'ca.crt', '-nodes', '-days', String(days)];
  openssl(['req', '-x509', ...args, ...files, ...usage], { cwd: dir });
  const read = (name: string) => readFileSync(join(dir, name), 'utf8');
  return { cert: read('ca.crt'), key: read('ca.key') };
}
