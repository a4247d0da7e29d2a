// A file to keep.
import { Card } from "@chatui/core";
import type { Message } from "../state/types";
import { CardLead } from "./CardLead";
import { SaveButton } from "./SaveButton";

export function FileCard({ message }: { message: Message }) {
  const name = String(message.body.name ?? "文件");
  return (
    <>
      <CardLead message={message} />
      <Card className="card file">
        <p>{name}</p>
        <SaveButton url={message.body.url} name={name}>
          下载
        </SaveButton>
      </Card>
    </>
  );
}
