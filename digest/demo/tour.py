"""The tour that the demo's issue carries: eight cities, whom it is for, and how to help. It reaches nobody."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stop:
    """A city of the tour. Without `days_ahead` its date and place are still open (待定)."""

    city: str
    days_ahead: int | None = None  # counted from the day of installing
    starts_at: str = ""  # HH:MM, Asia/Shanghai
    ends_at: str = ""
    venue: str = ""
    address: str = ""
    capacity: int | None = None


@dataclass(frozen=True)
class Offer:
    """A way to help: `kind` is organise, venue or prizes."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True)
class Tour:
    """A training that goes from city to city. Texts are Markdown."""

    name: str
    intro: str
    audience: str
    prepare: str
    bring: str
    contact_wechat: str
    contact_note: str  # what to write when adding the contact
    sample_notice: str  # shown wherever somebody could sign up or get in touch
    stops: tuple[Stop, ...]
    offers: tuple[Offer, ...]


TOUR = Tour(
    name="RT-Thread 线下入门培训",
    intro="用一个下午认识 RT-Thread：从编译第一个工程开始，到线程、信号量和设备驱动，最后让开发板自己亮灯、读传感器。"
    "讲一段，做一段，每张桌子旁边都有人帮忙。",
    audience="会写一点 C 语言的学生、工程师和老师。没有用过实时操作系统也可以来。",
    prepare="- 提前装好 RT-Thread Studio，确认能打开\n- 试着编译一次自带的示例工程\n- 翻一翻文档里关于线程的那一章",
    bring="- 笔记本电脑和电源\n- 一根能传数据的 USB 线\n- 开发板由现场借用，自己有也欢迎带来",
    contact_wechat="rtthread2020",
    contact_note="公司+姓名",
    sample_notice="这是演示数据：这里的报名、留言和联系方式都不会送达任何人。",
    stops=(
        Stop("青岛"),
        Stop("北京"),
        Stop("西安"),
        Stop("成都"),
        Stop("武汉"),
        Stop("郑州"),
        Stop(
            "杭州",
            days_ahead=38,
            starts_at="13:30",
            ends_at="17:30",
            venue="示例创业园二楼教室（示例）",
            address="杭州市示例路 8 号（示例地址）",
            capacity=30,
        ),
        Stop(
            "深圳",
            days_ahead=24,
            starts_at="13:30",
            ends_at="17:30",
            venue="示例大厦三楼报告厅（示例）",
            address="深圳市示例大道 100 号（示例地址）",
            capacity=40,
        ),
    ),
    offers=(
        Offer("organise", "一起办活动", "在你的城市帮忙张罗：找场地、当主持，或者把消息传出去。"),
        Offer("venue", "提供场地", "有一间能坐下三四十人的教室或会议室，配好投影和电源就行。"),
        Offer("prizes", "赞助礼品", "送给参加者的开发板、模组或者小礼品，数量不限。"),
    ),
)
