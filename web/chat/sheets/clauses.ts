// A document's clauses as the gateway gives them, and which of them take cover away.

export interface Clause {
  number?: string;
  title?: string;
  text: string;
}
export interface DocumentText {
  title: string;
  version?: string;
  clauses: Clause[];
}

const EXCLUDING_TITLE = /责任免除|免责|除外责任|不保|不赔/;

/** True for a clause that limits or excludes what is paid: the rules ask that it stands out. */
export function isExclusion(kind: string, clause: Clause): boolean {
  return kind === "exclusions" || EXCLUDING_TITLE.test(clause.title ?? "");
}
