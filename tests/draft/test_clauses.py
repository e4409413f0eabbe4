import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.draft.clauses import (
    LONGEST,
    problem_statements,
    request_statements,
    sentences_of,
    statements_of,
    titles_of,
)
from hotspot.draft.wording import cut_openings, half_width, names_trouble, written
from hotspot.segment import Segmenter

COMMA = "\uff0c"


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


def problems(text: str, segmenter: Segmenter, **options: bool) -> list[str]:
    return problem_statements([half_width(text)], segmenter, **options)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("市民反映小区电梯经常停运", "小区电梯经常停运"),
        ("来电人称昨天下午路面积水严重", "路面积水严重"),
        ("106国道路面多处出现坑槽", "106国道路面多处出现坑槽"),
        ("发热门诊收费窗口态度恶劣", "发热门诊收费窗口态度恶劣"),
        ("但是垃圾池没人清运", "垃圾池无人清运"),
    ],
)
def test_a_problem_is_told_in_written_words(said: str, told: str, segmenter: Segmenter) -> None:
    assert told in problems(said, segmenter)


@pytest.mark.parametrize(
    "said",
    [
        "我老公说他气死了",
        "〔姓名〕家的房屋进水",
        "你们管不管啊!",
        "什么时候能通车",
        "路灯是不是坏了",
        "那个路口",
        "要求尽快修复路面",
        "车道倒是推干净",
        "",
    ],
)
def test_what_is_no_fact_is_not_told(said: str, segmenter: Segmenter) -> None:
    assert problems(said, segmenter) == []


def test_a_list_of_places_is_not_cut_in_two(segmenter: Segmenter) -> None:
    found = problems("镇卫生院、中学都各烧各的小锅炉", segmenter, loose=True)
    assert found and not any(clause.startswith("、") for clause in found)


def test_two_clauses_in_a_row_are_one_too(segmenter: Segmenter) -> None:
    found = problems("路面塌方严重,车辆无法通行", segmenter)
    assert f"路面塌方严重{COMMA}车辆无法通行" in found
    assert all(len(clause) <= LONGEST + 1 for clause in found)


def test_numbers_only_when_loose(segmenter: Segmenter) -> None:
    assert problems("餐馆门口有排水沟三天没有清理", segmenter) == []
    assert problems("餐馆门口有排水沟三天没有清理", segmenter, loose=True)


def test_a_request_loses_the_word_that_asks() -> None:
    assert request_statements([half_width("路烂了,希望相关部门尽快安排人员修复路面")]) == ["安排人员修复路面"]


@pytest.mark.parametrize(
    "said",
    [
        "幼儿园要求家长购买三套园服",
        "药店按指挥部要求停止销售退烧药",
        "老师发通知,要求家长轮流搞卫生",
        "请问医保卡怎么办理",
        "咨询地铁站出口设置问题",
        "请问案件办理的进度如何",
        "希望小区大门何时打开",
        "抢险和工艺上要求必须连续作业的除外",
        "多次要求公司退还手续费并未退还",
        "驾校收取求职者押金",
        "希望有关部门尽快出面处理此事",
        "请给个明确答复",
    ],
)
def test_what_is_asked_of_citizens_or_is_a_question_or_a_story_is_no_demand(said: str) -> None:
    assert request_statements([half_width(said)]) == []


def test_openings_of_one_order_go() -> None:
    assert cut_openings("昨天下午三亩花生全烂在地里了") == "花生全烂在地里了"
    assert cut_openings("五亩番薯八亩水稻全泡烂了") == "五亩番薯八亩水稻全泡烂了"
    assert cut_openings("这成问题") == "这成问题"
    assert cut_openings("3月底前一直没水") == "3月底前一直没水"
    assert written("垃圾没人清理") == "垃圾无人清理"
    assert written("买电器没发票") == "买电器无发票"
    assert written("后半夜还在施工") == "深夜还在施工"
    assert names_trouble("路面塌方") and not names_trouble("路面宽阔")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("要求下午数学考试前禁止货车鸣笛", "下午数学考试前禁止货车鸣笛"),
        ("希望晚上十点以后停止施工", "晚上十点以后停止施工"),
        ("建议周末开放图书馆", "周末开放图书馆"),
        ("要求6月底前完成路面修复", "6月底前完成路面修复"),
        ("希望三个月内装好路灯", "三个月内装好路灯"),
        ("希望6月20日上午派人清运垃圾", "派人清运垃圾"),
        ("希望近期修复水管", "修复水管"),
    ],
)
def test_a_request_keeps_the_hours_and_numbers_that_are_asked_for(said: str, asked: str) -> None:
    assert request_statements([said]) == [asked]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="我市民反映要求希望小区路面塌方没人修,!〔姓名〕12月日的了停水abc ", max_size=60))
