// A few choices, all visible: one of them (radio) or several (checkbox). None is chosen beforehand.
import type { ControlProps } from "../FieldRow";

type Props = ControlProps<string> | ControlProps<string[]>;

function toggled(chosen: string[], option: string): string[] {
  return chosen.includes(option) ? chosen.filter((one) => one !== option) : [...chosen, option];
}

export function Choices(props: Props) {
  const { id, field, value, describedBy, invalid } = props;
  const single = field.kind === "radio";
  const chosen = Array.isArray(value) ? value : [value];
  const pick = (option: string) => {
    if (single) (props as ControlProps<string>).onChange(option);
    else (props as ControlProps<string[]>).onChange(toggled(chosen, option));
  };
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles of this element support a label
    <div
      className="choices"
      role={single ? "radiogroup" : "group"}
      aria-labelledby={`${id}-label`}
      aria-describedby={describedBy}
    >
      {(field.options ?? []).map((option) => (
        <label key={option.value}>
          <input
            type={field.kind}
            name={id}
            value={option.value}
            checked={chosen.includes(option.value)}
            aria-invalid={invalid}
            onChange={() => pick(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}
