/** As wide as the help of a command is. */
const WIDTH = 120;

/** The text in lines that go on under its first word, which stands behind so many characters. */
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