def test_clauses_are_short_and_carry_no_mask(text: str) -> None:
    segmenter = _shared()
    for loose in (False, True):
        for clause in problems(text, segmenter, loose=loose):
            assert 5 <= len(clause) <= LONGEST + 1
            assert not set(clause) & set("〔〕我!,")
    for clause in request_statements([half_width(text)]):
        assert not set(clause) & set("〔〕我!,") and len(clause) <= LONGEST


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="没人太慢路面积水昨天下午三亩了的问题塌方", max_size=40))
def test_wording_only_takes_away_or_replaces(text: str) -> None:
    assert cut_openings(cut_openings(text)) == cut_openings(text)
    assert cut_openings(text) in text


_SEGMENTERS: list[Segmenter] = []


def _shared() -> Segmenter:
    if not _SEGMENTERS:
        _SEGMENTERS.append(Segmenter())
    return _SEGMENTERS[0]


@pytest.mark.parametrize(
    "said",
    [
        "仰先生车门被踹坏",
        "昨天路灯坏",
        "大家不敢签合同",
        "听婆婆说水管爆裂",
        "新生儿参保能否追溯",
        "孩子烧到39度5说胡话",
    ],
)
def test_persons_moments_and_questions_of_one_order_are_not_told(said: str, segmenter: Segmenter) -> None:
    found = [*problems(said, segmenter), *problems(said, segmenter, loose=True)]
    assert not any(word in clause for clause in found for word in ("先生", "昨天", "大家", "婆婆", "能否", "39"))


@pytest.mark.parametrize(
    "said",
    [
        "村里清点受灾牛羊时,希望重新公示",
        "单位退休人员",
        "宾馆最低房价",
        "景区门口写着不能",
        "外出打工的人没有别处住",
        "平常爱往河边走,口袋里没有钱",
        "邻县公交对老人免费,学生卡一律减半",
        "大会小会口口声声为民",
        "原来早班车直达县医院",
        "如果再停水",
        "窗口说三天后可以来取",
        "说好七天到账",
        "国家鼓励老人住养老院",
        "群里说要统一换表",
        "收割队走了没",
        "交给村里无人收",
        "公交站牌别说拆就拆",
        "师傅劝她买新表",
        "感谢护士夜间抢救病人",
        "贷款的材料全备好",
        "老朋友两天没有接电话",
        "孩子户口在上头",
        "趁下雨冲进河里",
        "装路灯有补贴没有",
        "工伤认定多久出结果",
        "二楼那户死活不签",
        "店家怕担责任不肯退",
        "要交押金才给办",
        "抢了一周没抢到",
        "膝盖摔裂无人认账",
        "对面半夜吵闹",
        "旧学校空着不如改养老院",
        "装个摄像头让坏人不敢来",
        "门前水坑要填",
        "邻居说桥要塌",
        "线路坏的话没法上网",
        "贷款被拒问原因",
        "两口子都被拖欠工资",
    ],
)
def test_settings_hearsay_and_what_leaves_something_open_is_not_told(said: str, segmenter: Segmenter) -> None:
    assert [*problems(said, segmenter), *problems(said, segmenter, loose=True)] == []


def test_what_is_taken_back_is_not_told_alone(segmenter: Segmenter) -> None:
    assert problems("孩子学会了游泳,教练没了", segmenter) == [f"孩子学会了游泳{COMMA}教练没了"]
    assert problems("收购商装车拉走苹果,结果货款没有付清", segmenter)[0] == f"收购商装车拉走苹果{COMMA}货款没有付清"
    assert problems("早餐不是食堂蒸了,换成外面公司送", segmenter, loose=True) == [
        f"早餐不是食堂蒸了{COMMA}换成外面公司送"
    ]


def test_what_lacks_what_only_the_clause_before_names_is_told_with_it(segmenter: Segmenter) -> None:
    said = "村口岔路人多车快,没有红绿灯也没有斑马线"
    assert problems(said, segmenter) == ["村口岔路人多车快", f"村口岔路人多车快{COMMA}没有红绿灯也没有斑马线"]


