import { indexLines } from '../check/lines.ts';
import { readDocuments } from '../check/read.ts';
import { readTree } from '../check/tree.ts';

/** Replaces a value that is being typed. As for any variable, its value is unknown. */
const UNFINISHED = '"{{ unfinished }}"';

/** Longer documents are evaluated only while they can be parsed: each attempt takes as long as parsing. */
const MAX_LENGTH = 512 * 1024;

/**
 * The text without the parts that make it unreadable: a value that is being typed becomes unknown, and a line that is
 * no field yet becomes empty. All lines keep their position, so that findings in the other lines are at the right
 * place.
 * @param editedLine the line that was changed last, from 0, which is usually the unfinished one
 * @returns undefined where that is not enough, or nothing is wrong
 */
export function repair(text: string, editedLine: number | undefined): string | undefined {
  const lines = indexLines(text);
  let repaired = '';
  let at = 0;
  for (const { problem, start, end } of readDocuments(text)) {
    if (problem === undefined) continue;
    const fault = lines.at(problem.start).line - 1;
    const first = lines.at(start).line - 1;
    const part = repairPart(
      text.slice(start, end),
      [editedLine, fault, fault - 1].flatMap((line) => (line === undefined ? [] : line - first)),
    );
    if (part === undefined) return undefined;
    repaired += text.slice(at, start) + part;
    at = end;
  }
  return at === 0 ? undefined : repaired + text.slice(at);
}

/** A key with a value, or an item of a list with a value; without brackets. */
const VALUE = /^(\s*(?:- +)*[^\s#'"{[][^:#]*:|\s*-) +(?![[{])\S.*?(\r?)$/;

/** The replacements of a line to try, the best one first. */
function listTrials(line: string): readonly string[] {
  return [line.replace(VALUE, `$1 ${UNFINISHED}$2`), closeBrackets(line), ''].filter((each) => each !== line);
}

/** Closes a list or a map in brackets. Whether more items follow hardly matters. */
function closeBrackets(line: string): string {
  const open: string[] = [];
  for (const [character] of line.matchAll(/"[^"]*"|'[^']*'|[[\]{}]/g)) {
    if (character === '[') open.push(']');
    else if (character === '{') open.push('}');
    else if (character === open.at(-1)) open.pop();
  }
  const end = line.endsWith('\r') ? '\r' : '';
  return line.trimEnd() + open.reverse().join('') + end;
}

function repairPart(text: string, lineNumbers: readonly number[]): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const lines = text.split('\n');
  for (const lineNumber of new Set(lineNumbers)) {
    const line = lines[lineNumber];
    if (line === undefined || line.trim() === '') continue;
    for (const instead of listTrials(line)) {
      const tried = lines.with(lineNumber, instead).join('\n');
      if (!('problem' in readTree(tried))) return tried;
    }
  }
  return undefined;
}
