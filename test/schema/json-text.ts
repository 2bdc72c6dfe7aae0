import fc from 'fast-check';

/** JSON as it may be written, with keys that come twice. */
export type Written =
  | { readonly type: 'scalar'; readonly text: string }
  | { readonly type: 'list'; readonly items: readonly Written[] }
  | { readonly type: 'map'; readonly entries: readonly (readonly [WrittenKey, Written])[] };

export interface WrittenKey {
  readonly name: string;
  /** The key between its quotes; another spelling of the same name counts as the same key. */
  readonly text: string;
}

/** Every sign as \uXXXX. */
export function escapeAll(text: string): string {
  return [...Array(text.length).keys()]
    .map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}

function plain(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** JSON of maps, lists and scalars; `names` are the keys, few enough to come twice. */
export function written(names: readonly string[]): fc.Arbitrary<Written> {
  const key = fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(plain, plain, escapeAll))
    .map(([name, spell]): WrittenKey => ({ name, text: spell(name) }));
  const scalar = fc
    .oneof(
      fc.constantFrom(
        'null',
        'true',
        '-0.5e3',
        '""',
        '"{\\"a\\":[1,"',
        '"\\\\"',
        '"]}"',
        '"\\\\\\""',
        '":,"',
      ),
      fc.string().map((text) => JSON.stringify(text)),
    )
    .map((text): Written => ({ type: 'scalar', text }));
  return fc.letrec<{ value: Written }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }).map((items): Written => ({ type: 'list', items })),
      {
        weight: 3,
        arbitrary: fc
          .array(fc.tuple(key, tie('value')), { maxLength: 4 })
          .map((entries): Written => ({ type: 'map', entries })),
      },
    ),
  })).value;
}

/** As text, with the given white space wherever white space may be. */
export function print(value: Written, space: string): string {
  const join = (parts: string[]) => parts.join(`${space},${space}`);
  if (value.type === 'scalar') return value.text;
  if (value.type === 'list') {
    return `[${space}${join(value.items.map((item) => print(item, space)))}${space}]`;
  }
  const entries = value.entries.map(([key, item]) => `"${key.text}"${space}:${space}${print(item, space)}`);
  return `{${space}${join(entries)}${space}}`;
}

export const whiteSpace = fc.constantFrom('', ' ', '\n\t', '\r\n  ');

/** The parsed value: of a key written twice, the last one counts. Only scalars are left to JSON.parse. */
export function valueIn(tree: Written): unknown {
  if (tree.type === 'scalar') return JSON.parse(tree.text);
  if (tree.type === 'list') return tree.items.map(valueIn);
  return Object.fromEntries(tree.entries.map(([key, item]) => [key.name, valueIn(item)]));
}
