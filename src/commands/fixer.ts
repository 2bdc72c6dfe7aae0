import { BYTE_ORDER_MARK } from '../check/decode.ts';
import { formatDiff } from '../check/diff.ts';
import { fixText } from '../check/fix.ts';
import { isKustomizationFile, readKustomization } from '../check/kustomization.ts';
import { chartOf, layOut } from '../check/layout.ts';
import type { OldObjects } from '../check/old.ts';
import { namesOurs } from '../check/ours.ts';
import { readText } from '../check/read.ts';
import { type Correction, describeCorrection } from '../check/report.ts';
import { errorCode } from '../errors.ts';
import { relativeTo } from '../files/paths.ts';
import type { FileSource } from '../files/sources.ts';
import type { WriteResult } from '../files/write-file.ts';
import { escapeInvisible, escapePath } from '../policy/message.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { Io } from './command.ts';

/** Helm templates and patches of kustomize are not corrected: the resulting object is not known. */
export function withoutParts(sources: readonly FileSource[]): readonly FileSource[] {
  const kustomizations = sources.filter(({ name }) => isKustomizationFile(name));
  const layout = layOut(
    sources.map(({ name }) => name),
    kustomizations.flatMap((source) => {
      const read = readText(source);
      return ('text' in read && readKustomization(source.name, read.text)) || [];
    }),
  );
  return sources.filter(({ name }) => !layout.parts.has(name) && chartOf(layout, name) === undefined);
}

interface FixWiring {
  readonly mode: 'fix' | 'diff' | 'none';
  readonly registry: Registry;
  readonly settings: PolicySettings;
  readonly noInlineConfig: boolean;
  readonly old: OldObjects | undefined;
  readonly io: Io;
}

export interface Fixer {
  /** Corrects a file, or prints the correction. */
  correct(source: FileSource): Promise<void>;
  /** The corrections that were written. */
  readonly corrections: readonly Correction[];
  /** Whether the file system rejected a write. */
  hasFailed(): boolean;
}

export function createFixer({ mode, registry, settings, noInlineConfig, old, io }: FixWiring): Fixer {
  const corrections: Correction[] = [];
  let isFailed = false;
  return { correct, corrections, hasFailed: () => isFailed };

  async function correct(source: FileSource): Promise<void> {
    const read = readText(source);
    if (!('text' in read)) return;
    const { text, hasMark } = read;
    if (!source.isNamed && !namesOurs(registry, text)) return;
    const fixed = fixText(text, { registry, settings, noInlineConfig, file: source.name, old });
    const tell = (what: string) =>
      io.stderr(`calico-admission: ${escapePath(source.name)}: ${escapeInvisible(what, 500)}\n`);
    for (const each of fixed.refused) tell(each);
    if (fixed.text === text) return;
    const mark = hasMark ? BYTE_ORDER_MARK : '';
    const made = fixed.corrections.map(({ lineBefore, lineAfter, ...each }) => ({
      ...each,
      file: source.name,
      line: mode === 'diff' ? lineBefore : lineAfter,
    }));
    if (mode === 'diff') {
      const path = source.name === '-' ? 'stdin' : relativeTo(process.cwd(), source.name);
      io.stdout(formatDiff(path, mark + text, mark + fixed.text));
      // On standard error: the diff on standard output may be piped into git apply.
      for (const each of made)
        tell(`line ${each.line}: ${describeCorrection(each, 'would be')} [${each.rule}]`);
      return;
    }
    if (source.path === undefined) {
      tell('not written, it is not a file');
      return;
    }
    if (source.isLink && !source.isNamed) {
      tell('not written, it was found through a symbolic link; name the file itself');
      return;
    }
    const { isWritten, message, code } = await write(source.path, mark + text, mark + fixed.text);
    if (code !== undefined) isFailed = true;
    if (message !== undefined) tell(message);
    if (isWritten) corrections.push(...made);
  }
}

async function write(path: string, before: string, after: string): Promise<WriteResult & { code?: string }> {
  try {
    const { replaceText } = await import('../files/write-file.ts');
    return await replaceText(path, before, after);
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error';
    return {
      isWritten: false,
      code,
      message: `not written (${code}); check its permissions and those of its directory`,
    };
  }
}
