import type { Dashboard, Panel, Target } from '../monitoring/dashboard-file.ts';
import { FROM_HOUR, type SampleSeries, type Samples, TO_HOUR } from './dashboard-samples.ts';
import { formatValue, niceTicks } from './dashboard-units.ts';

// Draws Grafana's dark theme as SVG: a picture of what an operator gets, made from the dashboard itself, so that it
// never shows a panel that is not there.
const WIDTH = 1440;
const MARGIN = 16;
const HEADER = 76;
const GAP = 8;
/** Height of a grid row of Grafana, without the gap. */
const CELL = 30;
const POINTS = 144;

const THEME = {
  canvas: '#111217',
  panel: '#181b1f',
  border: '#2c2f36',
  grid: '#2a2d33',
  text: '#ccccdc',
  muted: '#9a9ba6',
  pill: '#22252b',
  note: '#ffb357',
} as const;

const NAMED: Readonly<Record<string, string>> = {
  green: '#73bf69',
  yellow: '#fade2a',
  orange: '#ff9830',
  red: '#f2495c',
  blue: '#5794f2',
  purple: '#b877d9',
  text: THEME.text,
};
const PALETTE = [
  '#73bf69',
  '#f2cc0c',
  '#8ab8ff',
  '#ff780a',
  '#f2495c',
  '#5794f2',
  '#b877d9',
  '#6fd3d6',
] as const;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Line {
  readonly name: string;
  readonly color: string;
  readonly values: readonly number[];
}

