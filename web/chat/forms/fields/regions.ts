// The list of regions, loaded once when a form first needs it.
import { askJson } from "../../../shared/http";
import type { Region } from "../types";

export interface RegionNode {
  name: string;
  children?: RegionNode[];
}

let loading: Promise<RegionNode[]> | null = null;

/** Provinces with their cities and districts. A failure is forgotten, so that the next form tries again. */
export function loadRegions(): Promise<RegionNode[]> {
  loading ??= askJson<{ regions: RegionNode[] }>("/api/regions").then(
    ({ regions }) => regions,
    (error: Error) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}

/** What can be chosen for a part, given the parts above it. */
export function optionsAt(regions: RegionNode[], chosen: Region, part: keyof Region): RegionNode[] {
  if (part === "province") return regions;
  const cities = regions.find((node) => node.name === chosen.province)?.children ?? [];
  if (part === "city") return cities;
  return cities.find((node) => node.name === chosen.city)?.children ?? [];
}
