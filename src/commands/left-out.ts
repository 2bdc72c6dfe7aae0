import { count } from '../check/report.ts';
import { escapePath } from '../policy/message.ts';

/** Paths that were not read, and why, in the order in which they were met. */
export interface LeftOut {
  add(path: string, why: string): void;
  /** Lines for standard error; empty where there is none. */
  describe(): string;
}

/** Beyond it they are only counted. */
const MAX_LEFT_OUT = 10;

export function createLeftOut(): LeftOut {
  const lines: string[] = [];
  return {
    add: (path, why) => {
      lines.push(`calico-admission: not read: ${escapePath(path)}: ${why}\n`);
    },
    describe: () => {
      const more = lines.length - MAX_LEFT_OUT;
      const rest = more > 0 ? [`calico-admission: not read: ${count(more, 'more path')}\n`] : [];
      return [...lines.slice(0, MAX_LEFT_OUT), ...rest].join('');
    },
  };
}
