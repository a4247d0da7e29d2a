"""Answers to a question for a name or an address: what of them goes to the vault; pure."""

import re
from typing import Optional, Tuple

QUESTION = re.compile(
    r"[?？]|吗[。!！]?$|呢[。!！]?$|为什么|为啥|怎么|怎样|什么|多少|哪里|哪个|哪些|能不能|可不可以|可以不|是不是|有没有|要不要|必须|干嘛"
)
COMMAND = re.compile(
    r"人工|客服|退出|取消|算了|不填|不想|不说|不方便|不知道|不告诉|返回|上一步|停|等一下|稍等|继续|下一步|跳过|填错|改一下|"
    r"诈骗|骗子|被骗|投诉|退保|^(?:你好|您好|谢谢|好的?|是的?|不是|没有|有|行|嗯+|可以|对|不|不要)[。!！,，]?$"
)
VALUE = r"\s*(?P<value>[^\s].*?)\s*[。.!！]?$"
LEADS = {
    "name": re.compile(r"^(?:我叫|我是|我的?名字?[是叫]|姓名[是为:：]?|名字[是叫:：]?|叫)?" + VALUE),
    "address": re.compile(r"^(?:我?(?:家)?住(?:址|在)?[是为:：]?|(?:我的?)?地址[是为:：]?)?" + VALUE),
}


def sealed_answer(text: str, kind: str) -> Optional[Tuple[int, int]]:
    """(start, end) of the name or address in an answer; None when the customer said something else instead.

    In doubt it is taken for the answer: a sealed question can be asked again, a leaked name cannot be taken back.
    """
    if QUESTION.search(text) or COMMAND.search(text):
        return None
    match = LEADS[kind].match(text)
    return match.span("value") if match else None
