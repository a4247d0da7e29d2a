// What a form holds, shows and sends. Pure.
import type { Errors, Field, Group, Region, Section, Value, Values } from "./types";

const SECRET_KINDS = new Set(["id_number", "code"]);

function emptyValue(field: Field): Value {
  if (field.kind === "checkbox") return field.options?.length ? [] : false;
  if (field.kind === "region") return { province: "", city: "", district: "" };
  return "";
}

/** A default is what the customer said before. Boxes are never ticked beforehand, whatever the default. */
function startValue(field: Field): Value {
  if (field.kind === "checkbox") return emptyValue(field);
  if (field.kind === "region")
    return { ...(emptyValue(field) as Region), ...(field.default as Partial<Region>) };
  return typeof field.default === "string" ? field.default : "";
}

function startGroup(fields: Field[], kept: Record<string, unknown> = {}): Group {
  return Object.fromEntries(
    fields.map((field) => [field.name, (kept[field.name] as Value) ?? startValue(field)]),
  );
}

export function newGroup(section: Section): Group {
  return startGroup(section.fields);
}

/** The form's first values: what an earlier draft kept, else the defaults. */
export function startValues(sections: Section[], draft: Record<string, unknown> = {}): Values {
  const values: Values = {};
  for (const section of sections) {
    if (!section.repeat) {
      Object.assign(values, startGroup(section.fields, draft));
      continue;
    }
    const { name, min } = section.repeat;
    const kept = Array.isArray(draft[name]) ? (draft[name] as Record<string, unknown>[]) : [];
    const groups = kept.map((group) => startGroup(section.fields, group));
    while (groups.length < min) groups.push(newGroup(section));
    values[name] = groups;
  }
  return values;
}

function matches(value: unknown, wanted: unknown[]): boolean {
  const texts = wanted.map(String);
  return Array.isArray(value)
    ? value.some((one) => texts.includes(String(one)))
    : texts.includes(String(value));
}

/** Whether a field applies; a field of a repeated group looks at its own group first. */
export function isShown(field: Field, values: Values, group?: Group): boolean {
  const condition = field.show_if;
  if (!condition) return true;
  const value = group && condition.field in group ? group[condition.field] : values[condition.field];
  return matches(value, condition.equals);
}

/** A section is shown while one of its fields is, even if a repeated group has no entry yet. */
export function isSectionShown(section: Section, values: Values): boolean {
  return section.fields.some((field) => isShown(field, values));
}

export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  if (typeof value === "string") return value.trim() === "";
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === "object") {
    const { province, city, district } = value as Region;
    return !province || !city || !district;
  }
  return false;
}

const ASK: Partial<Record<Field["kind"], string>> = {
  checkbox: "请阅读后勾选",
  radio: "请选择",
  select: "请选择",
  region: "请选择",
  date: "请选择日期",
};

function checkFields(fields: Field[], values: Values, group: Group | undefined, prefix: string): Errors {
  const errors: Errors = {};
  for (const field of fields) {
    const value = group ? group[field.name] : values[field.name];
    if (field.required && isShown(field, values, group) && isEmpty(value)) {
      errors[prefix + field.name] = ASK[field.kind] ?? "请填写";
    }
  }
  return errors;
}

/** The required fields that are shown and empty. All other rules are the gateway's. */
export function missingFields(sections: Section[], values: Values): Errors {
  const errors: Errors = {};
  for (const section of sections) {
    const { repeat, fields } = section;
    if (!repeat) {
      Object.assign(errors, checkFields(fields, values, undefined, ""));
      continue;
    }
    if (!isSectionShown(section, values)) continue;
    const groups = values[repeat.name] as Group[];
    groups.forEach((group, place) => {
      Object.assign(errors, checkFields(fields, values, group, `${repeat.name}.${place}.`));
    });
  }
  return errors;
}

function tidy(value: Value | undefined): Value | undefined {
  return typeof value === "string" ? value.trim() : value;
}

function sentFields(fields: Field[], values: Values, group?: Group): Record<string, unknown> {
  const shown = fields.filter((field) => isShown(field, values, group));
  const entries = shown.map((field) => [field.name, tidy((group ?? (values as Group))[field.name])] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== "" && value !== undefined));
}

/** What goes to the gateway: shown fields only, texts trimmed, empty texts left out. */
export function payload(sections: Section[], values: Values): Record<string, unknown> {
  const sent: Record<string, unknown> = {};
  for (const section of sections) {
    const { repeat, fields } = section;
    if (!isSectionShown(section, values)) continue;
    if (repeat)
      sent[repeat.name] = (values[repeat.name] as Group[]).map((group) => sentFields(fields, values, group));
    else Object.assign(sent, sentFields(fields, values));
  }
  return sent;
}

function keptFields(fields: Field[], group: Record<string, unknown>): Record<string, unknown> {
  const kept = fields.filter((field) => !SECRET_KINDS.has(field.kind));
  return Object.fromEntries(kept.map((field) => [field.name, group[field.name]]));
}

/** What a draft may keep in the browser: never identity numbers or codes. */
export function draftOf(sections: Section[], values: Values): Record<string, unknown> {
  const draft: Record<string, unknown> = {};
  for (const { repeat, fields } of sections) {
    if (repeat)
      draft[repeat.name] = (values[repeat.name] as Group[]).map((group) => keptFields(fields, group));
    else Object.assign(draft, keptFields(fields, values));
  }
  return draft;
}

/** "a[0].b" and "a.0.b" are one path. */
export function normalErrors(errors: Record<string, string>): Errors {
  return Object.fromEntries(
    Object.entries(errors).map(([path, text]) => [path.replace(/\[(\d+)\]/g, ".$1"), text]),
  );
}
