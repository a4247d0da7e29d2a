// The few icons of the pages, drawn in place: nothing is loaded from elsewhere.

const PATHS = {
  moon: "M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5z",
  sun: "M12 3v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  auto: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 0v18a9 9 0 0 0 0-18z",
  close: "M6 6l12 12M18 6 6 18",
  down: "M12 5v14m-6-6 6 6 6-6",
  send: "M4 12 20 4l-5 16-4-6-7-2z",
  copy: "M9 9h10v11H9zM5 15V4h10",
  document: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
  shield: "M12 3 5 6v5c0 5 3 8 7 10 4-2 7-5 7-10V6zM9 12l2 2 4-4",
  check: "M5 12.5 10 17 19 7.5",
  warning: "M12 4 2.8 20h18.4zM12 10v5M12 17.5v.5",
  download: "M12 4v11m-5-5 5 5 5-5M5 20h14",
  external: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.5-6.5 8-6.5s8 2.5 8 6.5",
  leaf: "M12 4v17M12 11c-3.6 0-5.5-1.8-5.5-4.5 3.6 0 5.5 1.8 5.5 4.5zm0 0c3.6 0 5.5-1.8 5.5-4.5-3.6 0-5.5 1.8-5.5 4.5zm0 6.5c-3.6 0-5.5-1.8-5.5-4.5 3.6 0 5.5 1.8 5.5 4.5zm0 0c3.6 0 5.5-1.8 5.5-4.5-3.6 0-5.5 1.8-5.5 4.5z",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
};

export type IconName = keyof typeof PATHS;

/** Decorative: always beside words or on a control with its own label. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
