import { ratio } from './measure.ts';
import type { Report } from './report.ts';
import { BARE } from './setup.ts';

const WIDTH = 640;
const BAR = 22;
const LABEL = 150;
const COLOURS = ['#1f6feb', '#8b949e', '#c9d1d9'];

/** Bars of the CPU that each server takes for a review, bare Fastify being 1. */
export function renderCharts(report: Report): string {
  const parts: string[] = [];
  let y = 28;
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
        `<text x="${(LABEL + value * scale + 6).toFixed(1)}" y="${y + 14}">${value.toFixed(2)}</text>`,
      );
      y += BAR;
    }
    y += 24;
  }
  const one = LABEL + scale;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#ffffff"/>
<line x1="${one.toFixed(1)}" y1="8" x2="${one.toFixed(1)}" y2="${y - 16}" stroke="#d0d7de" stroke-dasharray="4 3"/>
${parts.join('\n')}
</svg>
`;
}
