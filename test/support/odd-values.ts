/** Values that a rule about a string must not report, and must not throw on. */
export const OTHER_TYPES: readonly { readonly name: string; readonly value: unknown }[] = [
  { name: 'null', value: null },
  { name: 'nothing', value: undefined },
  { name: 'a number', value: 7 },
  { name: 'true', value: true },
  { name: 'a list', value: ['bird'] },
  { name: 'a map', value: { enabled: true } },
];

/** Texts that no field with a list of words accepts, and that must not break a message. */
export const STRANGE_TEXTS: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'a blank', text: ' ' },
  { name: 'half a megabyte', text: 'x'.repeat(500_000) },
  { name: 'a line break and a semicolon', text: 'a;\nb' },
  { name: 'quotes and backslashes', text: '"\\"'.repeat(40) },
  { name: 'an emoji', text: '🐯'.repeat(50) },
  { name: 'half a surrogate pair', text: '\ud83d' },
  { name: 'right-to-left override', text: '\u202eenon' },
  { name: 'a name of Object.prototype', text: 'constructor' },
];
