import type { Excerpt } from './report.ts';

/** The length of the excerpt of a long line, in UTF-16 units. */
const WIDTH = 120;
const BEFORE = 60;

/** @param end after the last character; start and end count from 0 in the line */
export function cutLine(line: string, start: number, end: number): Excerpt {
  const last = Math.max(Math.min(end, line.length), start + 1);
  if (line.length <= WIDTH) return { text: line, start, end: last };
  const from = Math.max(0, Math.min(start - BEFORE, line.length - WIDTH));
  const to = Math.min(line.length, from + WIDTH);
  const lead = from > 0 ? '…' : '';
  const text = `${lead}${line.slice(from, to)}${to < line.length ? '…' : ''}`;
  const shift = lead.length - from;
  return { text, start: start + shift, end: Math.max(Math.min(last, to), start + 1) + shift };
}
