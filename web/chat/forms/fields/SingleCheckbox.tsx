// A statement to agree to: one box, never ticked beforehand.
import type { ReactNode } from "react";
import type { ControlProps } from "../FieldRow";

export function SingleCheckbox({
  id,
  field,
  value,
  describedBy,
  invalid,
  onChange,
  label,
}: ControlProps<boolean> & { label: ReactNode }) {
  return (
    <label className="agree" htmlFor={id}>
      <input
        id={id}
        type="checkbox"
        name={field.name}
        checked={value === true}
        required={field.required}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
