/** The width of the help texts. */
const WIDTH = 120;

/** Wraps a text. Its lines begin in the column after `indent` characters. */
export function wrapHelp(text: string, indent: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    const isFull = last.length + 1 + word.length > WIDTH - indent;
    if (isFull) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
