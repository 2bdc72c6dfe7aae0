/** The two parts of `10.0.0.1:6443` or `[fd00::1]:6443`, as they are written. */
export interface HostPort {
  readonly host: string;
  readonly port: string;
}

const HOST_PORT = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:]*)$/;

/** As Go's net.SplitHostPort. Undefined where the text has no port, or colons outside of brackets. */
export function splitHostPort(text: string): HostPort | undefined {
  const match = HOST_PORT.exec(text);
  return match === null ? undefined : { host: match[1] ?? match[2] ?? '', port: match[3] ?? '' };
}

/** Whether the digits are a port from 1 to 65535. */
export function isPort(text: string): boolean {
  return /^[0-9]{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
