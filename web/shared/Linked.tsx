// A text with its web and telephone addresses as links.
import { linkify, safeUrl } from "./links";

export function Linked({ text }: { text: string }) {
  return (
    <>
      {linkify(text).map((piece, place) => {
        const href = piece.href && safeUrl(piece.href, location.href);
        return href ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never move
          <a key={place} href={href} target="_blank" rel="noopener noreferrer">
            {piece.text}
          </a>
        ) : (
          piece.text
        );
      })}
    </>
  );
}
