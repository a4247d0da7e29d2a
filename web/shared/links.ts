// What of a message may become a link: http, https and tel, nothing else.

const ALLOWED = new Set(["http:", "https:", "tel:"]);

/** The address if it may be followed, made absolute against `base`; otherwise null. */
export function safeUrl(address: unknown, base: string): string | null {
  if (typeof address !== "string" || address.trim() === "") return null;
  try {
    const url = new URL(address, base);
    return ALLOWED.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export type Piece = { text: string; href?: string };

const LINK = /(https?:\/\/[^\s<>"'，。；！？、（）【】《》]+|tel:\+?[\d-]{5,20})/g;
const TRAILING = /[.,;:!?)\]}]+$/;

/** Cuts a text into plain pieces and links. Joining the pieces' texts gives the text back. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const address = match[0].replace(TRAILING, "");
    const start = match.index ?? 0;
    if (start > from) pieces.push({ text: text.slice(from, start) });
    pieces.push({ text: address, href: address });
    from = start + address.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}
