import type { LookupFunction } from "node:net";
import { buildConnector, errors } from "undici";

/**
 * Opens connections, TLS always verified, within a time that is kept to. undici's own timer ticks every half
 * second and lets a connection take up to a second longer: it is left to close the socket.
 */
export function createConnector(timeoutMs: number, lookup?: LookupFunction): buildConnector.connector {
  const connect = buildConnector({
    timeout: timeoutMs,
    rejectUnauthorized: true,
    allowH2: false, // the HTTP/2 client sends refused requests again by itself
    ...(lookup === undefined ? {} : { lookup }),
  });
  return (options, callback) => {
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      callback(new errors.ConnectTimeoutError("The connection took too long."), null);
    }, timeoutMs);
    connect(options, (...[error, socket]) => {
      clearTimeout(timer);
      if (isOver) socket?.destroy(); // nobody waits for it any more
      else if (error === null) callback(null, socket);
      else callback(error, null);
    });
  };
}
