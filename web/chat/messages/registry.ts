// Which component shows which message type. A type not listed here is shown by its plain text.
import type { ComponentType } from "react";
import { FormCard } from "../forms/FormCard";
import type { Message } from "../state/types";
import { CashierCard } from "./CashierCard";
import { DocumentCard } from "./DocumentCard";
import { FileCard } from "./FileCard";
import { PolicyCard } from "./PolicyCard";
import { ProductCards } from "./ProductCards";
import { QuestionCard } from "./QuestionCard";
import { QuoteCard } from "./QuoteCard";
import { TextMessage } from "./TextMessage";
import { WarningCard } from "./WarningCard";

export type MessageView = ComponentType<{ message: Message }>;

const VIEWS: Record<string, MessageView> = {
  product_cards: ProductCards,
  quote: QuoteCard,
  document: DocumentCard,
  form: FormCard,
  cashier: CashierCard,
  policy: PolicyCard,
  question: QuestionCard,
  warning: WarningCard,
  file: FileCard,
};

export function viewOf(type: string): MessageView {
  return VIEWS[type] ?? TextMessage;
}
