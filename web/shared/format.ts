// Numbers, money and times as the pages show them. Times are reckoned in Asia/Shanghai whatever the device says.

const ZONE = "Asia/Shanghai";

const yuan = new Intl.NumberFormat("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const dayKey = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, dateStyle: "short" });
const clock = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});
const longDay = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  month: "long",
  day: "numeric",
  weekday: "short",
});
const fullDay = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  year: "numeric",
  month: "long",
  day: "numeric",
});
const moment = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});

/** 18600 → "186.00". `fen` is a whole number of fen. */
export function formatFen(fen: number): string {
  return yuan.format(fen / 100);
}

const FREQUENCIES: Record<string, string> = { yearly: "年", monthly: "月" };

/** "年" or "月" for a premium's frequency, "" for a single payment. */
export function perPeriod(frequency: string | undefined): string {
  const unit = frequency ? FREQUENCIES[frequency] : undefined;
  return unit ? `/${unit}` : "";
}

/** The calendar day in Shanghai as YYYY-MM-DD: two times on one day have one key. */
export function shanghaiDay(iso: string | number): string {
  return dayKey.format(new Date(iso));
}

export function formatClock(iso: string): string {
  return clock.format(new Date(iso));
}

/** "今天", "昨天", "11月3日 周二" or with the year when it is another one. */
export function formatDay(iso: string, now: number): string {
  const day = shanghaiDay(iso);
  if (day === shanghaiDay(now)) return "今天";
  if (day === shanghaiDay(now - 86_400_000)) return "昨天";
  const sameYear = day.slice(0, 4) === shanghaiDay(now).slice(0, 4);
  return (sameYear ? longDay : fullDay).format(new Date(iso));
}

/** A date alone ("2026-11-23") stays that date; a time is shown to the minute. */
export function formatMoment(iso: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(iso)) return iso;
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : moment.format(date).replace(/\//g, "-");
}

/** Seconds as "14:05", never negative. */
export function formatCountdown(seconds: number): string {
  const left = Math.max(0, Math.floor(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}
