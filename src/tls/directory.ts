import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CertificateError, errorCode } from '../errors.ts';
import { removeTemporaries, syncDirectory, writeAtomically } from '../files/atomic-file.ts';
import { withDirectoryLock } from './directory-lock.ts';
import type { Expiry } from './inspect.ts';
import { issueAuthority, issueServing } from './issue.ts';
import { checkedSans } from './names.ts';
import { type Plan, type PlanContext, planDirectory, type Usable } from './plan.ts';
import type { CertificateLog } from './source.ts';

/** The files of a directory that a server needs, PEM. Undefined for a missing file. */
export interface DirectoryContent {
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly ca: string | undefined;
}

export interface DirectoryPaths {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly caKey: string;
}

export interface EnsuredDirectory {
  readonly cert: string;
  readonly key: string;
  /** Undefined only where the operator's files have no ca.crt. */
  readonly ca: string | undefined;
  readonly paths: DirectoryPaths;
  readonly expiry: Expiry;
  /** The files that this call wrote: none, tls.crt and tls.key, or those and a new certificate authority. */
  readonly made: Made;
}

type Made = 'nothing' | 'serving' | 'authority';
type DirectoryContext = PlanContext & { log: CertificateLog };

const MAX_FILE_BYTES = 1_048_576;
const TEMPORARY_MAX_AGE_MS = 30_000;
const ATTEMPTS = 3;

/** The four files of a certificate directory. */
export function directoryPaths(dir: string): DirectoryPaths {
  return {
    cert: join(dir, 'tls.crt'),
    key: join(dir, 'tls.key'),
    ca: join(dir, 'ca.crt'),
    caKey: join(dir, 'ca.key'),
  };
}

/**
 * Reads tls.crt, tls.key and ca.crt, and not the key of the certificate authority. The files may not match while they
 * are being replaced: check the result with inspectPair.
 * @throws CertificateError for a file that exists and cannot be read
 */
export async function readDirectory(dir: string): Promise<DirectoryContent> {
  const paths = directoryPaths(dir);
  const [cert, key, ca] = await Promise.all([
    readIfThere(paths.cert),
    readIfThere(paths.key),
    readIfThere(paths.ca),
  ]);
  return { cert, key, ca };
}

/**
 * Returns a usable pair from `dir`, and makes or renews what is needed: only tls.crt and tls.key while the
 * certificate authority is valid, so that a caBundle that was registered by hand stays correct. Files of the operator
 * are never overwritten, and with `inCluster` nothing is made at all. It is safe to call this again at any time and
 * from several processes at once.
 * @throws CertificateError for every mistake of the operator; its message says what is wrong
 */
export async function ensureDirectory(options: {
  dir: string;
  sans: readonly string[];
  now: () => Date;
  log: CertificateLog;
  inCluster: boolean;
}): Promise<EnsuredDirectory> {
  if (options.dir === '') {
    throw new CertificateError('the certificate directory has no name (got ""); give one with --cert-dir');
  }
  const context: DirectoryContext = { ...options, sans: checkedSans(options.sans) };

  // Checks before it writes, so that a read-only directory with valid files is served.
  const plan = await look(context);
  if (plan.step === 'refuse') throw new CertificateError(plan.message);
  if (plan.step === 'reuse') {
    if (plan.note !== undefined) {
      context.log[plan.note.level]({ dir: context.dir, ...plan.note.about }, plan.note.message);
    }
    if (!context.inCluster) {
      await removeTemporaries(context.dir, new Date(context.now().getTime() - TEMPORARY_MAX_AGE_MS));
    }
    return ensured(plan.usable, 'nothing', context);
  }
  try {
    return await makeUntilUsable(context);
  } catch (error) {
    if (!(error instanceof CertificateError) || plan.fallback === undefined) throw error;
    // The certificate was only due for renewal. It is valid for weeks, so that the start must not fail.
    const { expiry } = plan.fallback;
    context.log.warn({ dir: context.dir, expiry, reason: error.message }, 'certificate could not be renewed');
    return ensured(plan.fallback, 'nothing', context);
  }
}

async function look(context: DirectoryContext): Promise<Plan> {
  const content = await readDirectory(context.dir);
  // Read last, because it is written first: a process that reads our tls.key also reads our ca.key, and does not take
  // an incomplete directory for one with the operator's files.
  const caKey = context.inCluster ? undefined : await readIfThere(directoryPaths(context.dir).caKey);
  return planDirectory({ ...content, caKey }, context);
}

async function makeUntilUsable(context: DirectoryContext): Promise<EnsuredDirectory> {
  await explained('write to', context.dir, () => makeDirectory(context.dir));
  let made: Made = 'nothing';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before: Made = made;
    const wrote = await explained('write to', context.dir, () =>
      withDirectoryLock(context, () => makeWhatIsMissing(context)),
    );
    made = wrote === 'nothing' ? before : wrote;
    // The files that are read back are served.
    const plan = await look(context);
    if (plan.step === 'refuse') throw new CertificateError(plan.message);
    const usable = plan.step === 'reuse' ? plan.usable : plan.fallback;
    if (usable !== undefined) return ensured(usable, made, context);
  }
  throw new CertificateError(
    `the certificates in ${context.dir} were changed after they were written; stop the other program that writes there, or choose another directory with --cert-dir`,
  );
}

