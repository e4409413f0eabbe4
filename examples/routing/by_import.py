"""Suggest by plain import."""

# ruff: noqa: T201

from hotspot.classify import Router

ORDERS = [
    "小区楼下烧烤店每晚营业到凌晨，油烟和噪音很大，多次反映没有解决。",
    "咨询一下，我之前在外省交的养老保险怎么转回来？",
    "路。",
]


def main() -> None:
    """Print what the desk would show."""
    router = Router.load()  # or Router.load("models/承办单位") for a model of one's own
    for text in ORDERS:
        answer = router.suggest(text)
        if answer.department.abstain:
            print(f"人工派单（{answer.department.reason}）：{text}")
            continue
        choices = "、".join(f"{c.label} {c.probability:.0%}" for c in answer.department.choices)
        print(f"[{answer.nature.label}] {choices} ← {text}")


if __name__ == "__main__":
    main()
