import type { Explanation } from '../policy/message.ts';
import type { Position } from './lines.ts';

/** A whole file is in memory while its documents are read, one by one. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

const SAVE_AS_UTF8 = 'save it as UTF-8';

export const BYTE_ORDER_MARK = '\ufeff';

export type Decoded = { readonly text: string; readonly hasMark: boolean } | UnreadableText;

/** Why a file has no text, and where. Its bytes are not shown. */
export interface UnreadableText extends Position, Explanation {}

/** The text of a file without its byte order mark, and whether it had one. */
export function decodeText(bytes: Uint8Array): Decoded {
  if (isUtf16(bytes)) {
    return { line: 1, column: 1, problem: 'the file is UTF-16, not UTF-8', advice: SAVE_AS_UTF8 };
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    return { ...findBadByte(bytes), problem: 'the file is not UTF-8', advice: SAVE_AS_UTF8 };
  }
  return withoutMark(text);
}

export function withoutMark(text: string): Decoded {
  const hasMark = text.startsWith(BYTE_ORDER_MARK);
  return { text: hasMark ? text.slice(1) : text, hasMark };
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

function findBadByte(bytes: Uint8Array): Position {
  let start = 0;
  for (let line = 1; ; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    const content = bytes.subarray(start, end < 0 ? undefined : end);
    if (!isUtf8(content) || end < 0) return { line, column: goodLength(content) + 1 };
    start = end + 1;
  }
}

/** The length of the valid text, in UTF-16 units. */
function goodLength(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  // A prefix may end within a character: up to three bytes more are tried.
  const isGood = (length: number) =>
    [0, 1, 2, 3].some((less) => length >= less && isUtf8(bytes.subarray(0, length - less)));
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isGood(middle)) low = middle;
    else high = middle - 1;
  }
  const less = [0, 1, 2, 3].find((each) => low >= each && isUtf8(bytes.subarray(0, low - each))) ?? 0;
  return decodeUtf8(bytes.subarray(0, low - less))?.length ?? 0;
}

/** With its byte order mark. Undefined where it is not UTF-8. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // The decoder throws for no other reason.
    return undefined;
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  return decodeUtf8(bytes) !== undefined;
}
