export type PortRangeProblem =
  /** Calico reads a name here as a named port, which no node has. */
  'name' | 'out-of-range' | 'reversed' | 'format';

const LARGEST = 65_535;

/** Ports as Calico's numorstring.Port parses them: `30000`, `"30000"`, `"30000:32767"`. */
export function portRangeProblem(value: number | string): PortRangeProblem | undefined {
  const match = /^([0-9]+)(?::([0-9]+))?$/.exec(String(value));
  if (match === null) return /^[a-zA-Z0-9_.-]{1,128}$/.test(String(value)) ? 'name' : 'format';
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  if (first < 1 || first > LARGEST || last < 1 || last > LARGEST) return 'out-of-range';
  return first > last ? 'reversed' : undefined;
}

/** apimachinery's validation.IsValidPortName: an IANA service name, which Calico accepts as the name of a port. */
export function isPortName(text: string): boolean {
  return text.length <= 15 && /^[a-z0-9](-?[a-z0-9])*$/.test(text) && /[a-z]/.test(text);
}
