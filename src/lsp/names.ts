import { fileURLToPath, pathToFileURL } from 'node:url';

/** Documents that lie nowhere yet; what else an editor shows, such as a side of a diff, is a copy of something. */
const UNSAVED = 'untitled:';

/**
 * What a document is called among others: its path, or its URI where it has none yet. Undefined of documents that are
 * left alone.
 */
export function nameOf(uri: string): string | undefined {
  if (uri.startsWith(UNSAVED)) return uri;
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    // On another host, or with a slash that is escaped: no path of this machine.
    return undefined;
  }
}

export function uriOf(name: string): string {
  return name.startsWith(UNSAVED) ? name : pathToFileURL(name).href;
}
