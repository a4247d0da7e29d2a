import { describe, expect, it } from "vitest";
import { optionsAt } from "../chat/forms/fields/regions";
import type { Section } from "../chat/forms/types";
import {
  draftOf,
  isShown,
  missingFields,
  newGroup,
  normalErrors,
  payload,
  startValues,
} from "../chat/forms/values";

const sections: Section[] = [
  {
    title: "投保人",
    fields: [
      { name: "name", label: "姓名", kind: "text", required: true },
      { name: "id_number", label: "证件号码", kind: "id_number", required: true },
      { name: "region", label: "地区", kind: "region", required: true },
      { name: "agree", label: "同意", kind: "checkbox", required: true, default: true },
      {
        name: "kind",
        label: "受益人",
        kind: "radio",
        required: true,
        options: [
          { value: "statutory", label: "法定" },
          { value: "named", label: "指定" },
        ],
      },
    ],
  },
  {
    title: "指定受益人",
    repeat: { name: "beneficiaries", min: 0, max: 3 },
    fields: [
      {
        name: "name",
        label: "姓名",
        kind: "text",
        required: true,
        show_if: { field: "kind", equals: ["named"] },
      },
      { name: "id_number", label: "证件", kind: "id_number", show_if: { field: "kind", equals: ["named"] } },
    ],
  },
];
const repeated = sections[1] as Section;
const region = { province: "浙江省", city: "杭州市", district: "西湖区" };

describe("a new form", () => {
  it("has nothing ticked, whatever the default says", () => {
    expect(startValues(sections).agree).toBe(false);
  });

  it("shows what the customer said before", () => {
    const field = { name: "job", label: "职业", kind: "select" as const, default: "教师" };
    const area = { name: "area", label: "地区", kind: "region" as const, default: region };
    expect(startValues([{ fields: [field, area] }])).toEqual({ job: "教师", area: region });
  });

  it("takes up a draft, without identity numbers and codes", () => {
    const filled = { ...startValues(sections), name: "张三", id_number: "990000199603120010", region };
    const draft = draftOf(sections, {
      ...filled,
      beneficiaries: [{ name: "李四", id_number: "990000199603120029" }],
    });
    expect(JSON.stringify(draft)).not.toContain("9900");
    expect(startValues(sections, draft)).toMatchObject({
      name: "张三",
      id_number: "",
      region,
      beneficiaries: [{ name: "李四", id_number: "" }],
    });
  });
});

describe("checking", () => {
  it("names every required field that is empty", () => {
    expect(Object.keys(missingFields(sections, startValues(sections)))).toEqual([
      "name",
      "id_number",
      "region",
      "agree",
      "kind",
    ]);
  });

  it("looks into repeated groups only while they are shown", () => {
    const values = { ...startValues(sections), kind: "named", beneficiaries: [newGroup(repeated)] };
    expect(missingFields(sections, values)).toHaveProperty(["beneficiaries.0.name"]);
    expect(missingFields(sections, { ...values, kind: "statutory" })).not.toHaveProperty([
      "beneficiaries.0.name",
    ]);
  });

  it("asks for all three parts of a region", () => {
    const values = { ...startValues(sections), region: { ...region, district: "" } };
    expect(missingFields(sections, values)).toHaveProperty("region");
  });
});

describe("sending", () => {
  it("leaves out empty texts and what is not shown, and trims", () => {
    const values = {
      ...startValues(sections),
      name: " 张三 ",
      kind: "statutory",
      beneficiaries: [{ name: "李四" }],
    };
    const sent = payload(sections, values);
    expect(sent).toMatchObject({ name: "张三", kind: "statutory", agree: false });
    expect(sent).not.toHaveProperty("id_number");
    expect(sent).not.toHaveProperty("beneficiaries");
  });

  it("sends repeated groups as a list", () => {
    const values = {
      ...startValues(sections),
      kind: "named",
      beneficiaries: [{ name: "李四", id_number: "" }],
    };
    expect(payload(sections, values).beneficiaries).toEqual([{ name: "李四" }]);
  });
});

it("a field of a group looks at its own group first", () => {
  const field = {
    name: "share",
    label: "份额",
    kind: "text" as const,
    show_if: { field: "kind", equals: ["named"] },
  };
  expect(isShown(field, { kind: "statutory" }, { kind: "named" })).toBe(true);
  expect(isShown(field, { kind: "named" }, { other: "" })).toBe(true);
  expect(isShown(field, { kind: ["other", "named"] })).toBe(true);
});

it("both ways of naming a field of a group are understood", () => {
  expect(normalErrors({ "beneficiaries[0].name": "请填写" })).toEqual({ "beneficiaries.0.name": "请填写" });
});

it("cities follow the province, districts the city", () => {
  const regions = [{ name: "浙江省", children: [{ name: "杭州市", children: [{ name: "西湖区" }] }] }];
  expect(optionsAt(regions, { province: "浙江省", city: "", district: "" }, "city")).toHaveLength(1);
  expect(optionsAt(regions, { province: "上海市", city: "", district: "" }, "city")).toEqual([]);
  expect(optionsAt(regions, region, "district")).toEqual([{ name: "西湖区" }]);
});
