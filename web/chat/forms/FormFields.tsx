// The fields of a form, section by section, and the button that sends them.
import { Button } from "@chatui/core";
import { type FormEvent, useEffect, useRef } from "react";
import { Icon } from "../../shared/icons";
import { FieldRow } from "./FieldRow";
import type { FormBody, Group, Section } from "./types";
import { type Form, useForm } from "./useForm";
import { isSectionShown, isShown } from "./values";

function RepeatedSection({ section, form }: { section: Section; form: Form }) {
  const { name, min, max } = section.repeat ?? { name: "", min: 0, max: 0 };
  const groups = (form.values[name] ?? []) as Group[];
  return (
    <>
      {groups.map((group, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups have no id of their own and are edited in place
        <fieldset className="group" key={place}>
          <legend>
            {section.title} {place + 1}
          </legend>
          {section.fields
            .filter((field) => isShown(field, form.values, group))
            .map((field) => (
              <FieldRow
                key={field.name}
                field={field}
                path={`${name}.${place}.${field.name}`}
                value={group[field.name]}
                error={form.errors[`${name}.${place}.${field.name}`]}
                onChange={(value) => form.changeGroup(name, place, field.name, value)}
              />
            ))}
          {groups.length > min && (
            <Button className="remove" variant="text" onClick={() => form.removeGroup(name, place)}>
              删除这一位
            </Button>
          )}
        </fieldset>
      ))}
      {form.errors[name] && <p className="problem">{form.errors[name]}</p>}
      {groups.length < max && (
        <Button className="add" onClick={() => form.addGroup(name)}>
          添加{section.title}
        </Button>
      )}
    </>
  );
}

function PlainSection({ section, form }: { section: Section; form: Form }) {
  const shown = section.fields.filter((field) => isShown(field, form.values));
  return (
    <fieldset>
      {section.title && <legend>{section.title}</legend>}
      {section.text && <p className="section-text pre">{section.text}</p>}
      {shown.map((field) => (
        <FieldRow
          key={field.name}
          field={field}
          path={field.name}
          value={form.values[field.name] as Group[string]}
          error={form.errors[field.name]}
          onChange={(value) => form.change(field.name, value)}
        />
      ))}
    </fieldset>
  );
}

/** After a refusal the first field at fault gets the focus. */
function useFocusOnError(form: Form) {
  const element = useRef<HTMLFormElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new refusal moves the focus, not each keystroke
  useEffect(() => {
    if (form.problem) element.current?.querySelector<HTMLElement>("[aria-invalid='true']")?.focus();
  }, [form.problem, form.busy]);
  return element;
}

export function FormFields({ body }: { body: FormBody }) {
  const form = useForm(body);
  const element = useFocusOnError(form);
  const shown = body.sections.filter((section) => isSectionShown(section, form.values));
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!form.busy) void form.submit();
  };
  if (form.sent) {
    return (
      <p className="done">
        <Icon name="check" />
        已提交
      </p>
    );
  }
  return (
    <form ref={element} noValidate autoComplete="off" onSubmit={onSubmit}>
      {shown.map((section, place) =>
        section.repeat ? (
          <RepeatedSection key={section.repeat.name} section={section} form={form} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the sections of a form never move
          <PlainSection key={place} section={section} form={form} />
        ),
      )}
      <div role="alert">{form.problem && <p className="problem">{form.problem}</p>}</div>
      <Button type="submit" color="primary" block disabled={form.busy}>
        {form.busy ? "正在提交…" : (body.submit_label ?? "提交")}
      </Button>
    </form>
  );
}
