import { count } from '../check/report.ts';
import { escapePath } from '../policy/message.ts';

/** Paths that were not read, with the reasons, in the order in which they were found. */
export interface LeftOut {
  add(path: string, why: string): void;
  /** Lines for standard error. Empty where there is none. */
  describe(): string;
}

/** More paths are only counted. */
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
