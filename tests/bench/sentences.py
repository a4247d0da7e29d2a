"""What the customers of the benchmark say: a mixed conversation that both assistants can follow."""

CONVERSATION = (
    "你好",
    "你们有什么保险",
    "意外险多少钱",
    "30岁，程序员",
    "B款",
    "犹豫期有几天",
    "重疾险和意外险有什么区别",
    "今天天气怎么样",
    "等一下，先不弄了",
    "怎么联系人工客服",
    "保单丢了怎么办",
    "谢谢",
)


def sentence(turn: int) -> str:
    """What is said at a turn, counted from 0."""
    return CONVERSATION[turn % len(CONVERSATION)]
