/** The one event stream of this tab, for whoever wants to know how it is. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { type Live, LiveStream } from "../api/live";

const Context = createContext<LiveStream | null>(null);

export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [stream] = useState(() => new LiveStream(queries));
  useEffect(() => stream.start(), [stream]);
  return <Context.Provider value={stream}>{children}</Context.Provider>;
}

export function useLive(): Live & { retry: () => void } {
  const stream = useContext(Context);
  if (stream === null) throw new Error("useLive outside LiveProvider");
  const live = useSyncExternalStore(stream.subscribe, stream.current);
  return { ...live, retry: () => stream.resume() };
}
