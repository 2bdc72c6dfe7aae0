/**
 * What was most likely meant by a pattern that is written as a glob of a shell, such as `eth*`: in a regular expression
 * the star repeats the letter before it, so that it matches wherever `et` stands. Undefined where it is none.
 */
export function meantByGlob(pattern: string): string | undefined {
  const name = /^\^?([A-Za-z0-9_-]+)\*\$?$/.exec(pattern)?.[1];
  return name === undefined ? undefined : `^${name}.*`;
}
