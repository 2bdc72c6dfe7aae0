import fc from 'fast-check';

const CODE_POINT = fc
  .oneof(fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((point) => String.fromCodePoint(point));

/** Names that every object inherits. */
const INHERITED = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'];

/** Any text, like fast-check's unit `binary`, which takes a second of CPU before its first string. */
export function anyText(maxLength = 20): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 19, arbitrary: fc.string({ unit: CODE_POINT, maxLength }) },
    { weight: 1, arbitrary: fc.constantFrom(...INHERITED.filter((name) => name.length <= maxLength)) },
  );
}
