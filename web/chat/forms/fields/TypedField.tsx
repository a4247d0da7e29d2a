// Everything that is typed on one line: words, numbers, dates, money.
import { Input } from "@chatui/core";
import type { InputHTMLAttributes } from "react";
import type { ControlProps } from "../FieldRow";
import type { FieldKind } from "../types";

type Attributes = InputHTMLAttributes<HTMLInputElement>;

const ATTRIBUTES: Partial<Record<FieldKind, Attributes>> = {
  date: { type: "date", min: "1900-01-01", max: "2999-12-31" },
  id_number: { type: "text", autoCapitalize: "characters", spellCheck: false, maxLength: 24 },
  phone: { type: "tel", inputMode: "numeric", maxLength: 20 },
  email: { type: "email", inputMode: "email", maxLength: 64, spellCheck: false },
  money: { type: "text", inputMode: "decimal", maxLength: 16 },
  code: { type: "text", inputMode: "numeric", autoComplete: "one-time-code", maxLength: 6 },
  text: { type: "text", maxLength: 200 },
};

export function TypedField({ id, field, value, describedBy, invalid, onChange }: ControlProps<string>) {
  const input = (
    <Input
      id={id}
      name={field.name}
      autoComplete="off"
      {...(ATTRIBUTES[field.kind] as object)}
      showCount={false}
      placeholder={field.placeholder ?? undefined}
      value={value ?? ""}
      required={field.required}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      onChange={onChange}
    />
  );
  if (field.kind !== "money") return input;
  return (
    <span className="with-unit">
      {input}
      <span>元</span>
    </span>
  );
}
