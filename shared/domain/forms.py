"""Result forms of the seeded kinds: JSON Schema 2020-12, each field titled in English and (`x-title-zh`) Chinese.

`x-usual` are bounds within the bounds: what lies beyond may be true and is asked twice. `x-order` is the order of the fields: JSON keeps
none.
"""

from typing import Any

Schema = dict[str, Any]


def form(required: tuple[str, ...], /, **fields: Schema) -> Schema:
    """A form with these fields; what it does not name does not belong in a result."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": fields,
        "x-order": list(fields),
        "required": list(required),
        "additionalProperties": False,
    }


def choice(en: str, zh: str, /, **options: tuple[str, str]) -> Schema:
    """One of several; each option has an English and a Chinese label."""
    return {
        "title": en,
        "x-title-zh": zh,
        "enum": list(options),
        "x-labels": {value: labels[0] for value, labels in options.items()},
        "x-labels-zh": {value: labels[1] for value, labels in options.items()},
    }


def several(en: str, zh: str, /, **options: tuple[str, str]) -> Schema:
    """Any of several."""
    labelled = choice(en, zh, **options)
    items = {key: labelled.pop(key) for key in ("enum", "x-labels", "x-labels-zh")}
    return {**labelled, "type": "array", "items": items, "uniqueItems": True}


def yes_no(en: str, zh: str, /) -> Schema:
    return {"title": en, "x-title-zh": zh, "type": "boolean"}


def text(en: str, zh: str, /) -> Schema:
    return {"title": en, "x-title-zh": zh, "type": "string", "maxLength": 500}


def whole(en: str, zh: str, /, most: int, *, usually: int | None = None) -> Schema:
    """A count up to `most`; more than `usually` is asked twice."""
    usual = {} if usually is None else {"x-usual": {"maximum": usually}}
    return {"title": en, "x-title-zh": zh, "type": "integer", "minimum": 0, "maximum": most, **usual}


TEMPERATURE: Schema = {
    "title": "Temperature (°C)",
    "x-title-zh": "体温（℃）",
    "type": "number",
    "minimum": 34.0,
    "maximum": 43.0,
    "multipleOf": 0.1,
    "x-usual": {"minimum": 35.0, "maximum": 42.0},  # below it the thermometer slipped, above it hardly anybody lives
}
METHOD = choice(
    "Measured",
    "测量方式",
    forehead=("Forehead", "额温"),
    ear=("Ear", "耳温"),
    armpit=("Armpit", "腋温"),
    oral=("Oral", "口温"),
    self_reported=("Self-reported", "自报"),
)
SYMPTOMS = several(
    "Symptoms",
    "症状",
    cough=("Cough", "咳嗽"),
    sore_throat=("Sore throat", "咽痛"),
    short_breath=("Short of breath", "气促"),
    loss_of_smell=("Loss of smell or taste", "嗅觉或味觉减退"),
    diarrhoea=("Diarrhoea", "腹泻"),
    tired=("Tired", "乏力"),
)

TEMPERATURE_CHECK = form(("temperature_c", "method"), temperature_c=TEMPERATURE, method=METHOD, symptoms=SYMPTOMS)

SCREENING_VISIT = form(
    ("residents_present", "symptoms_found"),
    residents_present=whole("Residents met", "见到的居民数", 200, usually=20),
    newcomers=whole("Newcomers in the last 14 days", "近14天新来人员", 200, usually=20),
    symptoms_found=yes_no("Anyone with symptoms", "是否有人有症状"),
    symptoms=SYMPTOMS,
    temperature_c=TEMPERATURE,
)

ISOLATION_VISIT = form(
    ("person_at_home",),
    person_at_home=yes_no("Person at home", "本人在家"),
    temperature_c=TEMPERATURE,
    symptoms=SYMPTOMS,
    supplies_ok=yes_no("Supplies suffice", "生活物资充足"),
    door_seal_ok=yes_no("Door sensor or seal in order", "门磁或封条完好"),
)

TRACE_CALL = form(
    ("reached",),
    reached=choice(
        "Who answered",
        "接听人",
        person=("The person", "本人"),
        relative=("A relative", "家属"),
        other=("Somebody else", "其他人"),
    ),
    in_area=yes_no("Is in this district", "目前在本辖区"),
    whereabouts=text("Where the person is now", "目前所在地"),
    contact_on={"title": "Date of the contact", "x-title-zh": "接触日期", "type": "string", "format": "date"},
    contacts=whole("Contacts named", "提供的接触者人数", 500, usually=50),
    symptoms=SYMPTOMS,
)

HOME_SWAB = form(
    ("sample_taken",),
    sample_taken=yes_no("Sample taken", "已采样"),
    tube_code={"title": "Tube code", "x-title-zh": "采样管编号", "type": "string", "minLength": 1, "maxLength": 40},
    site=choice("Swab of", "采样部位", throat=("Throat", "咽拭子"), nose=("Nose", "鼻拭子")),
    mixed_tube_of=whole("People in the tube", "混采人数", 20, usually=10),
)

DELIVERY = form(
    ("handed_over",),
    handed_over=choice(
        "Handed over",
        "交付方式",
        in_person=("In person", "当面"),
        at_door=("Left at the door", "放在门口"),
        neighbour=("To a neighbour", "邻居代收"),
    ),
    missing=text("What was missing", "缺少的物品"),
    paid=yes_no("Paid", "已付款"),
)

DOOR_SENSOR_CHECK = form(
    ("sensor",),
    sensor=choice(
        "Door sensor",
        "门磁",
        working=("Works", "正常"),
        mended=("Mended", "已修复"),
        replaced=("Replaced", "已更换"),
        broken=("Broken", "损坏"),
        missing=("Missing", "缺失"),
    ),
    battery_percent=whole("Battery (%)", "电量（%）", 100),
    device_code={"title": "Device code", "x-title-zh": "设备编号", "type": "string", "maxLength": 40},
)

DISINFECTION = form(
    ("areas", "agent"),
    areas=several(
        "Areas",
        "消毒区域",
        flat=("Flat", "室内"),
        stairs=("Stairs", "楼道"),
        lift=("Lift", "电梯"),
        entrance=("Entrance", "单元门"),
        bins=("Bins", "垃圾桶"),
    ),
    agent=choice(
        "Agent", "消毒剂", chlorine=("Chlorine", "含氯消毒剂"), alcohol=("Alcohol", "酒精"), other=("Other", "其他")
    ),
    litres={
        "title": "Litres used",
        "x-title-zh": "用量（升）",
        "type": "number",
        "minimum": 0,
        "maximum": 1000,
        "x-usual": {"maximum": 50},
    },
)

WASTE_COLLECTION = form(
    ("bags",),
    bags=whole("Bags", "袋数", 200, usually=30),
    double_bagged=yes_no("Double-bagged and sealed", "双层封扎"),
    medical=yes_no("Medical waste", "含医疗废物"),
)

NEED_ASSESSMENT = form(
    ("needs",),
    needs=several(
        "Needs",
        "需求",
        food=("Food", "食品"),
        medicine=("Medicine", "药品"),
        dialysis=("Dialysis or treatment", "透析或治疗"),
        care=("Care", "照护"),
        childcare=("Child care", "儿童照看"),
        company=("Somebody to talk to", "陪伴"),
        none=("None", "无"),
    ),
    urgent=yes_no("Urgent", "紧急"),
    details=text("Details", "说明"),
)

PSYCHOLOGICAL_SUPPORT = form(
    ("mood",),
    mood=choice(
        "Mood",
        "情绪",
        calm=("Calm", "平稳"),
        worried=("Worried", "焦虑"),
        low=("Low", "低落"),
        crisis=("In crisis", "危急"),
    ),
    minutes=whole("Minutes talked", "谈话分钟数", 480, usually=120),
    refer=yes_no("Refer to a specialist", "需转介"),
)

BREACH_CHECK = form(
    ("breach_found",),
    breach_found=yes_no("Breach found", "发现违规"),
    kind_of_breach=choice(
        "What kind",
        "违规类型",
        left_home=("Left home", "外出"),
        visitors=("Visitors", "接待访客"),
        seal_broken=("Seal broken", "破坏封条"),
        other=("Other", "其他"),
    ),
    measure=choice(
        "Measure taken",
        "处理",
        none=("None", "无"),
        advice=("Advice", "劝导"),
        warning=("Warning", "警告"),
        record=("Recorded", "立案"),
    ),
)

INFO_VERIFICATION = form(
    ("matches",),
    matches=choice(
        "Record against reality",
        "信息核对",
        correct=("Correct", "一致"),
        corrected=("Corrected", "已更正"),
        moved_away=("Moved away", "已搬离"),
        unknown=("Unknown there", "查无此人"),
    ),
    residents=whole("Residents", "居住人数", 200, usually=20),
    correction=text("What is different", "更正内容"),
)

NOTICE = form(
    ("given",),
    given=choice(
        "Notice given",
        "送达方式",
        in_person=("In person", "当面"),
        posted=("Posted at the door", "张贴"),
        by_phone=("By phone", "电话"),
    ),
    signed=yes_no("Signed", "已签收"),
)

DOCTOR_VISIT = form(
    ("advice",),
    advice=choice(
        "Advice",
        "处置意见",
        home=("Stay at home, observe", "居家观察"),
        medicine=("Medicine at home", "居家用药"),
        clinic=("Fever clinic", "发热门诊就诊"),
        hospital=("To hospital at once", "立即转诊"),
    ),
    temperature_c=TEMPERATURE,
    oxygen_percent={
        "title": "Oxygen saturation (%)",
        "x-title-zh": "血氧饱和度（%）",
        "type": "integer",
        "minimum": 50,
        "maximum": 100,
        "x-usual": {"minimum": 85},
    },
    symptoms=SYMPTOMS,
    details=text("Findings", "诊察情况"),
)

TRANSFER_ESCORT = form(
    ("handed_to",),
    handed_to=choice(
        "Handed over to",
        "移交至",
        ambulance=("Ambulance", "救护车"),
        hospital=("Hospital", "医院"),
        isolation_site=("Isolation site", "集中隔离点"),
    ),
    temperature_c=TEMPERATURE,
    belongings_ok=yes_no("Belongings and medicine taken along", "已携带随身物品和药品"),
)

SPECIMEN_TRANSPORT = form(
    ("specimens_out", "specimens_in"),
    specimens_out=whole("Tubes taken from the pick-up point", "取走的采样管数", 2000, usually=200),
    specimens_in=whole("Tubes handed to the lab", "交给实验室的采样管数", 2000, usually=200),
    kept_cold=yes_no("Kept cold on the way", "全程冷藏"),
)

RELEASE = form(
    ("released",),
    released=yes_no("Released from isolation", "已解除隔离"),
    temperature_c=TEMPERATURE,
    certificate_given=yes_no("Certificate given", "已发放证明"),
    sensor_returned=yes_no("Door sensor collected", "已收回门磁"),
)
