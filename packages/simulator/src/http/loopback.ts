/** Whether an address or host name can only be this machine. */
export function isLoopbackHost(host: string): boolean {
  const name = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  return (
    name === "localhost" ||
    name === "::1" ||
    name === "0:0:0:0:0:0:0:1" ||
    /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)
  );
}

/**
 * Whether a Host header names this machine. A page elsewhere on the web can point its own name at 127.0.0.1 (DNS
 * rebinding); its requests then carry that name.
 */
export function isLoopbackHostHeader(header: string | undefined): boolean {
  return header !== undefined && isLoopbackHost(header.toLowerCase().replace(/:\d{1,5}$/, ""));
}
