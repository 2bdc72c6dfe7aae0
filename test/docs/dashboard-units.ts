/** A value as Grafana writes it in a unit; with as many digits as distinguish it from its neighbours on the axis. */
export function formatValue(value: number, unit: string, decimals?: number): string {
  if (unit.startsWith('suffix:')) return `${digits(value, decimals)}${unit.slice('suffix:'.length)}`;
  if (unit === 's') return formatSeconds(value, decimals);
  if (unit === 'bytes') return `${digits(value / 2 ** 20, decimals ?? 0)} MiB`;
  if (unit === 'reqps') return `${digits(value, decimals)} req/s`;
  if (unit === 'cpm') return `${digits(value, decimals)} c/m`;
  if (unit === 'short') return digits(value, decimals);
  throw new Error(`the picture of the dashboard knows no unit ${unit}; add it to dashboard-units.ts`);
}

function formatSeconds(value: number, decimals?: number): string {
  if (value === 0) return '0 s';
  if (value < 0.001) return `${digits(value * 1e6, decimals ?? 0)} µs`;
  if (value < 1) return `${digits(value * 1000, decimals)} ms`;
  return `${digits(value, decimals)} s`;
}

function digits(value: number, decimals?: number): string {
  if (decimals !== undefined) return value.toFixed(decimals);
  const places = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 0.1 ? 2 : 4;
  return String(Number(value.toFixed(places)));
}

/** Round numbers from zero up to at least the maximum, and how far apart they are. */
export function niceTicks(max: number, unit: string, smallestStep: number): readonly number[] {
  const scale = unit === 'bytes' ? 2 ** 20 : 1;
  const target = (max > 0 ? max : 1) / scale / 4;
  const power = 10 ** Math.floor(Math.log10(target));
  const wanted = target / power;
  const factor = [1, 2, 2.5, 5].find((known) => wanted <= known) ?? 10;
  const step = Math.max(factor * power * scale, smallestStep);
  const count = Math.ceil((max * 1.02) / step) || 1;
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
