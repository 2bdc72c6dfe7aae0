// Types only: what this file loads is loaded while issue.ts is being replaced.
import type { KeyPair } from '../../src/tls/issue.ts';

type Issue = typeof import('../../src/tls/issue.ts');

/**
 * For vi.mock of issue.ts where keys take most of the time and are not what is looked at: two of each kind, used by
 * turns, so that what was made before and what is made after never fit together by accident.
 */
export async function byTurns(importOriginal: () => Promise<unknown>): Promise<Issue> {
  const real = (await importOriginal()) as Issue;
  const made = new Map<string, Promise<KeyPair>>();
  const turns = { authority: 0, serving: 0 };
  const memo = (key: string, make: () => Promise<KeyPair>) => {
    const pair = made.get(key) ?? make();
    made.set(key, pair);
    return pair;
  };
  return {
    ...real,
    issueAuthority: (options) =>
      memo(`${options.now().getTime()} ${turns.authority++ % 2}`, () => real.issueAuthority(options)),
    issueServing: (options) =>
      memo(`${options.authority.cert}${options.now().getTime()} ${options.sans} ${turns.serving++ % 2}`, () =>
        real.issueServing(options),
      ),
  };
}
