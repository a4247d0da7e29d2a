// Whether a document was really gone through: its end was reached and the least time has passed while it was visible.
import { type RefObject, useCallback, useEffect, useState } from "react";

const END_PX = 24;

export interface Reading {
  reachedEnd: boolean;
  secondsLeft: number;
  onScroll: () => void;
}

/** `loaded` is false until the text is there; `minSeconds` count only from then on and only in a visible tab. */
export function useReading(box: RefObject<HTMLElement>, loaded: boolean, minSeconds: number): Reading {
  const [reachedEnd, setReachedEnd] = useState(false);
  const [secondsLeft, setSecondsLeft] = useState(minSeconds);

  const onScroll = useCallback(() => {
    const text = box.current;
    if (text && text.scrollHeight - text.clientHeight - text.scrollTop <= END_PX) setReachedEnd(true);
  }, [box]);

  useEffect(() => {
    if (!loaded) return;
    onScroll();
    const timer = window.setInterval(() => {
      if (!document.hidden) setSecondsLeft((seconds) => Math.max(0, seconds - 1));
    }, 1_000);
    return () => window.clearInterval(timer);
  }, [loaded, onScroll]);

  return { reachedEnd, secondsLeft, onScroll };
}
