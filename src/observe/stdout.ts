import { constants, openSync, write } from 'node:fs';
import type { DestinationStream } from 'pino';

/** Limit of the characters that wait for a slow reader. Beyond it the newest lines are dropped. */
const MAX_WAITING = 4 * 1024 * 1024;

/**
 * Lines are written together after so many characters or milliseconds: each write wakes a thread, which takes longer
 * than evaluating an object.
 */
const MIN_WRITE = 12 * 1024;
const MAX_AGE = 100;

/** A reader that accepted nothing is tried again after so many milliseconds. */
const RETRY_MS = 50;

export interface Stdout extends DestinationStream {
  /** Writes the waiting lines as soon as possible. */
  flush(): void;
  /**
   * Resolves when the waiting lines are written, or cannot be written, and at the latest after so many milliseconds;
   * then they are dropped.
   */
  end(atMostMs: number): Promise<void>;
}

/**
 * Standard output that is written soon, and never waited for: neither admission nor the end of the process may depend
 * on a reader of the log. Where the reader is slow, lines are dropped; where it is gone (`npm start | head -1`), all
 * lines are dropped. pino's own destination waits for ever in its last write, both for a reader that is stuck and for
 * one that is gone.
 * @param fd for tests; a write to it must not block
 */
export function openStdout(fd = openWithoutBlocking()): Stdout {
  let waiting = '';
  let beingWritten = 0;
  let isOpen = true;
  let onIdle = (): void => {};
  const timer = setInterval(start, MAX_AGE).unref();

  function start(): void {
    if (beingWritten > 0) return;
    if (waiting === '') {
      onIdle();
      return;
    }
    const bytes = Buffer.from(waiting);
    beingWritten = waiting.length;
    waiting = '';
    writeAll(bytes);
  }

  function writeAll(bytes: Buffer): void {
    write(fd, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(writeAll, RETRY_MS, bytes).unref();
      } else if (error) {
        close();
      } else if (written < bytes.length) {
        writeAll(bytes.subarray(written));
      } else {
        beingWritten = 0;
        if (waiting.length >= MIN_WRITE || !isOpen) start();
      }
    });
  }

  function close(): void {
    isOpen = false;
    clearInterval(timer);
    waiting = '';
    beingWritten = 0;
    onIdle();
  }

  return {
    write(line) {
      if (!isOpen || beingWritten + waiting.length + line.length > MAX_WAITING) return;
      waiting += line;
      if (waiting.length >= MIN_WRITE) start();
    },
    flush: start,
    end: (atMostMs) =>
      new Promise((resolve) => {
        isOpen = false;
        const late = setTimeout(close, atMostMs);
        onIdle = () => {
          clearTimeout(late);
          resolve();
        };
        start();
      }),
  };
}

/**
 * A thread that waits in a write keeps the process from ending. Node.js makes a pipe non-blocking at its first use. A
 * terminal is opened again.
 */
function openWithoutBlocking(): number {
  if (!process.stdout.isTTY) return 1;
  try {
    return openSync('/dev/fd/1', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return 1;
  }
}
