// A screen of letters as a picture that any browser shows, with the letters as text.

/** @typedef {import('./screen.js').Screen} Screen */
/** @typedef {import('./screen.js').Cell} Cell */
/** @typedef {import('./screen.js').Highlight} Highlight */

/** Of one cell, in pixels. */
const CELL = { width: 8.4, height: 19, baseline: 14 };
const MARGIN = 12;
const FONT = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';

/** @param {Screen} screen */
export function toSvg(screen) {
  const columns = screen.rows[0]?.length ?? 0;
  const width = round(columns * CELL.width + 2 * MARGIN);
  const height = screen.rows.length * CELL.height + 2 * MARGIN;
  const parts = screen.rows.flatMap((row, index) => {
    const top = MARGIN + index * CELL.height;
    return listRuns(row).map((run) => renderRun(run, top, screen));
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family='${FONT}' font-size="14">
<rect width="100%" height="100%" rx="6" fill="${colorOf(screen.colors.background)}"/>
${parts.filter((part) => part !== '').join('\n')}
</svg>
`;
}

/** Cells beside each other that look the same. @param {readonly Cell[]} row */
function listRuns(row) {
  /** @type {{ start: number, length: number, text: string, highlight: number }[]} */
  const runs = [];
  for (const [start, { text, highlight }] of row.entries()) {
    const last = runs.at(-1);
    if (last?.highlight === highlight) {
      last.text += text;
      last.length += 1;
    } else runs.push({ start, length: 1, text, highlight });
  }
  return runs;
}

/** @param {ReturnType<typeof listRuns>[number]} run @param {number} top @param {Screen} screen */
function renderRun({ start, length, text, highlight }, top, { highlights, colors }) {
  const look = highlights.get(highlight) ?? {};
  const { foreground, background } = colorsOf(look, colors);
  const x = round(MARGIN + start * CELL.width);
  const width = round(length * CELL.width);
  const ground =
    background === colors.background
      ? ''
      : `<rect x="${x}" y="${top}" width="${width}" height="${CELL.height}" fill="${colorOf(background)}"/>`;
  const line = renderLine(look, { x, top, width, color: look.special ?? foreground });
  return ground + renderText(text, { start, top, color: foreground, look }) + line;
}

/** @param {string} text @param {{ start: number, top: number, color: number, look: Highlight }} place */
function renderText(text, { start, top, color, look }) {
  const written = text.trimEnd();
  const shown = written.trimStart();
  if (shown === '') return '';
  const x = round(MARGIN + (start + written.length - shown.length) * CELL.width);
  const style = `${look.bold ? ' font-weight="bold"' : ''}${look.italic ? ' font-style="italic"' : ''}`;
  // Whatever the width of the reader's font: the letters keep to their cells.
  const width = round(shown.length * CELL.width);
  return `<text x="${x}" y="${top + CELL.baseline}" fill="${colorOf(color)}" textLength="${width}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"${style}>${escapeText(shown)}</text>`;
}

/** @param {Highlight} look @param {{ x: number, top: number, width: number, color: number }} place */
function renderLine({ underline, undercurl }, { x, top, width, color }) {
  if (!underline && !undercurl) return '';
  const y = top + CELL.baseline + 3;
  return `<path d="M${x} ${y}h${width}" stroke="${colorOf(color)}"${undercurl ? ' stroke-dasharray="2 1"' : ''}/>`;
}

/** @param {Highlight} look @param {Screen['colors']} colors */
function colorsOf({ foreground, background, reverse }, colors) {
  const usual = { foreground: foreground ?? colors.foreground, background: background ?? colors.background };
  return reverse ? { foreground: usual.background, background: usual.foreground } : usual;
}

/** @param {number} color */
function colorOf(color) {
  return `#${color.toString(16).padStart(6, '0')}`;
}

/** @param {string} text */
function escapeText(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** @param {number} number */
function round(number) {
  return Math.round(number * 10) / 10;
}
