import { fileURLToPath, pathToFileURL } from 'node:url';

/** Documents that are not saved yet. Other documents, such as a side of a diff, are copies. */
const UNSAVED = 'untitled:';

/**
 * The name of a document: its path, or its URI where it has no path yet. Undefined for documents that are not
 * evaluated.
 */
export function nameOf(uri: string): string | undefined {
  if (uri.startsWith(UNSAVED)) return uri;
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    // A path on another host, or with an escaped slash: not a path of this machine.
    return undefined;
  }
}

export function uriOf(name: string): string {
  return name.startsWith(UNSAVED) ? name : pathToFileURL(name).href;
}
