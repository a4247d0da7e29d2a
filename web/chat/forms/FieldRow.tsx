// One field: label, control, hint and what is wrong with it, tied together for screen readers.
import { useId } from "react";
import { Choices } from "./fields/Choices";
import { RegionField } from "./fields/RegionField";
import { SelectField } from "./fields/SelectField";
import { SingleCheckbox } from "./fields/SingleCheckbox";
import { TypedField } from "./fields/TypedField";
import type { Field, Region, Value } from "./types";

export interface FieldRowProps {
  field: Field;
  path: string;
  value: Value | undefined;
  error: string | undefined;
  onChange: (value: Value) => void;
}

export interface ControlProps<Held extends Value> {
  id: string;
  field: Field;
  value: Held;
  describedBy: string | undefined;
  invalid: boolean;
  onChange: (value: Held) => void;
}

function Control(props: ControlProps<Value>) {
  switch (props.field.kind) {
    case "select":
      return <SelectField {...(props as ControlProps<string>)} />;
    case "radio":
      return <Choices {...(props as ControlProps<string>)} />;
    case "checkbox":
      return <Choices {...(props as ControlProps<string[]>)} />;
    case "region":
      return <RegionField {...(props as unknown as ControlProps<Region>)} />;
    default:
      return <TypedField {...(props as ControlProps<string>)} />;
  }
}

export function FieldRow({ field, path, value, error, onChange }: FieldRowProps) {
  const id = useId();
  const described =
    [field.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  const control = {
    id,
    field,
    value: value as Value,
    describedBy: described,
    invalid: Boolean(error),
    onChange,
  };
  const single = field.kind === "checkbox" && !field.options?.length;
  const grouped = ["radio", "checkbox", "region"].includes(field.kind);
  const label = (
    <>
      {field.label}
      {!field.required && <small className="muted">（选填）</small>}
    </>
  );
  return (
    <div className="field" data-field={path} data-kind={field.kind}>
      {single ? (
        <SingleCheckbox {...(control as unknown as ControlProps<boolean>)} label={label} />
      ) : (
        <>
          {grouped ? (
            <span className="label" id={`${id}-label`}>
              {label}
            </span>
          ) : (
            <label className="label" htmlFor={id}>
              {label}
            </label>
          )}
          <Control {...control} />
        </>
      )}
      {field.hint && (
        <p className="hint" id={`${id}-hint`}>
          {field.hint}
        </p>
      )}
      {error && (
        <p className="problem" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
