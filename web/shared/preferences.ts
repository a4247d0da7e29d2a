// What a person chose about the look of the pages: colours and type size. Kept in this browser.
import { useEffect, useState } from "react";

export type ColorScheme = "auto" | "light" | "dark";
export interface Preferences {
  colorScheme: ColorScheme;
  elderMode: boolean;
}

const KEY = "heyu.preferences";
const DEFAULTS: Preferences = { colorScheme: "auto", elderMode: false };

function load(): Preferences {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return DEFAULTS;
  }
}

/** The preferences, followed across tabs, and the function that changes some of them. */
export function usePreferences(): [Preferences, (change: Partial<Preferences>) => void] {
  const [preferences, setPreferences] = useState(load);
  useEffect(() => {
    const follow = (event: StorageEvent) => event.key === KEY && setPreferences(load());
    window.addEventListener("storage", follow);
    return () => window.removeEventListener("storage", follow);
  }, []);
  useEffect(() => {
    document.documentElement.dataset.elderMode = String(preferences.elderMode);
  }, [preferences.elderMode]);
  const change = (part: Partial<Preferences>) => {
    const next = { ...preferences, ...part };
    setPreferences(next);
    try {
      localStorage.setItem(KEY, JSON.stringify(next));
    } catch {
      // Private browsing may refuse storage: the choice then lasts as long as the page.
    }
  };
  return [preferences, change];
}
