"""One body of every message type, as the gateway would load them for a purchase of P4."""

from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List

Body = Dict[str, Any]
PRODUCT = "禾屿安行意外伤害保险（互联网）"

CLAUSES = {
    "terms": [
        ("1.1", "合同构成", "本合同由保险条款、投保单、保险单及批注构成。"),
        ("2.1", "保险责任", "被保险人遭受意外伤害，并自发生之日起180日内因此身故的，我们给付身故保险金。"),
        ("2.2", "意外医疗", "被保险人因意外伤害在二级及以上公立医院治疗，对合理且必要的费用按约定比例给付。"),
        ("2.3", "责任免除", "酒后驾驶、无合法有效驾驶证驾驶导致的身故、伤残，我们不承担给付责任。"),
        ("3.1", "保险期间", "本合同的保险期间为一年，自保险单载明的生效日零时起算。"),
    ],
    "exclusions": [
        ("一", "投保人对被保险人的故意杀害、故意伤害", "发生上述情形的，本合同终止。"),
        ("二", "被保险人酒后驾驶、无证驾驶", "酒后驾驶，无合法有效驾驶证驾驶，或驾驶无合法有效行驶证的机动车。"),
        ("三", "高风险运动", "潜水、跳伞、攀岩、蹦极、赛马、赛车、探险或特技表演。"),
    ],
}


def document_text(kind: str) -> Body:
    """What `GET url` of a document card answers; the terms are long enough to scroll."""
    clauses = CLAUSES[kind] * (4 if kind == "terms" else 1)
    return {
        "title": "意外伤害保险条款" if kind == "terms" else "责任免除",
        "version": "2026-01",
        "clauses": [{"number": number, "title": title, "text": text} for number, title, text in clauses],
    }


def button(button_id: str, title: str) -> Body:
    return {"id": button_id, "title": title}


def products() -> Body:
    shown = [
        ("P4", PRODUCT, "一年期综合意外", 9_900, "30岁，1—3类职业，30万保额"),
        ("P2", "禾屿守护定期寿险（互联网）", "身故全残保障", 62_000, "30岁女性，50万保额，20年交"),
        ("P5", "禾屿康宁重大疾病保险（互联网）", "120种重疾", 386_000, "30岁男性，50万保额，30年交"),
    ]
    return {
        "text": "为您找到以下产品：",
        "products": [
            {
                "code": code,
                "name": name,
                "tagline": tagline,
                "insurer": "禾屿人寿保险股份有限公司",
                "statement": "这是保险产品",
                "highlights": ["身故伤残保障", "意外医疗0免赔", "猝死保障"],
                "price": {"fen": fen, "frequency": "yearly", "condition": condition},
                "buttons": [button(f"ask-{code}", "了解详情"), button(f"buy-{code}", "算保费")],
            }
            for code, name, tagline, fen, condition in shown
        ],
    }


def quote() -> Body:
    return {
        "text": "按您提供的信息，试算结果如下：",
        "quote_id": "01QUOTE",
        "product": {"code": "P4", "name": PRODUCT},
        "premium_fen": 18_650,
        "frequency": "yearly",
        "rows": [
            {"label": "方案", "value": "B 方案"},
            {"label": "意外身故、伤残", "value": "50万元"},
            {"label": "意外医疗", "value": "5万元"},
            {"label": "被保险人年龄", "value": "30周岁"},
            {"label": "职业类别", "value": "1类"},
            {"label": "保险期间", "value": "1年"},
        ],
        "total_fen": 18_650,
        "buttons": [button("apply", "立即投保"), button("other-plan", "换个方案")],
    }


def verification() -> Body:
    fields = [field("phone", "手机号", "phone"), field("code", "短信验证码", "code")]
    return form("verification", "先验证您的手机号", "验证", [{"title": "", "fields": fields}])


def document(kind: str, index: int) -> Body:
    titles = {"terms": "意外伤害保险条款", "exclusions": "责任免除（请重点阅读）"}
    return {
        "text": "请打开阅读并确认这份文件。",
        "document_id": f"P4-{kind}",
        "title": titles[kind],
        "kind": kind,
        "version": "2026-01",
        "sha256": "5f2b" * 16,
        "index": index,
        "total": 2,
        "url": f"/api/documents/P4-{kind}",
        "min_seconds": 2,
        "confirm_label": "我已阅读并理解",
        "confirmed": False,
    }


def field(name: str, label: str, kind: str, required: bool = True, **more: Any) -> Body:
    return {"name": name, "label": label, "kind": kind, "required": required, "options": [], **more}


def options(**titles: str) -> List[Body]:
    return [{"value": value, "label": label} for value, label in titles.items()]


