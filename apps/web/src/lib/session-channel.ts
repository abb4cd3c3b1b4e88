/** What one tab tells the others about the session they share. */
export type SessionNews = "signed_in" | "signed_out";

/** Tells other tabs, and is told by them. Nothing is stored. */
export type SessionChannel = {
  tell(news: SessionNews): void;
  listen(listener: (news: SessionNews) => void): void;
};

/** A channel between the tabs of this browser. */
export function createSessionChannel(): SessionChannel {
  const channel = new BroadcastChannel("perennial-session");
  const post = channel.postMessage.bind(channel);
  return {
    tell: (news) => post(news),
    listen: (listener) => {
      channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        if (data === "signed_in" || data === "signed_out") listener(data);
      });
    },
  };
}