/** Under the lock. Checks again first: the last owner of the lock may have done the work. */
async function makeWhatIsMissing(context: DirectoryContext): Promise<Made> {
  const { dir, sans, now, log } = context;
  const plan = await look(context);
  if (plan.step === 'refuse') throw new CertificateError(plan.message);
  await removeTemporaries(dir);
  if (plan.step === 'reuse') return 'nothing';

  const paths = directoryPaths(dir);
  const authority = plan.step === 'make-both' ? await issueAuthority({ now }) : plan.authority;
  const serving = await issueServing({ authority, sans, now });
  // In this order, a kill between two writes leaves a state that the next start recognizes as incomplete: a key that
  // does not match, or a certificate that the certificate authority did not sign. And our files are never without the
  // ca.key.
  if (plan.step === 'make-both') {
    await writeAtomically(paths.caKey, authority.key, 0o600);
    await writeAtomically(paths.ca, authority.cert, 0o644);
  }
  await writeAtomically(paths.key, serving.key, 0o600);
  await writeAtomically(paths.cert, serving.cert, 0o644);
  await syncDirectory(dir);

  if (plan.step === 'make-serving') {
    log.info({ dir, names: sans }, 'certificate created, signed by the present certificate authority');
    return 'serving';
  }
  if (plan.replacesAuthority) {
    log.warn(
      { dir, names: sans },
      'new certificate authority created: replace the old ca.crt by the new one where clients use it',
    );
  } else {
    log.info({ dir, names: sans }, 'certificate and certificate authority created');
  }
  return 'authority';
}

/**
 * Not the option `recursive` of mkdir: on a file system where nothing can be created and which answers ENOENT
 * (/proc), Node 20 never returns.
 */
async function makeDirectory(dir: string): Promise<void> {
  try {
    await mkdir(dir, { mode: 0o700 });
  } catch (error) {
    const code = systemCodeOf(error);
    const parent = dirname(dir);
    if (code === 'ENOENT' && parent !== dir && !(await isDirectory(parent))) {
      await makeDirectory(parent);
      await makeDirectory(dir);
    } else if (code !== 'EEXIST' || !(await isDirectory(dir))) {
      throw error;
    }
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

function ensured(usable: Usable, made: Made, context: DirectoryContext): EnsuredDirectory {
  return { ...usable, paths: directoryPaths(context.dir), made };
}

/** A user who can read a private key can act as the webhook for API servers. The files are served all the same. */
export async function warnOfReadableKeys(dir: string, log: CertificateLog): Promise<void> {
  const { key, caKey } = directoryPaths(dir);
  for (const path of [key, caKey]) {
    const mode = await stat(path).then(
      (stats) => stats.mode & 0o777,
      // A file that cannot be read is reported by the code that reads it. The key of the certificate authority may be
      // missing.
      () => 0,
    );
    if ((mode & OF_OTHERS) === 0) continue;
    const octal = mode.toString(8).padStart(4, '0');
    log.warn(
      { file: path, mode: octal },
      'every user of this machine can read or replace this private key; chmod 600 it',
    );
  }
}

/** Permissions of users that are neither the owner nor in the group. */
const OF_OTHERS = 0o007;

async function readIfThere(path: string): Promise<string | undefined> {
  return explained('read', path, async () => {
    try {
      const stats = await stat(path);
      if (!stats.isFile()) throw new CertificateError(`cannot read ${path} (it is not a file); remove it`);
      // A pipe that never ends, or a disk image that is there by mistake, must not block this process or fill its
      // memory.
      if (stats.size > MAX_FILE_BYTES) {
        throw new CertificateError(`cannot read ${path} (got ${stats.size} bytes); put a PEM file there`);
      }
      return await readFile(path, 'utf8');
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}

const ELSEWHERE = 'choose another directory with --cert-dir';
const ADVICE: Record<string, string> = {
  EACCES: `run as a user with the permission, or ${ELSEWHERE}`,
  EPERM: `run as a user with the permission, or ${ELSEWHERE}`,
  EROFS: `make it writable, or ${ELSEWHERE}`,
  ENOSPC: `make room on the disk, or ${ELSEWHERE}`,
  EDQUOT: `make room within the quota, or ${ELSEWHERE}`,
  ENOTDIR: `a part of that path is a file: remove it, or ${ELSEWHERE}`,
  EEXIST: `there is a file of that name: remove it, or ${ELSEWHERE}`,
};

/** Runs `work`, and explains errors of the file system to the user. */
async function explained<T>(verb: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = systemCodeOf(error);
    // Without a code it is a mistake of ours, or already a CertificateError.
    if (code === undefined || error instanceof CertificateError) throw error;
    throw new CertificateError(`cannot ${verb} ${path} (${code}); ${ADVICE[code] ?? ELSEWHERE}`, {
      cause: error,
    });
  }
}

/** The code of the file system, such as EACCES. Codes of Node.js (ERR_…) and OpenSSL mean nothing to the user. */
function systemCodeOf(error: unknown): string | undefined {
  const code = errorCode(error) ?? '';
  return /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}
