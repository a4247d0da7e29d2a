// One of many, in the device's own picker.
import type { ControlProps } from "../FieldRow";

export function SelectField({ id, field, value, describedBy, invalid, onChange }: ControlProps<string>) {
  return (
    <select
      id={id}
      name={field.name}
      className="Input"
      value={value ?? ""}
      required={field.required}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="">{field.placeholder ?? "请选择"}</option>
      {(field.options ?? []).map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
