/** The time, for ages on the screen. */
import { useEffect, useState } from "react";

/** Milliseconds since 1970, renewed every `seconds`. */
export function useNow(seconds: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return now;
}
