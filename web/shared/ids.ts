// Ids the browser makes itself.

/** A random id of 32 hex digits; also where crypto.randomUUID is missing (plain http on a phone). */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
