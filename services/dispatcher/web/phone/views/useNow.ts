import { useEffect, useState } from "preact/hooks";
import { serverNow } from "../clock.ts";

/** The present by the server's clock, in milliseconds, told anew every so often. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
