// The text of the editor, in the fragment of an address: browsers do not send the fragment to the server.
import type { PolicyOptions } from '../../../index.ts';

/** The content of a link. */
export interface Shared {
  readonly text: string;
  readonly policy: PolicyOptions;
}

/** The version of the format. */
const PREFIX = '#1.';
/** In bytes. A link of a few kilobytes must not become gigabytes in a browser. */
const MAX_SIZE = 4 * 1024 * 1024;

export class DamagedLinkError extends Error {
  override name = 'DamagedLinkError';
}

export async function toFragment({ text, policy }: Shared): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify({ text, ...policy }));
  const packed = await readAll(pipe(bytes, new CompressionStream('deflate-raw')), Number.POSITIVE_INFINITY);
  const binary = Array.from(packed, (byte) => String.fromCharCode(byte)).join('');
  return PREFIX + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * @returns undefined for a fragment of another form
 * @throws DamagedLinkError for one that cannot be read
 */
export async function fromFragment(fragment: string): Promise<Shared | undefined> {
  if (!/^#\d+\./.test(fragment)) return undefined;
  if (!fragment.startsWith(PREFIX)) throw new DamagedLinkError('its format is newer than this page');
  const { text, ...policy } = Object(await unpack(fragment.slice(PREFIX.length)));
  if (typeof text !== 'string') throw new DamagedLinkError('it has no text');
  return { text, policy: readPolicy(policy) };
}

/** The controls show names and words. The evaluation checks whether they exist. */
function readPolicy(policy: Readonly<Record<string, unknown>>): PolicyOptions {
  const parts = ['rules', 'mutations', 'versions'].map((key) => {
    const entries = Object.entries(Object(policy[key])).filter(([, value]) => typeof value === 'string');
    return [key, Object.fromEntries(entries)] as const;
  });
  return Object.fromEntries(parts.filter(([, part]) => Object.keys(part).length > 0));
}

async function unpack(packed: string): Promise<unknown> {
  try {
    const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const unpacked = await readAll(pipe(bytes, new DecompressionStream('deflate-raw')), MAX_SIZE);
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(unpacked));
  } catch (error) {
    if (error instanceof DamagedLinkError) throw error;
    throw new DamagedLinkError('a part of it is missing or has changed', { cause: error });
  }
}

function pipe(bytes: Uint8Array<ArrayBuffer>, through: CompressionStream | DecompressionStream) {
  return new Blob([bytes]).stream().pipeThrough(through);
}

async function readAll(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    size += next.value.length;
    if (size > limit) {
      await reader.cancel();
      throw new DamagedLinkError(`it has more than ${limit / 1024 / 1024} MiB`);
    }
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