def form(form_id: str, title: str, submit: str, sections: List[Body]) -> Body:
    return {
        "text": f"请填写：{title}",
        "form_id": form_id,
        "title": title,
        "submit_label": submit,
        "sections": sections,
        "submitted": False,
    }


def consent() -> Body:
    boxes = [
        field("health", "我同意禾屿人寿为核保处理被保险人的健康信息", "checkbox", default=True),
        field("automatic", "我知悉核保结论由系统自动作出，可以申请人工复核", "checkbox"),
    ]
    return form("consent", "单独同意", "同意并继续", [{"title": "以下内容请逐项阅读后勾选", "fields": boxes}])


def parties() -> Body:
    holder = [
        field("name", "姓名", "text", placeholder="与证件一致"),
        field("id_kind", "证件类型", "select", options=options(id_card="居民身份证", passport="护照")),
        field("id_number", "证件号码", "id_number"),
        field("id_until", "证件有效期至", "date", hint="长期有效的可以不填", required=False),
        field("email", "电子邮箱", "email", hint="用来接收电子保单"),
        field("income", "年收入", "money", placeholder="例如 120000"),
        field("region", "所在地区", "region"),
        field("address", "详细地址", "text", placeholder="街道、小区、楼栋、门牌号"),
        field("relation", "为谁投保", "radio", options=options(self="本人", spouse="配偶", child="子女")),
        field("spouse_name", "配偶姓名", "text", show_if={"field": "relation", "equals": ["spouse"]}),
        field("worries", "最担心的事", "checkbox", False, options=options(illness="生病", accident="意外", old="养老")),
    ]
    beneficiary = [
        field("name", "姓名", "text"),
        field("id_number", "证件号码", "id_number"),
        field("share", "份额（%）", "text"),
    ]
    return form(
        "parties",
        "投保信息",
        "提交投保信息",
        [
            {"title": "投保人", "fields": holder},
            {"title": "身故受益人", "fields": beneficiary, "repeat": {"name": "beneficiaries", "min": 0, "max": 3}},
        ],
    )


def question(index: int) -> Body:
    texts = [
        "被保险人目前是否正在住院，或被医生建议住院、手术？",
        "过去两年内，是否因意外导致骨折、关节损伤并仍在治疗？",
        "是否从事高处作业、井下作业、爆破、潜水等职业？",
    ]
    choices = [button("yes", "有"), button("no", "没有"), button("unsure", "不清楚")]
    return {"text": texts[index - 1], "index": index, "total": len(texts), "buttons": choices}


def summary() -> Body:
    sections = [
        ("产品与方案", [("产品名称", PRODUCT), ("方案", "B 方案"), ("保险期间", "2026-11-23 零时起 1 年")]),
        ("保费", [("每期保费", "186.50元"), ("交费方式", "一次交清")]),
        ("投保人", [("姓名", "*三"), ("证件号码", "9900**********0010"), ("联系地址", "浙江省杭州市西湖区文三路*号")]),
    ]
    return {
        "text": "请最后核对一遍，确认后去支付。",
        "summary": [
            {"title": title, "rows": [{"label": label, "value": value} for label, value in rows]}
            for title, rows in sections
        ],
        "buttons": [button("confirm", "确认无误，去支付"), button("change", "修改投保信息")],
    }


def cashier(order_id: str) -> Body:
    return {
        "text": "请在收银台完成支付。",
        "order_id": order_id,
        "product_name": PRODUCT,
        "amount_fen": 18_650,
        "frequency": "yearly",
        "expires_at": (datetime.now(timezone.utc) + timedelta(minutes=30)).isoformat(),
        "status": "pending",
        "url": f"/cashier/{order_id}?t=signed",
    }


def policy() -> Body:
    return {
        "text": "支付成功，您的电子保单已生成。",
        "policy_no": "HY2026040000018",
        "product_name": PRODUCT,
        "insured_masked": "*三",
        "effective_at": "2026-11-22T16:00:00+00:00",
        "ends_at": "2027-11-22T16:00:00+00:00",
        "cooling_off_until": None,
        "download_url": "/api/policies/HY2026040000018/document",
        "verify_url": "/verify?no=HY2026040000018",
        "buttons": [button("callback", "做回访"), button("rate", "评价本次服务")],
    }


def warning() -> Body:
    text = "让您共享屏幕、转到“安全账户”，这是诈骗。\n请马上挂断电话；已经转账的请立即拨打 110 或 96110。"
    return {"text": text, "level": "high", "buttons": [button("paid", "我已经转账了"), button("resume", "继续投保")]}
