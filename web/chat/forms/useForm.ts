// The life of one form card: values with draft, checking, sending, the gateway's objections per field.
import { useRef, useState } from "react";
import { randomId } from "../../shared/ids";
import { useChat } from "../context";
import { dropDraft, loadDraft, saveDraft } from "./draft";
import type { Errors, FormBody, Group, Value, Values } from "./types";
import { draftOf, missingFields, newGroup, normalErrors, payload, startValues } from "./values";

export interface Form {
  values: Values;
  errors: Errors;
  problem: string | null;
  busy: boolean;
  sent: boolean;
  change: (name: string, value: Value) => void;
  changeGroup: (list: string, place: number, name: string, value: Value) => void;
  addGroup: (list: string) => void;
  removeGroup: (list: string, place: number) => void;
  submit: () => Promise<void>;
}

const CHECK = "请检查标出的内容";

export function useForm(body: FormBody): Form {
  const { client, session } = useChat();
  const conversationId = session.conversation_id;
  const [values, setValues] = useState(() =>
    startValues(body.sections, loadDraft(conversationId, body.form_id)),
  );
  const [errors, setErrors] = useState<Errors>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState(false);
  /** One submission keeps its id until it is answered or its values change. */
  const submission = useRef({ id: "", content: "" });

  const update = (next: Values, touched: string) => {
    setValues(next);
    saveDraft(conversationId, body.form_id, draftOf(body.sections, next));
    setErrors(({ [touched]: _cleared, ...others }) => others);
  };
  const groups = (list: string) => values[list] as Group[];

  const refuse = (found: Errors, text: string) => {
    setErrors(found);
    setProblem(text);
  };
  const send = async (content: Record<string, unknown>) => {
    const written = JSON.stringify(content);
    if (submission.current.content !== written) submission.current = { id: randomId(), content: written };
    const ack = await client.submitForm(body.form_id, content, submission.current.id);
    if (ack.error === undefined) {
      dropDraft(conversationId, body.form_id);
      setSent(true);
      return;
    }
    if (ack.error !== "timeout" && ack.error !== "offline") submission.current = { id: "", content: "" };
    refuse(normalErrors(ack.fields ?? {}), ack.message ?? CHECK);
  };

  return {
    values,
    errors,
    problem,
    busy,
    sent,
    change: (name, value) => update({ ...values, [name]: value }, name),
    changeGroup: (list, place, name, value) => {
      const changed = groups(list).map((group, at) => (at === place ? { ...group, [name]: value } : group));
      update({ ...values, [list]: changed }, `${list}.${place}.${name}`);
    },
    addGroup: (list) => {
      const section = body.sections.find((one) => one.repeat?.name === list);
      if (section) update({ ...values, [list]: [...groups(list), newGroup(section)] }, list);
    },
    removeGroup: (list, place) => {
      setErrors({});
      update({ ...values, [list]: groups(list).filter((_, at) => at !== place) }, list);
    },
    submit: async () => {
      const missing = missingFields(body.sections, values);
      if (Object.keys(missing).length > 0)
        return refuse(missing, `还有 ${Object.keys(missing).length} 项未填写`);
      setBusy(true);
      setProblem(null);
      setErrors({});
      await send(payload(body.sections, values));
      setBusy(false);
    },
  };
}