export function drawDashboard(dashboard: Dashboard, samples: Samples): string {
  const bottom = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  const height = HEADER + bottom * (CELL + GAP) + MARGIN;
  const panels = dashboard.panels.map((panel) => drawPanel(panel, samples));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="Inter, 'Helvetica Neue', Helvetica, Arial, sans-serif" font-size="12">
<title>${escapeXml(dashboard.title)}: the dashboard with sample data</title>
<rect width="${WIDTH}" height="${height}" fill="${THEME.canvas}"/>
${drawHeader(dashboard)}
${panels.join('\n')}
</svg>
`;
}

function drawHeader(dashboard: Dashboard): string {
  const pills: string[] = [];
  let x = MARGIN;
  for (const { label, name } of dashboard.templating.list) {
    const value = name === 'datasource' ? 'Prometheus' : 'All';
    const [labelWidth, valueWidth] = [textWidth(label) + 16, textWidth(value) + 32];
    pills.push(
      `<rect x="${x}" y="44" width="${labelWidth}" height="24" rx="2" fill="${THEME.pill}"/>`,
      text(x + 8, 60, label, { weight: 500 }),
      `<rect x="${x + labelWidth}.5" y="44.5" width="${valueWidth - 1}" height="23" rx="2" fill="${THEME.canvas}" stroke="${THEME.border}"/>`,
      text(x + labelWidth + 8, 60, value),
      `<path d="M${x + labelWidth + valueWidth - 18} 54l4 4l4 -4" fill="none" stroke="${THEME.muted}" stroke-width="1.5"/>`,
    );
    x += labelWidth + valueWidth + 12;
  }
  const note = 'Sample data: made-up numbers, drawn from the dashboard in manifests/monitoring';
  const noteWidth = textWidth(note) + 24;
  return [
    text(MARGIN, 28, dashboard.title, { size: 18, weight: 500 }),
    ...pills,
    text(WIDTH - MARGIN, 28, 'Last 6 hours', { anchor: 'end', fill: THEME.muted }),
    `<rect x="${WIDTH - MARGIN - noteWidth + 0.5}" y="44.5" width="${noteWidth - 1}" height="23" rx="2" fill="none" stroke="${THEME.note}" stroke-opacity="0.6"/>`,
    text(WIDTH - MARGIN - noteWidth / 2, 60, note, { anchor: 'middle', fill: THEME.note }),
  ].join('\n');
}

function drawPanel(panel: Panel, samples: Samples): string {
  const column = (WIDTH - 2 * MARGIN + GAP) / 24;
  const { x, y, w, h } = panel.gridPos;
  const box = {
    x: Math.round(MARGIN + x * column),
    y: HEADER + y * (CELL + GAP),
    width: Math.round(w * column - GAP),
    height: h * (CELL + GAP) - GAP,
  };
  if (panel.type === 'row') {
    return [
      `<path d="M${box.x + 2} ${box.y + 12}l5 5l5 -5" fill="none" stroke="${THEME.text}" stroke-width="1.5"/>`,
      text(box.x + 20, box.y + 19, panel.title, { size: 14, weight: 500 }),
    ].join('\n');
  }
  const frame = [
    `<g><title>${escapeXml(panel.description ?? panel.title)}</title>`,
    `<rect x="${box.x + 0.5}" y="${box.y + 0.5}" width="${box.width - 1}" height="${box.height - 1}" rx="3" fill="${THEME.panel}" stroke="${THEME.border}"/>`,
    text(box.x + 10, box.y + 21, panel.title, { size: 13, weight: 500 }),
  ];
  const body =
    panel.type === 'stat'
      ? drawStat(panel, box, samples)
      : panel.type === 'table'
        ? drawTable(panel, box, samples)
        : drawGraph(panel, box, samples);
  return [...frame, body, '</g>'].join('\n');
}

function drawStat(panel: Panel, box: Box, samples: Samples): string {
  const [target] = panel.targets ?? [];
  const [series] = target === undefined ? [] : seriesOf(panel, target, samples);
  if (series === undefined) return drawNoData(box);
  const value = series.at(TO_HOUR);
  const { unit, decimals, thresholds } = panel.fieldConfig?.defaults ?? {};
  const reached = (thresholds?.steps ?? []).filter((step) => step.value === null || value >= step.value);
  return text(box.x + box.width / 2, box.y + 88, formatValue(value, unit ?? 'short', decimals), {
    size: 38,
    weight: 500,
    anchor: 'middle',
    fill: NAMED[reached.at(-1)?.color ?? ''] ?? THEME.text,
  });
}

function drawTable(panel: Panel, box: Box, samples: Samples): string {
  const options = panel.transformations?.[0]?.options;
  if (options === undefined)
    throw new Error(`the table ${panel.title} does not say how its columns are called`);
  const fields = Object.keys(options.indexByName).sort(
    (a, b) => (options.indexByName[a] ?? 0) - (options.indexByName[b] ?? 0),
  );
  const rows = (panel.targets ?? []).flatMap((target) => seriesOf(panel, target, samples));
  const widths = fields.map((field) => textWidth(options.renameByName[field] ?? field) + 16);
  const spare = (box.width - 12 - widths.reduce((sum, width) => sum + width, 0)) / fields.length;
  const left = (index: number): number =>
    Math.round(box.x + 12 + widths.slice(0, index).reduce((sum, width) => sum + width + spare, 0));
  return [
    ...fields.map((field, index) =>
      text(left(index), box.y + 52, options.renameByName[field] ?? field, {
        fill: NAMED['blue'],
        weight: 500,
      }),
    ),
    `<path d="M${box.x + 8} ${box.y + 62}.5H${box.x + box.width - 8}" stroke="${THEME.border}"/>`,
    ...rows.flatMap((series, row) =>
      fields.map((field, index) => {
        const cell = field === 'Value' ? String(series.at(TO_HOUR)) : (series.labels[field] ?? '');
        return text(left(index), box.y + 84 + row * 26, cell);
      }),
    ),
  ].join('\n');
}

function drawGraph(panel: Panel, box: Box, samples: Samples): string {
  const lines = linesOf(panel, samples);
  if (lines.length === 0) return drawNoData(box);
  const { unit = 'short', decimals, custom, thresholds } = panel.fieldConfig?.defaults ?? {};
  const legend = layLegend(lines, box);
  const isStacked = custom?.stacking?.mode === 'normal';
  const stacked = isStacked ? stack(lines) : lines.map((line) => ({ line, base: line.values.map(() => 0) }));
  const tops = stacked.map(({ line, base }) => line.values.map((value, index) => value + (base[index] ?? 0)));
  const ticks = niceTicks(Math.max(...tops.flat()), unit, decimals === 0 ? 1 : 0);
  const top = ticks.at(-1) ?? 1;
  const labels = ticks.map((tick) => formatValue(tick, unit, decimals));
  const gutter = Math.max(...labels.map((label) => textWidth(label, 11))) + 18;
  const plot = {
    x: box.x + gutter,
    y: box.y + 38,
    width: box.width - gutter - 14,
    height: box.height - 38 - 22 - legend.height - 10,
  };
  const scaleX = (index: number): string => (plot.x + (index / (POINTS - 1)) * plot.width).toFixed(1);
  const scaleY = (value: number): string => (plot.y + plot.height - (value / top) * plot.height).toFixed(1);
  const opacity = (custom?.fillOpacity ?? 0) / 100;
  const shapes = stacked.map(({ line, base }, index) => {
    const upper = (tops[index] ?? []).map((value, at) => `${scaleX(at)} ${scaleY(value)}`);
    const lower = base.map((value, at) => `${scaleX(at)} ${scaleY(value)}`).reverse();
    return [
      `<path d="M${[...upper, ...lower].join('L')}Z" fill="${line.color}" fill-opacity="${opacity}"/>`,
      `<path d="M${upper.join('L')}" fill="none" stroke="${line.color}" stroke-width="1.2" stroke-linejoin="round"/>`,
    ].join('\n');
  });
  const limits =
    custom?.thresholdsStyle === undefined
      ? []
      : (thresholds?.steps ?? []).flatMap(({ value }, index, steps) => {
          const color = NAMED[steps[index - 1]?.color ?? ''];
          return value === null || color === undefined
            ? []
            : [
                `<path d="M${plot.x} ${scaleY(value)}h${plot.width}" stroke="${color}" stroke-dasharray="6 4" stroke-opacity="0.9"/>`,
              ];
        });
  return [
    ...ticks.map(
      (tick, index) =>
        `<path d="M${plot.x} ${scaleY(tick)}h${plot.width}" stroke="${THEME.grid}"/>${text(plot.x - 8, Number(scaleY(tick)) + 4, labels[index] ?? '', { size: 11, anchor: 'end', fill: THEME.muted })}`,
    ),
    drawHours(plot),
    ...shapes,
    ...limits,
    legend.drawing,
  ].join('\n');
}

/** Full hours, as many as have room. */
function drawHours(plot: Box): string {
  const every = plot.width < 400 ? 2 : 1;
  const hours = Array.from(
    { length: (TO_HOUR - FROM_HOUR) / every + 1 },
    (_, index) => FROM_HOUR + index * every,
  );
  return hours
    .map((hour) => {
      const x = (plot.x + ((hour - FROM_HOUR) / (TO_HOUR - FROM_HOUR)) * plot.width).toFixed(1);
      const anchor = hour === TO_HOUR ? 'end' : 'middle';
      const label = `${String(hour).padStart(2, '0')}:00`;
      return `<path d="M${x} ${plot.y}v${plot.height}" stroke="${THEME.grid}"/>${text(Number(x), plot.y + plot.height + 16, label, { size: 11, anchor, fill: THEME.muted })}`;
    })
    .join('\n');
}

/** One entry after the other, as many lines as it takes, from the bottom of the panel up. */
function layLegend(lines: readonly Line[], box: Box): { readonly height: number; readonly drawing: string } {
  const rows: { readonly x: number; readonly line: Line }[][] = [[]];
  let x = box.x + 12;
  for (const line of lines) {
    const width = 20 + textWidth(line.name, 11.5) + 16;
    if (x + width > box.x + box.width && rows.at(-1)?.length !== 0) {
      rows.push([]);
      x = box.x + 12;
    }
    rows.at(-1)?.push({ x, line });
    x += width;
  }
  const height = rows.length * 18;
  const drawing = rows.flatMap((row, index) => {
    const y = box.y + box.height - 8 - height + index * 18 + 12;
    return row.map(
      ({ x: left, line }) =>
        `<rect x="${left.toFixed(1)}" y="${y - 5}" width="14" height="3" rx="1.5" fill="${line.color}"/>${text(left + 20, y, line.name, { size: 11.5 })}`,
    );
  });
  return { height, drawing: drawing.join('\n') };
}

function linesOf(panel: Panel, samples: Samples): Line[] {
  const named = (panel.targets ?? []).flatMap((target) =>
    seriesOf(panel, target, samples).map((series) => ({ name: legendOf(target, series), series })),
  );
  const overrideOf = (name: string) =>
    panel.fieldConfig?.overrides.find(({ matcher }) => new RegExp(`^(${matcher.options})$`).test(name));
  return named.map(({ name, series }, index) => {
    const override = overrideOf(name);
    const before = named.slice(0, index).filter((other) => overrideOf(other.name) === override).length;
    const color = override?.properties.find(({ id }) => id === 'color')?.value;
    const fixed = NAMED[color?.fixedColor ?? ''];
    const values = Array.from({ length: POINTS }, (_, point) =>
      series.at(FROM_HOUR + (point / (POINTS - 1)) * (TO_HOUR - FROM_HOUR)),
    );
    const own = color?.mode === 'shades' && fixed !== undefined ? shade(fixed, before) : fixed;
    return { name, color: own ?? PALETTE[index % PALETTE.length] ?? THEME.text, values };
  });
}

/** A tone for each series of the same colour, by its place among them, as Grafana does. */
function shade(color: string, place: number): string {
  const factor = [1, 0.62, 0.8, 0.48][place % 4] ?? 1;
  const parts = [1, 3, 5].map((at) => Math.round(Number.parseInt(color.slice(at, at + 2), 16) * factor));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function seriesOf(panel: Panel, target: Target, samples: Samples): readonly SampleSeries[] {
  const series = samples[panel.title]?.[target.refId];
  if (series === undefined) {
    throw new Error(`no sample data for ${panel.title}, ${target.refId}; add it to dashboard-samples.ts`);
  }
  return series;
}

function legendOf(target: Target, series: SampleSeries): string {
  return target.legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => {
    const value = series.labels[label];
    if (value === undefined) throw new Error(`the sample of ${target.expr} has no label ${label}`);
    return value;
  });
}

function stack(lines: readonly Line[]): { readonly line: Line; readonly base: readonly number[] }[] {
  let base: readonly number[] = Array.from({ length: POINTS }, () => 0);
  return lines.map((line) => {
    const own = base;
    base = own.map((value, index) => value + (line.values[index] ?? 0));
    return { line, base: own };
  });
}

function drawNoData(box: Box): string {
  return text(box.x + box.width / 2, box.y + box.height / 2 + 10, 'No data', {
    size: 14,
    anchor: 'middle',
    fill: THEME.muted,
  });
}

interface TextStyle {
  readonly size?: number;
  readonly weight?: number;
  readonly anchor?: 'middle' | 'end';
  readonly fill?: string | undefined;
}

function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const attributes = [
    style.size === undefined ? '' : ` font-size="${style.size}"`,
    style.weight === undefined ? '' : ` font-weight="${style.weight}"`,
    style.anchor === undefined ? '' : ` text-anchor="${style.anchor}"`,
  ].join('');
  return `<text x="${round(x)}" y="${round(y)}" fill="${style.fill ?? THEME.text}"${attributes}>${escapeXml(content)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** About as wide as a sans-serif font sets it; there is no font here to measure with. */
function textWidth(content: string, size = 12): number {
  return Math.ceil(content.length * size * 0.56);
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
