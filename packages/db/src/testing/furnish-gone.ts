import type { Rows, Trace } from "./furniture.ts";

/** What is left of somebody who is gone, and of what was done. */
export function addGone(rows: Rows, { number, id, user, flavour, at, sealSinkFor }: Trace): void {
  const isOpen = number % 8 === 2;
  const isDeletion = number % 16 < 8;
  rows.metaCallbacks.push({
    id: `mcb_${id}`,
    kind: isDeletion ? "data_deletion" : "deauthorize",
    flavour,
    providerUserId: isOpen ? `99000${number}` : null,
    issuedAt: at(11),
    confirmationCode: isDeletion ? `code-${id}` : null,
    acceptedAt: at(11.1),
    completedAt: isOpen ? null : at(11.2),
    outcome: isOpen ? null : "unknown",
  });
  rows.erasures.push({ id: `con_gone_${id}`, erasedAt: at(11) });
  rows.sinkFarewells.push({
    id: `snk_gone_${id}`,
    connectionId: `con_gone_${id}`,
    sealedSettings: sealSinkFor?.(`snk_gone_${id}`) ?? `v1.k1.farewell-${id}`,
    erasedAt: at(11),
    attempts: number % 3,
    nextDeliveryAt: at(11.5),
  });
  rows.auditEvents.push({
    id: `aud_${id}`,
    at: at(11),
    kind: "callback.accepted",
    actor: isOpen ? user.id : "meta",
    userId: isOpen ? user.id : null,
    subjectId: `mcb_${id}`,
    requestId: isOpen ? null : `req-${id}`,
    clientNetwork: isOpen ? "192.0.2.0/24" : null,
    detail: '{"name":"ä \\"quoted\\""}',
  });
}