def test_what_a_body_says_by_the_way_is_not_told(segmenter: Segmenter) -> None:
    text = "派出所立了案。河堤塌了半边。"
    orders = pd.DataFrame({"order_id": ["1"], "title": ["河堤塌了"], "text": [text]})
    assert [s.text for s in statements_of(orders, segmenter)[0]] == ["河堤塌了半边"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("门口也没有路灯", "门口没有路灯"),
        ("夜班公交说停就停", "夜班公交说停就停"),
        ("屋顶修完又漏", "屋顶修完又漏"),
        ("电梯一进人就不关门", "电梯一进人就不关门"),
        ("水塔的水管全都冻了", "水塔的水管全都冻了"),
        ("车主途经滨河路时看到路面裂开一条长缝", "路面裂开一条长缝"),
        ("木器厂几十名女工称设备被债主拉走", "设备被债主拉走"),
    ],
)
def test_only_what_holds_talk_together_goes(said: str, told: str, segmenter: Segmenter) -> None:
    assert told in [*problems(said, segmenter), *problems(said, segmenter, loose=True)]


def test_a_body_tells_the_circumstances_of_one_household_only_where_something_is_wrong(segmenter: Segmenter) -> None:
    orders = pd.DataFrame(
        {"order_id": ["1"], "title": ["三楼住户墙皮脱落"], "text": ["家里三口人住在二楼。三楼水管两天没修好。"]}
    )
    told = {s.text for s in statements_of(orders, segmenter)[0]}
    assert "三楼水管两天未修复" in told and not any("三口人" in text for text in told)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("希望镇里和水利站尽快上山看水源", ["镇里和水利站尽快上山看水源"]),
        ("希望镇里尽快上山看看水源", ["上山查看水源"]),
        ("希望学校能否增设晚班车", ["学校增设晚班车"]),
        ("请把多收的票钱退了", ["把多收的票钱退了"]),
        ("希望核查收费标准,不要等闹大了才来", ["核查收费标准"]),
        ("希望能不能纳入监测帮扶", ["纳入监测帮扶"]),
        ("希望农技站派懂的人来看看这苗还能不能救", ["农技站派懂的人来查看这苗还能不能救"]),
        ("要求1、严格执行夜间禁止施工的规定", ["严格执行夜间禁止施工的规定"]),
        ("建议住建部门在道路改造过程中,留出人行道", [f"住建部门在道路改造过程中{COMMA}留出人行道"]),
        ("希望按照相关法律法规,退还定金", [f"按照相关法律法规{COMMA}退还定金"]),
        ("希望按规定退款", ["按规定退款"]),
        ("希望发放工资及时", ["发放工资及时"]),
        ("希望处理好善后", ["处理好善后"]),
        ("希望教育部门查看", []),
        ("希望派人把它们赶走", []),
        ("希望补修其他路段", ["补修其他路段"]),
        ("希望学校书面答复处理结果", []),
        ("希望教育部门查看食堂后厨", ["教育部门查看食堂后厨"]),
        ("希望公交公司核实是否都存在这一情况", ["公交公司核实是否都存在这一情况"]),
        ("请问能否在校门口增设斑马线", ["在校门口增设斑马线"]),
        ("希望说明何时恢复供水", ["说明何时恢复供水"]),
    ],
)
def test_a_request_is_of_the_office_and_has_no_afterthought(said: str, asked: list[str]) -> None:
    assert request_statements([half_width(said)]) == asked


def test_a_full_stop_of_either_width_ends_a_sentence() -> None:
    assert sentences_of("请领导关注取消捆绑.维护业主权益") == ["请领导关注取消捆绑", "维护业主权益"]
    assert sentences_of("每吨3.5元") == ["每吨3.5元"]


def test_titles_are_told_as_they_stand_but_for_who_calls_again() -> None:
    titles = ["快递员骂人再次来电", "镇上换表收费标准不一", "改道不进村,谁想出来的", "群众来电反映", "我家没水", "咨询"]
    orders = pd.DataFrame({"order_id": list("ABCDEF"), "title": titles, "text": "……"})
    told = {(s.order_id, s.text) for s in titles_of(orders, Segmenter())}
    assert told == {("A", "快递员骂人"), ("B", "镇上换表收费标准不一")}
