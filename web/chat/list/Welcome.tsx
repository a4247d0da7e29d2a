// What an empty conversation shows: who answers here and what it can do.
import { useChat } from "../context";

const OFFERS = [
  ["选保险、算保费", "帮我推荐一款保险"],
  ["办理投保、拿电子保单", "我要投保"],
  ["辨别推销和诈骗电话", "我接到一个可疑电话"],
] as const;

export function Welcome() {
  const { client } = useChat();
  return (
    <section className="welcome">
      <h2>您好，这里是禾屿保险在线助手</h2>
      <p>我是智能助手（AI，不是真人），随时可以说“转人工”。请不要在聊天里发送银行卡号、密码或验证码。</p>
      <ul>
        {OFFERS.map(([title, phrase]) => (
          <li key={title}>
            <button type="button" onClick={() => client.sendText(phrase)}>
              {title}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
