// The things people come for, one touch away; "转人工" always first.
import { useChat } from "../context";

const PHRASES = ["有哪些产品", "帮我推荐一款", "我的保单", "接到可疑电话"];

export function QuickPhrases({ withHuman }: { withHuman: boolean }) {
  const { client } = useChat();
  const phrases = withHuman ? ["转人工", ...PHRASES] : PHRASES;
  return (
    <nav className="quick" aria-label="常用">
      {phrases.map((phrase) => (
        <button type="button" key={phrase} onClick={() => client.sendText(phrase)}>
          {phrase}
        </button>
      ))}
    </nav>
  );
}
