// A form as the gateway describes it, and what a customer put in.

export type FieldKind =
  | "text"
  | "select"
  | "radio"
  | "checkbox"
  | "date"
  | "id_number"
  | "phone"
  | "email"
  | "money"
  | "region"
  | "code";

export interface Option {
  value: string;
  label: string;
}
export interface Field {
  name: string;
  label: string;
  kind: FieldKind;
  required?: boolean;
  options?: Option[] | null;
  hint?: string | null;
  placeholder?: string | null;
  default?: unknown;
  show_if?: { field: string; equals: unknown[] } | null;
}
export interface Section {
  title?: string;
  text?: string;
  fields: Field[];
  repeat?: { name: string; min: number; max: number } | null;
}
export interface FormBody {
  text?: string;
  form_id: string;
  title?: string;
  submit_label?: string;
  sections: Section[];
  submitted?: boolean;
}

export interface Region {
  province: string;
  city: string;
  district: string;
}
export type Value = string | boolean | string[] | Region;
export type Group = Record<string, Value>;
export type Values = Record<string, Value | Group[]>;

/** Errors by path: "phone", or "beneficiaries.0.name" inside a repeated group. */
export type Errors = Record<string, string>;
