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

/** What a server needs of a directory, PEM; a file that is not there is undefined. */
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
  /** Undefined only where somebody brought a pair without a ca.crt. */
  readonly ca: string | undefined;
  readonly paths: DirectoryPaths;
  readonly expiry: Expiry;
  /** What this call wrote: nothing, tls.crt and tls.key, or those and a new authority. */
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
 * Reads tls.crt, tls.key and ca.crt; the authority's key is left alone. They may be of different age when somebody
 * is replacing them: look at the result with inspectPair before using it.
 * @throws CertificateError when something is there that cannot be read.
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
 * Gives a usable pair from `dir`, making or renewing what is needed: only tls.crt and tls.key while the authority
 * holds, so that a caBundle registered by hand keeps working. Files that somebody brought are never overwritten, and
 * with `inCluster` nothing is made at all. Safe to call again at any time and from several processes at once.
 * @throws CertificateError for everything that the user must put right; its message says what.
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

  // Looked at before anything is written, so that a directory which may only be read serves what it holds.
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
    // It was only due for renewal. Not to start today because of what fails in weeks would help nobody.
    const { expiry } = plan.fallback;
    context.log.warn({ dir: context.dir, expiry, reason: error.message }, 'certificate could not be renewed');
    return ensured(plan.fallback, 'nothing', context);
  }
}

async function look(context: DirectoryContext): Promise<Plan> {
  const content = await readDirectory(context.dir);
  // After the others, because it is written first: whoever sees our tls.key sees our ca.key as well, and does not
  // take a directory in the making for one with somebody's own files.
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
    // Served is what can be read back, not what was meant to be written.
    const plan = await look(context);
    if (plan.step === 'refuse') throw new CertificateError(plan.message);
    const usable = plan.step === 'reuse' ? plan.usable : plan.fallback;
    if (usable !== undefined) return ensured(usable, made, context);
  }
  throw new CertificateError(
    `the certificates in ${context.dir} do not stay as they are written; stop what else writes there, or choose another directory with --cert-dir`,
  );
}

/** Under the lock. Looks again first: whoever held it before may have done the work. */
async function makeWhatIsMissing(context: DirectoryContext): Promise<Made> {
  const { dir, sans, now, log } = context;
  const plan = await look(context);
  if (plan.step === 'refuse') throw new CertificateError(plan.message);
  await removeTemporaries(dir);
  if (plan.step === 'reuse') return 'nothing';

  const paths = directoryPaths(dir);
  const authority = plan.step === 'make-both' ? await issueAuthority({ now }) : plan.authority;
  const serving = await issueServing({ authority, sans, now });
  // In this order a kill between any two leaves a state that the next start tells from a finished one: a key that
  // does not match, or a certificate that the authority did not sign. And never our files without the ca.key.
  if (plan.step === 'make-both') {
    await writeAtomically(paths.caKey, authority.key, 0o600);
    await writeAtomically(paths.ca, authority.cert, 0o644);
  }
  await writeAtomically(paths.key, serving.key, 0o600);
  await writeAtomically(paths.cert, serving.cert, 0o644);
  await syncDirectory(dir);

  if (plan.step === 'make-serving') {
    log.info({ dir, names: sans }, 'certificate made, signed by the authority that was there');
    return 'serving';
  }
  if (plan.replacesAuthority) {
    log.warn(
      { dir, names: sans },
      'new certificate authority made: put the new ca.crt where the old one is trusted',
    );
  } else {
    log.info({ dir, names: sans }, 'certificate and certificate authority made');
  }
  return 'authority';
}

/**
 * Not mkdir's own `recursive`: on a file system where nothing can be made and which says ENOENT (/proc), Node 20
 * never comes back from it.
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

/** Whoever reads a private key can be the webhook towards API servers; it is served all the same. */
export async function warnOfReadableKeys(dir: string, log: CertificateLog): Promise<void> {
  const { key, caKey } = directoryPaths(dir);
  for (const path of [key, caKey]) {
    const mode = await stat(path).then(
      (stats) => stats.mode & 0o777,
      // What cannot be read is reported where it is read; the authority's key need not be there.
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
      // Neither a pipe that never ends nor a disk image put there by mistake may hang or fill this process.
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
  EACCES: `run as a user who may, or ${ELSEWHERE}`,
  EPERM: `run as a user who may, or ${ELSEWHERE}`,
  EROFS: `make it writable, or ${ELSEWHERE}`,
  ENOSPC: `make room on the disk, or ${ELSEWHERE}`,
  EDQUOT: `make room within the quota, or ${ELSEWHERE}`,
  ENOTDIR: `a part of that path is a file: remove it, or ${ELSEWHERE}`,
  EEXIST: `there is a file of that name: remove it, or ${ELSEWHERE}`,
};

/** Runs `work`, and turns what the file system complains about into words for the user. */
async function explained<T>(verb: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = systemCodeOf(error);
    // Without a code it is our own mistake, or already a CertificateError.
    if (code === undefined || error instanceof CertificateError) throw error;
    throw new CertificateError(`cannot ${verb} ${path} (${code}); ${ADVICE[code] ?? ELSEWHERE}`, {
      cause: error,
    });
  }
}

/** The file system's code, such as EACCES. Node's own (ERR_…) and OpenSSL's are no business of the user. */
function systemCodeOf(error: unknown): string | undefined {
  const code = errorCode(error) ?? '';
  return /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}
