"""人群: who the orders speak of."""

from hotspot.detection.crowds import find_crowds, rank_crowds


def test_the_longest_name_of_a_crowd_counts() -> None:
    assert find_crowds("多名农民工来电，退役军人和家长也说，家长很急") == ["农民工", "退役军人", "家长"]
    assert find_crowds("路灯不亮") == []


def test_a_crowd_that_hardly_any_order_speaks_of_is_not_named() -> None:
    orders = [["业主"]] * 12 + [["家长", "业主"]] * 3 + [["老人"]] + [[]] * 4
    assert rank_crowds(orders) == ["业主", "家长"]
