const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Every smaller code is a blank too, outside of strings. */
const SPACE = 0x20;

/**
 * JSON.parse, and correct where a key is written with an escape. V8 in Node.js 24 and 26 can read such a key as
 * another key that it has read before and that begins with the same characters (nodejs/node#63785): after a map with
 * the key `over\` it may read `"over\u006cay"` as `over\` too, even when the maps are in different texts. So one
 * review could change how the next one is read. Keys without an escape, and strings that are no keys, are always read
 * correctly.
 *
 * `text` must not be nested more than some thousand levels deep.
 * @throws SyntaxError where JSON.parse throws
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return hasEscapedKey(text) ? readValid(text) : value;
}

/** For valid JSON. Kubernetes escapes a key only where it has a quote, a backslash or a character like `<`. */
function hasEscapedKey(text: string): boolean {
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at)) {
    at = endOfString(text, at);
    if (text[skipBlanks(text, at)] === ':') return true;
  }
  return false;
}

/** Reads valid JSON without JSON.parse of a map. */
function readValid(text: string): unknown {
  let at = skipBlanks(text, 0);

  function readValue(): unknown {
    if (text[at] === '{') return readMap();
    if (text[at] === '[') return readList();
    return text[at] === '"' ? readString() : readLiteral();
  }

  function readMap(): unknown {
    const map: Record<string, unknown> = {};
    skip();
    while (text[at] !== '}') {
      const key = readString();
      at = skipBlanks(text, at);
      skip();
      setKey(map, key, readValue());
      skipToNext();
    }
    at += 1;
    return map;
  }

  function readList(): unknown {
    const items: unknown[] = [];
    skip();
    while (text[at] !== ']') {
      items.push(readValue());
      skipToNext();
    }
    at += 1;
    return items;
  }

  function readString(): string {
    const start = at;
    at = endOfString(text, start + 1);
    const written = text.slice(start, at);
    return written.includes('\\') ? JSON.parse(written) : written.slice(1, -1);
  }

  function readLiteral(): unknown {
    const start = at;
    while (at < text.length && !',]} \t\n\r'.includes(text.charAt(at))) at += 1;
    return JSON.parse(text.slice(start, at));
  }

  /** Moves after a bracket, a colon or a comma, and the blanks after it. */
  function skip(): void {
    at = skipBlanks(text, at + 1);
  }

  function skipToNext(): void {
    at = skipBlanks(text, at);
    if (text[at] === ',') skip();
  }

  return readValue();
}

/** An assignment to `__proto__`, a key like any other, would change the prototype of the map. */
function setKey(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') map[key] = value;
  else Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
}

/** The position after the closing quote of the string at `at`. */
function endOfString(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) !== QUOTE) end += text.charCodeAt(end) === BACKSLASH ? 2 : 1;
  return end + 1;
}

function skipBlanks(text: string, at: number): number {
  let next = at;
  while (text.charCodeAt(next) <= SPACE) next += 1;
  return next;
}
