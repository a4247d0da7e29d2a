// Province, city, district: chosen one after the other, or typed where the gateway has no list of regions.
import { Input } from "@chatui/core";
import { useEffect, useState } from "react";
import type { ControlProps } from "../FieldRow";
import type { Region } from "../types";
import { loadRegions, optionsAt, type RegionNode } from "./regions";

const PARTS: { name: keyof Region; label: string }[] = [
  { name: "province", label: "省/直辖市" },
  { name: "city", label: "市" },
  { name: "district", label: "区/县" },
];

/** Changing one part empties those under it. */
export function withPart(region: Region, part: keyof Region, value: string): Region {
  if (part === "province") return { province: value, city: "", district: "" };
  if (part === "city") return { ...region, city: value, district: "" };
  return { ...region, district: value };
}

export function RegionField({ id, field, value, describedBy, invalid, onChange }: ControlProps<Region>) {
  const [regions, setRegions] = useState<RegionNode[] | null>(null);
  useEffect(() => {
    loadRegions().then(setRegions, () => setRegions([]));
  }, []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: the label is outside, a fieldset would name the group twice
    <div className="region" role="group" aria-labelledby={`${id}-label`} aria-describedby={describedBy}>
      {PARTS.map(({ name, label }) =>
        regions && regions.length > 0 ? (
          <select
            key={name}
            className="Input"
            name={`${field.name}.${name}`}
            aria-label={label}
            aria-invalid={invalid}
            value={value[name]}
            onChange={(event) => onChange(withPart(value, name, event.currentTarget.value))}
          >
            <option value="">{label}</option>
            {optionsAt(regions, value, name).map((node) => (
              <option key={node.name} value={node.name}>
                {node.name}
              </option>
            ))}
          </select>
        ) : (
          <Input
            key={name}
            name={`${field.name}.${name}`}
            aria-label={label}
            aria-invalid={invalid}
            placeholder={label}
            value={value[name]}
            onChange={(text) => onChange({ ...value, [name]: text })}
          />
        ),
      )}
    </div>
  );
}
