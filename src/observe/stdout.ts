import { constants, openSync, write } from 'node:fs';
import type { DestinationStream } from 'pino';

/** Most characters of lines that wait for a slow reader; beyond it the newest are dropped. */
const MAX_WAITING = 4 * 1024 * 1024;

/**
 * Lines are written together once they are so many characters, or so many milliseconds old: each write wakes a thread,
 * which takes longer than to judge an object.
 */
const MIN_WRITE = 12 * 1024;
const MAX_AGE = 100;

/** After so many milliseconds a reader that took nothing is tried again. */
const RETRY_MS = 50;

export interface Stdout extends DestinationStream {
  /** Writes what waits as soon as it can be written. */
  flush(): void;
  /** Resolves when what waits has been written, or cannot be, after so many milliseconds at most; then all is dropped. */
  end(atMostMs: number): Promise<void>;
}

/**
 * Standard output, soon but never waited for: neither admission nor the end of the process may depend on somebody
 * reading logs. Where the reader is slow lines are dropped, and where it has gone (`npm start | head -1`) all of them.
 * pino's own destination waits for ever in its last write, for a reader that is stuck and for one that has gone.
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
 * A thread that waits in a write keeps the process from ending. Node makes a pipe fit for it when it is first asked for
 * it; a terminal it writes to in the other way, so that is opened once more.
 */
function openWithoutBlocking(): number {
  if (!process.stdout.isTTY) return 1;
  try {
    return openSync('/dev/fd/1', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return 1;
  }
}
