"""How much a text looks like the names of people: are its letters those that one language uses?

Of the encodings with one byte to a letter nearly all fit nearly every file; only the letters tell which one is right.
Pure.
"""

import re

#: Letters beyond ASCII, language by language, in lower case. The last lines are lists of people from everywhere.
ALPHABETS: tuple[str, ...] = (
    "áéíóúüñ",  # Spanish
    "áâãàçéêíóôõúü",  # Portuguese
    "àâæçéèêëîïôœùûüÿ",  # French
    "äöüß",  # German
    "àèéìíòóùú",  # Italian
    "åäöé",  # Swedish, Finnish
    "æøåéòôó",  # Danish, Norwegian
    "áðéíóúýþæö",  # Icelandic
    "áðíóúýæø",  # Faroese
    "áéíóú",  # Irish
    "ëéïöüè",  # Dutch
    "ąćęłńóśźż",  # Polish
    "áčďéěíňóřšťúůýž",  # Czech
    "áäčďéíĺľňóôŕšťúýž",  # Slovak
    "áéíóöőúüű",  # Hungarian
    "čćđšž",  # Croatian, Bosnian, Slovenian
    "ăâîșțşţ",  # Romanian
    "çë",  # Albanian
    "āčēģīķļņšūž",  # Latvian
    "ąčęėįšųūž",  # Lithuanian
    "õäöüšž",  # Estonian
    "çğıöşüâîİ",  # Turkish
    "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ",  # Vietnamese
    "абвгдежзийклмнопрстуфхцчшщъыьэюяё",  # Russian, Bulgarian
    "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",  # Ukrainian
    "абвгдђежзијклљмнњопрстћуфхцчџшѓѕќ",  # Serbian, Macedonian
    "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",  # Greek
    "אבגדהוזחטיךכלםמןנסעףפץצקרשת",  # Hebrew
    "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويىپچژگ",  # Arabic, Persian
    "".join(map(chr, range(0x0E01, 0x0E5C))),  # Thai
    "áéíóúñüöäçãèêëàâôß",  # Western Europe, mixed
    "áéíóúöüąćęłńśźżčěřšůýž",  # Central Europe, mixed
)
#: The characters of most names. They are a part of what occurs, hence the weight that they count with.
FREQUENT: tuple[str, ...] = (
    # Chinese, simplified
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲芬燕子欣宇浩梓涵雨佳怡一诺俊豪思嘉建国志海东晓云天春梅兰凤洁云莲真环雪荣爱妹香月莺媛瑞凡的",
    # Chinese, traditional
    "王李張劉陳楊趙黃周吳徐孫胡朱高林何郭馬羅梁宋鄭謝韓唐馮于董蕭程曹袁鄧許傅沈曾彭呂蘇盧蔣蔡賴邱葉洪曾廖莊江簡鍾游詹余施顏潘戴魏方石姚譚鄒熊金陸"
    "怡君雅婷志明俊傑宏文建美玲淑芬惠雯佳豪家豪承恩冠宇品妍詠晴宥廷子涵心語芯瑜羽彤思妤睿翔柏翰柔英華國麗秀珍雲小月春梅蘭",
    # Japanese
    "田中山本佐藤木村井川島鈴高橋渡辺伊加小林斎松吉石前後池野原上下長谷部岡橋森清水阿西坂口内竹金福太三浦菊千葉大"
    "子美香恵智真由紀奈優陽翔太郎一二介健翼翔蓮結愛莉菜咲葵凛悠斗樹拓也直裕和明幸浩久代樹人陸湊海"
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをんがぎぐげごだでどばびぶべぼ"
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンガギグゲゴダデドバビブベボー",
    # Korean
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구나민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모"
    "준수영민서예은윤아하시우도지호연재현건희혜경숙미순자철상동승태규훈빈찬솔율린다라유주채원소성진정선화란",
)
_FREQUENT_WEIGHT = 2.0
#: Marks that stand in a text of any language, but not between two letters.
_MARKS = frozenset("€£–—“”„«»‘…•·°§©®™¿¡¹²³½¼ªº\xa0、。・（）　，：")
_BEYOND = re.compile(r"[^\x00-\x7f]")
#: Latin letters, and the accents that Vietnamese writes after them.
_LATIN = re.compile("[\x80-\u036f\u1e00-\u1eff]")


def likeness(text: str) -> float:
    """From 0 to 1: the share of the letters beyond ASCII that the language that fits best has."""
    seen: dict[str, int] = {}
    for found in _BEYOND.finditer(text):
        letter = found.group()
        at = found.start()
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if letter == "’" or (letter in _MARKS and not (before.isalpha() and after.isalpha())):
            continue
        # Within a word no capital follows a small letter, and no letter of another script a Latin one.
        odd = letter.isupper() and before.isalpha() and (before.islower() or after.islower())
        odd = odd or (not _LATIN.match(letter) and (_is_ascii_letter(before) or _is_ascii_letter(after)))
        key = "" if odd else letter if letter == "İ" else letter.lower()
        seen[key] = seen.get(key, 0) + 1
    total = sum(seen.values())
    if not total:
        return 1.0
    shares = [sum(seen.get(letter, 0) for letter in set(alphabet)) / total for alphabet in ALPHABETS]
    common = [sum(seen.get(letter, 0) for letter in set(letters)) / total for letters in FREQUENT]
    return max(*shares, *(min(1.0, _FREQUENT_WEIGHT * share) for share in common))


def _is_ascii_letter(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()
