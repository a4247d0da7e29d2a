// The wire, as the page knows it. Field names are the gateway's.

export type Sender = "customer" | "assistant" | "agent" | "system";
export type ConversationState = "BOT" | "QUEUED" | "OFFERED" | "HUMAN" | "WRAPUP" | "CLOSED";

export interface ButtonSpec {
  id: string;
  title: string;
}
export interface Row {
  label: string;
  value: string;
}

export interface Body {
  text?: string;
  buttons?: ButtonSpec[];
  [field: string]: unknown;
}

export interface Message {
  message_id: string;
  seq: number;
  sender: Sender;
  type: string;
  body: Body;
  at: string;
  client_msg_id?: string | null;
  reply_to?: string | null;
}

export interface Product {
  code: string;
  name: string;
  tagline?: string;
  insurer?: string;
  statement?: string;
  highlights?: string[];
  price?: { fen: number; frequency?: string; condition?: string };
  buttons?: ButtonSpec[];
}
export interface QuoteBody extends Body {
  quote_id: string;
  product: { code: string; name: string };
  premium_fen: number;
  frequency?: string;
  rows: Row[];
  total_fen?: number;
}
export interface DocumentBody extends Body {
  document_id: string;
  title: string;
  kind: string;
  version?: string;
  sha256?: string;
  index?: number;
  total?: number;
  url: string;
  min_seconds?: number;
  confirm_label?: string;
  confirmed?: boolean;
}
export interface CashierBody extends Body {
  order_id: string;
  product_name?: string;
  amount_fen: number;
  frequency?: string;
  expires_at?: string;
  status: string;
  url: string;
}
export interface PolicyBody extends Body {
  policy_no: string;
  product_name: string;
  insured_masked?: string;
  effective_at?: string;
  ends_at?: string | null;
  cooling_off_until?: string | null;
  download_url: string;
  verify_url?: string;
}
export interface QuestionBody extends Body {
  index?: number;
  total?: number;
  summary?: { title: string; rows: Row[] }[];
}

export interface Welcome {
  conversation_id: string;
  state: ConversationState;
  owner?: string | null;
  epoch: number;
  head_seq: number;
  verified: boolean;
}

export type OutgoingType = "text" | "button" | "form" | "document_confirm";

/** Something the customer did that the gateway has not acknowledged yet. `text` is what the page shows for it. */
export interface Outgoing {
  client_msg_id: string;
  type: OutgoingType;
  body: Record<string, unknown>;
  text: string;
  at: string;
  status: "waiting" | "sending" | "failed";
  error?: string;
}

export type Ack = { message_id: string; seq: number; at: string; error?: undefined } | Refusal;

export interface Refusal {
  error: string;
  message?: string;
  fields?: Record<string, string>;
  /** The session is lost on this socket: connect anew. */
  reconnect?: boolean;
  /** With `button_expired`: the message that waits for an answer now. */
  present?: Message | null;
}

export interface Session {
  conversation_id: string;
  resume_token: string;
}
