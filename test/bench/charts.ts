import { ratio } from './measure.ts';
import type { Growth, Report } from './report.ts';
import { BARE } from './setup.ts';

const WIDTH = 640;
const BAR = 22;
const LABEL = 150;
const COLOURS = ['#1f6feb', '#8b949e', '#c9d1d9', '#d4a72c'];

/** Bars of the CPU that each server takes for a review, bare Fastify being 1. */
export function renderCharts(report: Report): string {
  const parts: string[] = [];
  let y = 64;
  const bars = report.loads.map(({ payload, measured }) => {
    const bare = measured.find(({ server }) => server === BARE);
    const list = measured.map((each) => ({
      server: each.server,
      value: bare ? ratio(each, bare, 'cpu') : 0,
    }));
    return { payload, list };
  });
  const most = Math.max(1, ...bars.flatMap(({ list }) => list.map(({ value }) => value)));
  const scale = (WIDTH - LABEL - 70) / most;
  for (const { payload, list } of bars) {
    parts.push(`<text x="8" y="${y}" font-weight="bold">${payload}</text>`);
    y += 8;
    for (const [index, { server, value }] of list.entries()) {
      parts.push(
        `<text x="16" y="${y + 15}">${server}</text>`,
        `<rect x="${LABEL}" y="${y}" width="${(value * scale).toFixed(1)}" height="${BAR - 4}" fill="${COLOURS[index] ?? '#8b949e'}"/>`,
        // On white, so that the line at 1 does not strike it through.
        `<rect x="${(LABEL + value * scale + 3).toFixed(1)}" y="${y}" width="34" height="${BAR - 4}" fill="#ffffff"/>`,
        `<text x="${(LABEL + value * scale + 6).toFixed(1)}" y="${y + 14}">${value.toFixed(2)}</text>`,
      );
      y += BAR;
    }
    y += 24;
  }
  const one = LABEL + scale;
  const ticks = Array.from({ length: Math.floor(most / 0.5) + 1 }, (_, index) => index * 0.5);
  const axis = ticks.map((tick) => {
    const x = (LABEL + tick * scale).toFixed(1);
    return `<line x1="${x}" y1="${y - 20}" x2="${x}" y2="${y - 15}" stroke="#57606a"/><text x="${x}" y="${y - 2}" text-anchor="middle">${tick.toFixed(1)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y + 28}" viewBox="0 0 ${WIDTH} ${y + 28}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="8" y="20" font-size="15" font-weight="bold">CPU time of a review, relative to bare Fastify</text>
<text x="8" y="37" fill="#57606a">the dashed line is bare Fastify (1.00); less is better</text>
<line x1="${one.toFixed(1)}" y1="46" x2="${one.toFixed(1)}" y2="${y - 20}" stroke="#d0d7de" stroke-dasharray="4 3"/>
<line x1="${LABEL}" y1="${y - 20}" x2="${WIDTH - 20}" y2="${y - 20}" stroke="#57606a"/>
${axis.join('\n')}
${parts.join('\n')}
<text x="${(LABEL + WIDTH - 20) / 2}" y="${y + 18}" text-anchor="middle">CPU time, as a multiple of that of bare Fastify</text>
</svg>
`;
}

const PANEL = 320;
const PLOT = 180;
const MARGIN = 60;
const HEAD = 52;
/** Room below a plot, for the sizes and their unit, and the title of the next panel. */
const FOOT = 76;
/** Letters that a line runs into are drawn on white. */
const ON_WHITE = 'paint-order="stroke" stroke="#ffffff" stroke-width="4" stroke-linejoin="round"';

/**
 * CPU against size, one panel for each table of growth, both axes logarithmic: what grows in proportion is as steep as
 * the dashed line, and what costs the same for any size is level.
 */
export function renderGrowth({ growth }: Report): string {
  const rows = Math.ceil(growth.length / 2);
  const [width, height] = [2 * PANEL, HEAD + rows * (PLOT + FOOT)];
  const panels = growth.map((each, index) => {
    const [x, y] = [(index % 2) * PANEL, HEAD + Math.floor(index / 2) * (PLOT + FOOT)];
    return `<g transform="translate(${x} ${y})">${renderPanel(each)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="8" y="20" font-size="15" font-weight="bold">CPU time of a review, by what grows (both axes are logarithmic)</text>
<line x1="8" y1="34" x2="36" y2="34" stroke="${COLOURS[0]}" stroke-width="2"/><text x="42" y="38">measured</text>
<line x1="112" y1="34" x2="140" y2="34" stroke="#8b949e" stroke-dasharray="4 3"/><text x="146" y="38">in proportion to what grows</text>
${panels.join('\n')}
</svg>
`;
}

function renderPanel({ title, unit, rows }: Growth): string {
  // A logarithm has no place for zero.
  const points = rows.filter(({ size }) => size > 0);
  const [first, last] = [points.at(0), points.at(-1)];
  if (first === undefined || last === undefined) return '';
  const costs = points.map(({ cpu }) => cpu);
  const [least, most] = [Math.min(...costs) / 2, Math.max(...costs) * 2];
  const wide = PANEL - MARGIN - 24;
  const across = (size: number) =>
    MARGIN + (wide * Math.log(size / first.size)) / Math.log(last.size / first.size);
  const up = (cpu: number) => 24 + PLOT * (1 - Math.log(cpu / least) / Math.log(most / least));
  const line = points.map(({ size, cpu }) => `${across(size).toFixed(1)},${up(cpu).toFixed(1)}`).join(' ');
  // In proportion, up to the last point, and no lower than the panel.
  const from = Math.max(first.size, (last.size * least) / last.cpu);
  const labels = points.map(({ size, cpu }) => {
    const [x, y] = [across(size), up(cpu)];
    // Within the frame, also at its edges.
    const [anchor, shift] =
      size === first.size ? ['start', 5] : size === last.size ? ['end', -5] : ['middle', 0];
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="${COLOURS[0]}"/><text x="${x.toFixed(1)}" y="${PLOT + 40}" text-anchor="middle">${size}</text><text x="${(x + shift).toFixed(1)}" y="${(y - 9).toFixed(1)}" text-anchor="${anchor}" ${ON_WHITE}>${cpu.toFixed(2)}</text>`;
  });
  const scale = listTicks(least, most).map((tick) => {
    const y = up(tick).toFixed(1);
    return `<line x1="${MARGIN - 4}" y1="${y}" x2="${MARGIN}" y2="${y}" stroke="#57606a"/><text x="${MARGIN - 7}" y="${(up(tick) + 4).toFixed(1)}" text-anchor="end">${tick}</text>`;
  });
  return `<text x="8" y="14" font-weight="bold">${title}</text>
<rect x="${MARGIN}" y="24" width="${wide}" height="${PLOT}" fill="none" stroke="#d0d7de"/>
${scale.join('')}
<line x1="${across(from).toFixed(1)}" y1="${up((last.cpu * from) / last.size).toFixed(1)}" x2="${across(last.size).toFixed(1)}" y2="${up(last.cpu).toFixed(1)}" stroke="#8b949e" stroke-dasharray="4 3"/>
<polyline points="${line}" fill="none" stroke="${COLOURS[0]}" stroke-width="2"/>
${labels.join('')}
<text x="${MARGIN + wide / 2}" y="${PLOT + 58}" text-anchor="middle">${unit}</text>
<text x="14" y="${24 + PLOT / 2}" text-anchor="middle" transform="rotate(-90 14 ${24 + PLOT / 2})">CPU time, ms</text>`;
}

/** Round numbers of a logarithmic axis: 1, 2 and 5 of each power of ten, or the powers alone where that is many. */
function listTicks(least: number, most: number): number[] {
  const powers = Array.from({ length: 10 }, (_, index) => index - 4);
  const ticks = powers.flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
  const within = ticks.filter((tick) => tick >= least && tick <= most);
  return within.length > 6 ? within.filter((tick) => String(tick).includes('1')) : within;
}
