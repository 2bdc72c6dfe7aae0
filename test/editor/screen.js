// The screen of a Neovim: Neovim tells a program what to draw, by the protocol that its
// graphical front ends use, and this keeps it.
import { spawn } from 'node:child_process';
import { decodeMultiStream, encode } from '@msgpack/msgpack';

/** The types of messages of MessagePack-RPC. */
const REQUEST = 0;
const RESPONSE = 1;

/**
 * @typedef {object} Highlight colours as 24-bit numbers, undefined where the screen's own counts
 * @property {number} [foreground]
 * @property {number} [background]
 * @property {number} [special] of the line below the text
 * @property {boolean} [reverse]
 * @property {boolean} [bold]
 * @property {boolean} [italic]
 * @property {boolean} [underline]
 * @property {boolean} [undercurl]
 */
/** @typedef {{ text: string, highlight: number }} Cell the second cell of a wide character has no text */
/** @typedef {object} Screen
 * @property {Cell[][]} rows
 * @property {Map<number, Highlight>} highlights
 * @property {{ foreground: number, background: number }} colors
 */

/**
 * @param {object} options
 * @param {readonly string[]} options.args of Neovim
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} options.env
 * @param {number} options.columns
 * @param {number} options.lines
 */
export async function startNeovim({ args, cwd, env, columns, lines }) {
  const child = spawn('nvim', ['--embed', ...args], { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
  /** @type {Map<number, { resolve(value: unknown): void, reject(error: Error): void }>} */
  const waiting = new Map();
  const screen = createScreen(columns, lines);
  let count = 0;

  /** @param {string} method @param {readonly unknown[]} params @returns {Promise<unknown>} */
  const call = (method, ...params) =>
    new Promise((resolve, reject) => {
      count += 1;
      waiting.set(count, { resolve, reject });
      child.stdin.write(encode([REQUEST, count, method, params]));
    });
  const ended = readMessages();
  await call('nvim_ui_attach', columns, lines, { rgb: true, ext_linegrid: true });
  return {
    screen,
    /** @param {string} code @param {readonly unknown[]} params */
    lua: (code, ...params) => call('nvim_exec_lua', code, params),
    /** @param {string} keys */
    type: (keys) => call('nvim_input', keys),
    stop: async () => {
      // Whatever it asks is given up first.
      await call('nvim_input', '<Esc>');
      child.stdin.write(encode([REQUEST, 0, 'nvim_command', ['quitall!']]));
      await ended;
    },
  };

  async function readMessages() {
    for await (const message of decodeMultiStream(child.stdout)) {
      const [type, ...rest] = /** @type {[number, ...any[]]} */ (message);
      if (type === RESPONSE) answer(rest);
      else if (rest[0] === 'redraw') for (const event of rest[1]) draw(screen, event);
    }
    for (const { reject } of waiting.values()) reject(new Error('Neovim has ended'));
  }

  /** @param {any[]} message */
  function answer([id, error, result]) {
    if (error === null) waiting.get(id)?.resolve(result);
    else waiting.get(id)?.reject(new Error(String(error[1] ?? error)));
    waiting.delete(id);
  }
}

/** @param {number} columns @param {number} lines @returns {Screen} */
function createScreen(columns, lines) {
  return {
    rows: Array.from({ length: lines }, () => emptyRow(columns)),
    highlights: new Map(),
    colors: { foreground: 0xffffff, background: 0 },
  };
}

/** @param {number} columns @returns {Cell[]} */
function emptyRow(columns) {
  return Array.from({ length: columns }, () => ({ text: ' ', highlight: 0 }));
}

/** What `:help ui-linegrid` says of each event. @param {Screen} screen @param {any[]} event */
function draw(screen, [name, ...calls]) {
  for (const values of calls) {
    if (name === 'default_colors_set') {
      screen.colors = { foreground: values[0], background: values[1] };
    } else if (name === 'hl_attr_define') screen.highlights.set(values[0], values[1]);
    else if (name === 'grid_clear') {
      for (const row of screen.rows) row.splice(0, row.length, ...emptyRow(row.length));
    } else if (name === 'grid_line') drawLine(screen, values);
    else if (name === 'grid_scroll') scroll(screen, values);
  }
}

/** @param {Screen} screen @param {any[]} values */
function drawLine({ rows }, [, row, start, cells]) {
  let column = start;
  let highlight = 0;
  for (const [text, changed = highlight, repeat = 1] of cells) {
    highlight = changed;
    for (let times = 0; times < repeat; times += 1, column += 1) rows[row][column] = { text, highlight };
  }
}

/** @param {Screen} screen @param {any[]} values */
function scroll({ rows }, [, top, bottom, left, right, by]) {
  const before = rows.map((row) => [...row]);
  for (let row = top; row < bottom; row += 1) {
    const from = row + by;
    if (from < top || from >= bottom) continue;
    for (let column = left; column < right; column += 1) rows[row][column] = before[from][column];
  }
}
