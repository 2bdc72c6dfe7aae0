/**
 * The regular expression that is probably meant by a shell glob such as `eth*`: in a regular expression the star
 * repeats the letter before it, so that it matches everything with `et`. Undefined where the pattern is no glob.
 */
export function meantByGlob(pattern: string): string | undefined {
  const name = /^\^?([A-Za-z0-9_-]+)\*\$?$/.exec(pattern)?.[1];
  return name === undefined ? undefined : `^${name}.*`;
}
